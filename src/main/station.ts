/** The composition root: a data folder and an order in, a running station out. Every host drives this. */
import { join } from 'node:path'
import { LineSettings, type View, type ViewPatch } from '../contract/index.ts'
import { nativeBinding } from './flashing/ports/native-ports.ts'
import { quickDeflate } from './flashing/images/prepare.ts'
import { strongDeflate } from './flashing/images/strong-deflate.ts'
import type { DeviceFacts } from './inspection/check-unit.ts'
import type { SystemPrinters } from './labels/system-printer.ts'
import { openTemplateLibrary, type TemplateLibrary } from './labels/template-library.ts'
import type { BoardsInPlace } from './line/slot.ts'
import { openDataFolder, type DataFolder } from './station/data-folder.ts'
import type { FlashBaySpec } from './station/bay/flash-bay.ts'
import { NO_LABELS, openLabelDesk, type LabelDesk } from './station/labels/label-desk.ts'
import { checkFixture, checkScanner, keepLineSettings, readLineSettings } from './station/set-up/line-settings.ts'
import { openSerialScanner } from './station/bay/serial-scanner.ts'
import { nextStep } from './station/next-step.ts'
import type { OpenOrder } from './station/orders/open-order.ts'
import type { PreparedOrder } from './station/orders/prepare-order.ts'
import { openProduction, type Production } from './station/bay/production.ts'
import { createPrinterFinder, type PrinterFinder } from './station/labels/printer-finder.ts'
import type { PrinterSpec } from './station/labels/station-printer.ts'
import { openSession, type Session } from './station/session.ts'
import { createViewFeed } from './station/view-feed.ts'
import { VERSION } from './version.ts'

/** What of the station does not change while it is open. */
export type StationFacts = Pick<View['station'], 'name' | 'line' | 'mode' | 'simulated' | 'host' | 'needsSetUp'>

export interface StationOptions {
  readonly folder: string
  readonly facts: StationFacts
  /** How this process can be reached, until a host says more. */
  readonly where: string
  readonly printer: PrinterSpec
  /** The printers of the operating system, in a host that can print to them. */
  readonly systemPrinters?: SystemPrinters | undefined
}

/** An order and the slots to make it on. */
export interface Job {
  readonly prepared: PreparedOrder
  readonly bay: FlashBaySpec
}

export interface Station {
  readonly data: DataFolder
  readonly labels: LabelDesk
  readonly templates: TemplateLibrary
  readonly systemPrinters: SystemPrinters | undefined
  /** Looks for printers on the network when a person asks for it, and never else. */
  readonly finder: PrinterFinder
  readonly session: Session
  view(): View
  onPatch(listener: (patch: ViewPatch) => void): () => void
  order(): OpenOrder | undefined
  /** Reads the board in a slot that the line does not use now. @throws RunFailure, or Error when it does */
  inspect(slot: number): Promise<DeviceFacts>
  /** How the line works, as it is set now. */
  settings(): LineSettings
  /** From now on the line works like this. */
  changeSettings(settings: LineSettings): Promise<void>
  /** @throws RequestRefusal where the line cannot work like this */
  checkSettings(settings: LineSettings): void
  /** As `changeSettings`, of settings that are checked and kept. */
  useSettings(settings: LineSettings): Promise<void>
  /** The contacts of a slot's socket were cleaned by the person who is signed in. */
  cleaned(slot: number): Promise<void>
  /** Closes the order that is open and opens this one. @throws OrderRefusal */
  openOrder(job: Job): Promise<OpenOrder>
  /** Closes the order that is open, if there is one: the line has none then. */
  closeOrder(): Promise<void>
  /** The station as it was set up. */
  become(facts: Pick<StationFacts, 'name' | 'line' | 'needsSetUp'>): void
  reachableAt(where: string): void
  close(): Promise<void>
}

