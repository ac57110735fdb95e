/** The station that is open in this process: the demo or the production one, and the change from one to the other. */
import type { StationView, View, ViewPatch } from '../../contract/index.ts'
import type { SystemPrinters } from '../labels/system-printer.ts'
import type { Station } from '../station.ts'
import { rememberOrder } from './orders/current-order.ts'
import { usualDataFolder } from './data-folder.ts'
import { demoWorkplace, openDemo, startNextDemoOrder, type Rehearsal } from './demo-station.ts'
import { keptOrder, prepareKept } from './orders/orders.ts'
import { keepingOf } from './orders/products.ts'
import { openProductionStation, productionWorkplace, setUpStation } from './production-station.ts'
import { RequestRefusal } from './request-refusal.ts'
import { answerRequest, type RequestOutcome, type StationChanges } from './requests/requests.ts'
import type { Workplace } from './workplace.ts'
import type { Pace } from '../simulator/pace.ts'
import type { DemoReleaseOptions } from '../firmware/demo-release.ts'

export interface StationsOptions {
  readonly host: StationView['host']
  readonly mode: StationView['mode']
  /** Data folder of the mode that is opened first; the platform's usual one without. */
  readonly folder?: string | undefined
  readonly where: string
  /** Of the demo's bench. */
  readonly pace: Pace
  readonly demoRelease?: DemoReleaseOptions
  readonly rehearsal?: Rehearsal
  readonly systemPrinters?: SystemPrinters
}

export interface Stations {
  view(): View
  onPatch(listener: (patch: ViewPatch) => void): () => void
  call(name: string, params: unknown): Promise<RequestOutcome>
  reachableAt(where: string): void
  close(): Promise<void>
}

const workplaceOf = (station: Station, options: Pick<StationsOptions, 'pace' | 'rehearsal'>): Promise<Workplace> =>
  station.view().station.mode === 'demo' ? Promise.resolve(demoWorkplace(options)) : productionWorkplace(station)

/** @throws FolderLockedError, RecordsError, VaultError, OrderRefusal */
export const openStations = async (options: StationsOptions): Promise<Stations> => {
  const listeners = new Set<(patch: ViewPatch) => void>()
  let where = options.where
  const folderOf = (mode: StationView['mode']): string =>
    mode === options.mode && options.folder !== undefined ? options.folder : usualDataFolder(mode)
  const openMode = async (mode: StationView['mode']): Promise<Station> => {
    const opened =
      mode === 'demo' ? await openDemo(options, folderOf(mode)) : await openProductionStation(options, folderOf(mode))
    opened.onPatch((patch) => {
      for (const listener of listeners) listener(patch)
    })
    opened.reachableAt(where)
    return opened
  }
  let station = await openMode(options.mode)
  let changing: Promise<void> | undefined

  /** One change at a time; what is asked during one waits for it. */
  const change = (work: () => Promise<void>): Promise<void> => {
    const done = (changing ?? Promise.resolve()).then(work)
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (changing === settled) changing = undefined
      })
    changing = settled
    return done
  }
  const tellAll = (): void => {
    const view = station.view()
    for (const listener of listeners) listener(view)
  }

  const who = (): string => station.session.person()?.name ?? ''
  const audit = (action: string, subject: string): Promise<void> =>
    station.data.records.ask('audit', { at: Date.now(), who: who(), action, subject, detail: '' })

  const changes: StationChanges = {
    runDemoAgain: () =>
      change(async () => {
        if (station.view().station.mode !== 'demo') throw new RequestRefusal('not-now', 'demo-only')
        const order = station.order()
        if (order && order.line.state().state !== 'finished' && order.line.state().state !== 'stopped')
          throw new RequestRefusal('not-now', 'demo-running')
        await startNextDemoOrder(options, station)
        tellAll()
      }),
    openMode: (mode) =>
      change(async () => {
        const before = station
        if (before.view().station.mode === mode) return
        const opened = await openMode(mode)
        station = opened
        tellAll()
        await before.close()
      }),
    setUp: (input) =>
      change(async () => {
        if (station.view().station.mode !== 'production') throw new RequestRefusal('not-now', 'demo-not-set-up')
        await setUpStation(station, input, who())
        tellAll()
      }),
    workplace: () => workplaceOf(station, options),
    openOrder: (id) =>
      change(async () => {
        const open = station.order()
        if (open?.line.state().state === 'running')
          throw new RequestRefusal('not-now', 'order-running', { number: open.number })
        const place = await workplaceOf(station, options)
        const order = await keptOrder(station.data.records, id)
        // An order that does nothing but label needs something to print with.
        if (order.manifest_id !== null && !station.labels.prints()) throw new RequestRefusal('not-now', 'no-printer')
        await station.openOrder({ prepared: await prepareKept(keepingOf(station), order, place), bay: place.bay })
        await rememberOrder(station.data.records, id)
        await audit('order opened', order.number)
        tellAll()
      }),
    closeOrder: (id) =>
      change(async () => {
        const { records } = station.data
        const order = await keptOrder(records, id)
        const open = station.order()
        if (open?.id === id) {
          if (open.line.state().state === 'running')
            throw new RequestRefusal('not-now', 'order-running', { number: order.number })
          await station.closeOrder()
          await rememberOrder(records, null)
        }
        const { closed } = await records.ask('closeOrder', { id, who: who(), at: Date.now() })
        if (!closed) throw new RequestRefusal('not-now', 'order-closed', { number: order.number })
        tellAll()
      }),
  }

  return {
    view: () => station.view(),
    onPatch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async call(name, params) {
      await changing
      return answerRequest(station, changes, name, params)
    },
    reachableAt(next) {
      where = next
      station.reachableAt(next)
    },
    async close() {
      await changing
      listeners.clear()
      await station.close()
    },
  }
}
