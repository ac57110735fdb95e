/** The station's labels: the queue over the records, its printer, and what the screens see and ask of them. */
import type { LabelSettings, LabelsView, LabelState, LabelView, RequestResult } from '../../../contract/index.ts'
import { renderPng } from '../../labels/png.ts'
import { createLabelQueue, type LabelQueue, type QueueChange } from '../../labels/queue.ts'
import type { SystemPrinters } from '../../labels/system-printer.ts'
import { formatManualCode } from '../../matter/onboarding-payload.ts'
import type { LabelRow } from '../../records/label-records.ts'
import type { DataFolder } from '../data-folder.ts'
import { drawLabelOf } from './label-drawing.ts'
import { keepLabelSettings, readLabelSettings } from './label-settings.ts'
import { scanBack, scanBackView } from './scan-back.ts'
import { recordsLabelStore } from './label-store.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { openStationPrinter, type PrinterSpec } from './station-printer.ts'

export interface LabelDeskOptions {
  readonly data: DataFolder
  readonly printer: PrinterSpec
  readonly systemPrinters: SystemPrinters | undefined
  /** The order that is open. */
  readonly orderId: () => string | undefined
  readonly onChange: () => void
}

export interface LabelDesk {
  view(): LabelsView
  stateOf(labelId: string): LabelState | undefined
  /** Does a pass get a label here? */
  prints(): boolean
  /** A new label waits. */
  wake(): void
  pause(): void
  resume(): void
  /** @returns id of the new label */
  reprint(labelId: string, reason: string, who: string): Promise<string>
  /** A person's answer to: did it come out? */
  resolve(labelId: string, cameOut: boolean, who: string): Promise<void>
  /** @param slot where it was scanned, where that was said */
  confirm(scanned: string, slot: number | null, who: string): Promise<RequestResult<'label.confirm'>>
  /** A waiting label prints next, or one earlier. */
  raise(labelId: string, to: 'first' | 'up', who: string): Promise<void>
  settings(): LabelSettings
  useSettings(settings: LabelSettings): Promise<void>
  /** Does a label wait until its panel is done? */
  holdsPanel(): boolean
  /** No board is being made: labels that were held for their panel print now, in the order of its slots. */
  panelDone(): void
  /** Records of labels were changed past the queue. */
  changed(): void
  preview(labelId: string): Promise<RequestResult<'label.preview'>>
  usePrinter(spec: PrinterSpec): Promise<void>
  /** Resolves when no label waits or is on its way any more, or none can go on without a person. */
  done(): Promise<void>
  close(): Promise<void>
}

const NO_COUNTS: Readonly<Record<LabelState, number>> = {
  waiting: 0,
  sent: 0,
  'in-doubt': 0,
  printed: 0,
  confirmed: 0,
  failed: 0,
  superseded: 0,
}

export const NO_LABELS: LabelsView = {
  scanBack: { mode: 'off', left: 0, next: null, hold: null },
  printer: null,
  currentId: null,
  counts: { ...NO_COUNTS },
  queue: [],
}

/** The screens get this many at most. */
const SHOWN = 100
const NEEDS_SOMETHING: readonly LabelState[] = ['waiting', 'sent', 'in-doubt', 'failed']
const AT_THE_PRINTER: ReadonlySet<LabelState> = new Set(['sent', 'printed', 'confirmed', 'in-doubt'])
/** Is something still to come of it, without a person? A printer that cannot tell leaves its labels as sent. */
const isOpen = (label: LabelView): boolean => label.state === 'sent' && label.fault !== 'not-confirmed'