/** @throws FolderLockedError, RecordsError, VaultError, PrinterAddressError */
export const openStation = async (options: StationOptions): Promise<Station> => {
  let facts = options.facts
  const data = await openDataFolder(options.folder, options.where)
  let production: Production | undefined
  let labels: LabelDesk | undefined
  let session: Session | undefined
  let settings: LineSettings = LineSettings.parse({})
  const boards: BoardsInPlace = new Map()

  const read = (): View => {
    const order = production?.view() ?? null
    const slots = (production?.order.line.slots() ?? []).map((slot) => {
      const state = slot.label && labels?.stateOf(slot.label.id)
      return slot.label && state ? { ...slot, label: { ...slot.label, state } } : slot
    })
    const labelsView = labels?.view() ?? NO_LABELS
    const scannerState = scanner.state()
    const view = {
      station: {
        ...facts,
        version: VERSION,
        person: session?.person() ?? null,
        ...(settings.fixture === null ? {} : { fixture: settings.fixture }),
        ...(settings.shifts.length === 0 ? {} : { shifts: settings.shifts }),
        ...(settings.scanner && scannerState ? { scanner: { port: settings.scanner.port, state: scannerState } } : {}),
        ...(settings.kiosk ? { kiosk: true } : {}),
        start: { trigger: settings.start.trigger, together: settings.start.together },
        dataFolder: options.folder,
      },
      order,
      slots,
      sockets: production?.sockets() ?? [],
      labels: labelsView,
    }
    return { ...view, next: nextStep(order, slots, view.labels, settings.start.trigger, facts.needsSetUp) }
  }
  const feed = createViewFeed(read)
  const finder = createPrinterFinder()
  const scanner = openSerialScanner(
    nativeBinding,
    (text) => feed.tell({ scan: { text } }),
    () => feed.touch(),
  )

  try {
    const desk = await openLabelDesk({
      data,
      printer: options.printer,
      systemPrinters: options.systemPrinters,
      orderId: () => production?.order.id,
      onChange: () => feed.touch(),
    })
    labels = desk
    const signedIn = await openSession(data.records, facts.mode === 'demo', () => feed.touch())
    session = signedIn
    settings = await readLineSettings(data.records)
    await scanner.use(settings.scanner)
    const checkSettings = (next: LineSettings): void => {
      const slots = production?.order.line.slots() ?? []
      checkFixture(next, slots.length)
      checkScanner(
        next,
        slots.map(({ port }) => port),
      )
    }
    const useSettings = async (next: LineSettings): Promise<void> => {
      const scannerChanges = JSON.stringify(next.scanner) !== JSON.stringify(settings.scanner)
      settings = next
      if (scannerChanges) await scanner.use(next.scanner)
      production?.order.line.settingsChanged()
      feed.touch()
    }
    return {
      data,
      labels: desk,
      finder,
      systemPrinters: options.systemPrinters,
      templates: openTemplateLibrary(join(options.folder, 'label-templates')),
      session: signedIn,
      view: read,
      onPatch: (listener) => feed.onPatch(listener),
      order: () => production?.order,
      inspect(slot) {
        if (!production) return Promise.reject(new Error('there is no order'))
        return production.inspect(slot)
      },
      settings: () => settings,
      async cleaned(slot) {
        await production?.cleaned(slot, signedIn.person()?.name ?? '')
      },
      async changeSettings(next) {
        checkSettings(next)
        await keepLineSettings(data.records, next, signedIn.person()?.name ?? '')
        await useSettings(next)
      },
      checkSettings,
      useSettings,
      async openOrder({ prepared, bay }) {
        await production?.close()
        production = undefined
        production = await openProduction({
          data,
          prepared,
          bay,
          boards,
          deflate: bay.kind === 'real' ? strongDeflate(join(options.folder, 'compressed')) : quickDeflate,
          printsLabels: desk.prints(),
          settings: () => settings,
          holdsLabels: () => desk.holdsPanel(),
          onChange() {
            if (production?.order.line.running() === 0) desk.panelDone()
            feed.touch()
          },
          onPass: () => desk.wake(),
        })
        feed.touch()
        return production.order
      },
      async closeOrder() {
        await production?.close()
        production = undefined
        feed.touch()
      },
      become(change) {
        facts = { ...facts, ...change }
        feed.touch()
      },
      reachableAt: (where) => data.lock.tell(where),
      async close() {
        finder.stop()
        await scanner.close()
        await production?.close()
        await desk.close()
        feed.close()
        await data.close()
      },
    }
  } catch (error) {
    feed.close()
    await data.close()
    throw error
  }
}
