/** The station that is open in this process: the demo or the production one, and the change from one to the other. */
import type { StationView, View, ViewPatch } from '../../contract/index.ts'
import { openStation, type Station } from '../station.ts'
import { usualDataFolder } from './data-folder.ts'
import { demoOrder, demoRelease } from './demo-order.ts'
import type { FlashBaySpec } from './flash-bay.ts'
import { prepareOrder } from './prepare-order.ts'
import { RequestRefusal } from './request-refusal.ts'
import { answerRequest, type RequestOutcome, type StationChanges } from './requests.ts'
import { bayOfSetUp, keepSetUp, keptSetUp, orderOfSetUp, printerOfSetUp } from './set-up.ts'
import { factorOfPace, type Pace } from '../simulator/pace.ts'
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
}

export interface Stations {
  view(): View
  onPatch(listener: (patch: ViewPatch) => void): () => void
  call(name: string, params: unknown): Promise<RequestOutcome>
  reachableAt(where: string): void
  close(): Promise<void>
}

const DEMO_QUANTITY = 24
const DEMO_SLOTS = 8
/** The third board fails as often as it is tried by itself; tried once more by a person, it passes. */
const DEMO_FAULT = { name: 'digest-mismatch', unit: 3, times: 2 } as const
const DEMO_NUMBER = /^DEMO-(\d+)$/u
const demoNumber = (nth: number): string => `DEMO-${String(nth).padStart(3, '0')}`

const openDemo = async (options: StationsOptions, folder: string): Promise<Station> => {
  const station = await openStation({
    folder,
    where: options.where,
    facts: { name: 'Demo station', line: 'Demo line', mode: 'demo', simulated: true, host: options.host },
    printer: { kind: 'simulated', factor: factorOfPace(options.pace) },
  })
  try {
    const latest = await station.data.records.ask('latestOrder')
    const nth = Number(DEMO_NUMBER.exec(latest?.number ?? '')?.[1] ?? 0)
    const goesOn = nth > 0 && latest?.state !== 'finished' && latest?.state !== 'stopped'
    await startDemoOrder(options, station, goesOn ? nth : nth + 1, !goesOn)
    return station
  } catch (error) {
    await station.close()
    throw error
  }
}

/** @param isNew a new order begins with empty slots, and one of its boards fails; one that goes on is left as it was */
const startDemoOrder = async (
  options: StationsOptions,
  station: Station,
  nth: number,
  isNew: boolean,
): Promise<void> => {
  const { folder, records } = station.data
  // Boards are numbered through all demo orders.
  const { count } = await records.ask('countUnits')
  const simulation = {
    slots: DEMO_SLOTS,
    pace: options.pace,
    faults: isNew ? [{ ...DEMO_FAULT, unit: count + DEMO_FAULT.unit }] : [],
    keepsFailed: true,
    startsClear: isNew,
  }
  const bay: FlashBaySpec = { kind: 'simulated', simulation }
  const release = await demoRelease(folder, options.demoRelease)
  const order = await station.openOrder({
    prepared: await prepareOrder(demoOrder(demoNumber(nth), DEMO_QUANTITY, release)),
    bay,
  })
  await order.line.start()
}

const openProductionStation = async (options: StationsOptions, folder: string): Promise<Station> => {
  const station = await openStation({
    folder,
    where: options.where,
    facts: { name: 'Station', line: 'Line', mode: 'production', simulated: false, host: options.host },
    printer: { kind: 'none' },
  })
  try {
    const kept = await keptSetUp(station.data.records)
    if (kept) {
      station.rename({ name: kept.stationName, line: kept.lineName })
      await station.labels.usePrinter(printerOfSetUp(kept))
      // What was right when it was saved may be gone by now; then the set-up page says what.
      await orderOfSetUp(kept, station.templates)
        .then(prepareOrder)
        .then((prepared) => station.openOrder({ prepared, bay: bayOfSetUp(kept) }))
        .catch((error: unknown) => {
          process.stderr.write(`set-up: ${error instanceof Error ? error.message : String(error)}\n`)
        })
    }
    return station
  } catch (error) {
    await station.close()
    throw error
  }
}

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

  const changes: StationChanges = {
    runDemoAgain: () =>
      change(async () => {
        if (station.view().station.mode !== 'demo') throw new RequestRefusal('not-now', 'demo-only')
        const order = station.order()
        if (order && order.line.state().state !== 'finished' && order.line.state().state !== 'stopped')
          throw new RequestRefusal('not-now', 'demo-running')
        const nth = Number(DEMO_NUMBER.exec(order?.number ?? '')?.[1] ?? 0)
        await startDemoOrder(options, station, nth + 1, true)
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
        const prepared = await prepareOrder(await orderOfSetUp(input, station.templates))
        await keepSetUp(station.data.records, input)
        station.rename({ name: input.stationName, line: input.lineName })
        await station.labels.usePrinter(printerOfSetUp(input))
        await station.openOrder({ prepared, bay: bayOfSetUp(input) })
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