export const labelView = (row: LabelRow): LabelView => ({
  id: row.id,
  slot: row.slot,
  serial: row.serial,
  mac: row.mac,
  cartonId: row.cartonId,
  held: row.held === 1,
  rank: row.rank,
  state: row.state,
  fault: row.fault,
  supersedes: row.supersedes,
  reprintReason: row.reason,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

export const openLabelDesk = async (options: LabelDeskOptions): Promise<LabelDesk> => {
  const { records, vault } = options.data
  let view = NO_LABELS
  const states = new Map<string, LabelState>()
  let queue: LabelQueue | undefined
  let spec = options.printer
  let settings = await readLabelSettings(records)
  /** Since the last panel was done, units have passed. */
  let mayHold = true
  let waiters: (() => void)[] = []

  const isDone = (): boolean => !queue || (view.counts.waiting === 0 && view.queue.every((label) => !isOpen(label)))

  const read = async (): Promise<void> => {
    const needing = await records.ask('labelsInState', { states: NEEDS_SOMETHING, limit: SHOWN })
    const latest = await records.ask('latestLabels', { limit: SHOWN })
    const rows = [...new Map([...latest, ...needing].map((row) => [row.id, row])).values()].toSorted(
      (a, b) => a.seq - b.seq,
    )
    for (const row of rows) states.set(row.id, row.state)
    // What needs something is always shown; of the others the latest.
    const spare = Math.max(0, SHOWN - needing.length)
    const done = rows.filter((row) => !NEEDS_SOMETHING.includes(row.state)).slice(-spare || rows.length)
    const shown = new Set([...needing, ...done].slice(0, SHOWN).map((row) => row.id))
    view = {
      scanBack: await scanBackView(records, settings.scanBack, options.orderId()),
      printer: queue ? { ...queue.printerView(), simulated: spec.kind === 'simulated' } : null,
      currentId: latest.find((row) => AT_THE_PRINTER.has(row.state))?.id ?? null,
      counts: { ...NO_COUNTS, ...(await records.ask('countLabels')) },
      queue: rows.filter((row) => shown.has(row.id)).map(labelView),
    }
    options.onChange()
    if (!isDone()) return
    for (const resolve of waiters) resolve()
    waiters = []
  }

  /** One reading at a time, and one more when something changed during it. */
  let reading: Promise<void> | undefined
  let again = false
  const refresh = (): Promise<void> => {
    if (reading) {
      again = true
      return reading
    }
    reading = (async () => {
      do {
        again = false
        await read()
      } while (again)
    })().finally(() => {
      reading = undefined
    })
    return reading
  }
  const said = (error: unknown): void => {
    process.stderr.write(`labels: ${error instanceof Error ? error.message : String(error)}\n`)
  }
  const changed = (): void => void refresh().catch(said)

  const onChange = (change: QueueChange): void => {
    if (change.type === 'trouble')
      process.stderr.write(
        `labels: ${change.error instanceof Error ? change.error.message : String(change.error)}; the queue tries again\n`,
      )
    if (change.type === 'label') states.set(change.id, change.state)
    changed()
  }

  const usePrinter = async (next: PrinterSpec): Promise<void> => {
    spec = next
    await queue?.stop()
    queue = undefined
    if (spec.kind !== 'none') {
      const printer = await openStationPrinter(spec, options.data.folder, options.systemPrinters)
      queue = createLabelQueue({
        store: recordsLabelStore(records),
        printer,
        render: async ({ id }) => (await drawLabelOf(records, vault, id)).layout,
        onChange,
        inFlightAtMost: settings.inFlight,
        stock: { across: settings.across, pitch: settings.pitch },
      })
      queue.start()
    }
    await refresh()
  }

  const withQueue = (): LabelQueue => {
    if (!queue) throw new RequestRefusal('not-now', 'no-printer')
    return queue
  }

  const releaseHeld = async (): Promise<void> => {
    mayHold = false
    const { released } = await records.ask('releasePanel').catch((error: unknown) => {
      mayHold = true
      throw error
    })
    if (released === 0) return
    queue?.wake()
    changed()
  }

  // A panel that was being made when the program ended is not being made any more.
  await releaseHeld()
  await usePrinter(options.printer)
  return {
    view: () => view,
    stateOf: (labelId) => states.get(labelId),
    prints: () => queue !== undefined,
    wake() {
      mayHold = true
      queue?.wake()
      changed()
    },
    pause: () => withQueue().pause(),
    resume: () => withQueue().resume(),
    async reprint(labelId, reason, who) {
      const newId = await withQueue().reprint(labelId, reason, who)
      if (newId === null) throw new RequestRefusal('not-now', 'label-replaced')
      return newId
    },
    async resolve(labelId, cameOut, who) {
      if (!(await withQueue().answer(labelId, cameOut, who))) throw new RequestRefusal('not-now', 'label-not-in-doubt')
    },
    async confirm(scanned, slot, who) {
      const result = await scanBack(options.data, settings.scanBack, options.orderId(), scanned, slot, who)
      changed()
      return result
    },
    async raise(labelId, to, who) {
      if (!(await withQueue().raise(labelId, to, who))) throw new RequestRefusal('not-now', 'label-not-waiting')
      changed()
    },
    settings: () => settings,
    async useSettings(next) {
      await keepLabelSettings(records, next)
      const isNewStock = next.across !== settings.across || next.pitch !== settings.pitch
      const isNewPace = next.inFlight !== settings.inFlight
      settings = next
      if (isNewStock || isNewPace) await usePrinter(spec)
      if (next.order === 'slot') await releaseHeld()
      await refresh()
    },
    holdsPanel: () => settings.order === 'panel',
    panelDone() {
      if (mayHold) releaseHeld().catch(said)
    },
    changed,
    async preview(labelId) {
      const { data: shown, layout } = await drawLabelOf(records, vault, labelId)
      return {
        image: `data:image/png;base64,${Buffer.from(renderPng(layout)).toString('base64')}`,
        widthMm: layout.width / layout.dotsPerMm,
        heightMm: layout.height / layout.dotsPerMm,
        qr: shown.qr,
        manualCode: formatManualCode(shown.manualCode).join(' '),
      }
    },
    usePrinter,
    async done() {
      await refresh()
      if (isDone()) return
      await new Promise<void>((resolve) => {
        waiters.push(resolve)
      })
    },
    async close() {
      await queue?.stop()
      await reading?.catch(() => undefined)
    },
  }
}
