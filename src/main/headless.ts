/**
 * The unattended run: an order of demo units on a simulated bench, from nothing to records, labels and a table of units. Ended at any
 * moment and begun again with the same folder, it goes on.
 */
import { join } from 'node:path'
import type { BoardChecks, LabelState, OrderView, SlotView } from '../contract/index.ts'
import { makeFolder } from './make-folder.ts'
import { approveFirst, firstArticleRemarks, refuseUnapproved } from './station/orders/first-article.ts'
import { prepareLabelOrder } from './station/orders/prepare-label-order.ts'
import { prepareOrder, type PreparedOrder } from './station/orders/prepare-order.ts'
import type { DacOrigin } from './identities/attestation-source.ts'
import type { DataFolder } from './station/data-folder.ts'
import { importManifest } from './station/orders/manifests.ts'
import { demoDefinition, demoOrder, demoRelease } from './station/orders/demo-order.ts'
import { openStation } from './station.ts'
import { factorOfPace } from './simulator/pace.ts'
import { drawLabelOf } from './station/labels/label-drawing.ts'
import { hasLabelFiles, writeLabelFiles } from './station/labels/label-files.ts'
import { writeUnitsCsv } from './station/orders/units-csv.ts'
import type { SimulationOptions } from './station/bay/simulated-bench.ts'
import type { DemoReleaseOptions } from './firmware/demo-release.ts'

export interface HeadlessOptions {
  readonly units: number
  readonly out: string
  readonly simulation: Omit<SimulationOptions, 'keepsFailed' | 'startsClear'>
  /** Build folder; the demo's own without. */
  readonly release?: string | undefined
  readonly demoRelease?: DemoReleaseOptions
  /** Unprotected boards without. */
  readonly boards?: BoardChecks
  readonly paiCertificate?: string | undefined
  /** Who signs the DACs, or where those that were bought lie. */
  readonly dacs?: DacOrigin | undefined
  /** Of an encrypted key. */
  readonly paiPassword?: string | undefined
  /** A new order makes one unit first, and the rest in this person's name; an order that wants its first article approved needs it. */
  readonly approver?: string | undefined
  /** CSV of modules that came provisioned: they are only labelled, and nothing is written. */
  readonly manifest?: string | undefined
  readonly say: (line: string) => void
  /** Ends the run early, orderly. */
  readonly signal: AbortSignal
}

/** The last line of an unattended run. */
export interface HeadlessResult {
  readonly passed: number
  readonly failed: number
  readonly labels: number
  readonly seconds: number
  readonly unitsPerHour: number
}

const ORDER_NUMBER = 'UNATTENDED'
/** Resolution of the label files. */
const DPI = 300
const OUT: ReadonlySet<LabelState> = new Set(['sent', 'printed', 'confirmed'])

const slotLine = (view: SlotView): string => {
  const { state, step, progress, failure, elapsed } = view
  const unit = [view.serial, view.mac].filter(Boolean).join(' ')
  const seconds = `${((elapsed ?? 0) / 1000).toFixed(1)} s`
  if (state === 'working') return `${step ?? ''} ${Math.round((progress ?? 0) * 100)} % ${unit}`.trim()
  if (state === 'fail') return `failed in ${seconds}: ${failure?.code ?? ''}, ${failure?.detail ?? ''} ${unit}`.trim()
  if (state === 'pass') return `passed in ${seconds} ${unit}`
  return `${state} ${unit}`.trim()
}

/** Says each slot's state when it changes, and its progress by quarters: a log that can be read. */
const createNarrator = (say: (line: string) => void): ((slots: readonly SlotView[]) => void) => {
  const said = new Map<number, string>()
  return (slots) => {
    for (const view of slots) {
      const quarter = view.step === 'write' ? Math.floor((view.progress ?? 0) * 4) : 0
      const key = `${view.state} ${view.step ?? ''} ${quarter} ${view.runId ?? ''}`
      if (said.get(view.slot) === key || view.state === 'offline') continue
      said.set(view.slot, key)
      say(`slot ${view.slot}: ${slotLine(view)}`)
    }
  }
}

const prepareUnits = async (options: HeadlessOptions): Promise<PreparedOrder> =>
  prepareOrder({
    ...demoOrder(ORDER_NUMBER, options.units, options.release ?? (await demoRelease(options.out, options.demoRelease))),
    ...(options.boards === undefined ? {} : { boards: options.boards }),
    ...(options.paiCertificate === undefined ? {} : { paiCertificate: options.paiCertificate }),
    ...(options.dacs === undefined ? {} : { dacs: options.dacs }),
    password: options.paiPassword,
    ...(options.approver === undefined ? {} : { remarks: firstArticleRemarks(options.approver) }),
  })

const prepareModules = async (
  data: DataFolder,
  path: string,
  { units, approver }: HeadlessOptions,
): Promise<PreparedOrder> => {
  const manifest = await importManifest(data, path)
  const common = demoOrder(ORDER_NUMBER, units, '')
  const firstArticle = approver !== undefined
  const remarks = { ...firstArticleRemarks(approver ?? ''), manifestId: manifest.id, firstArticle }
  return prepareLabelOrder(data, { ...common, chips: demoDefinition().chips, manifest, remarks })
}

/**
 * @returns what was made; `complete` when as many passed as were wanted
 * @throws OrderRefusal, RequestRefusal, FolderLockedError for input that a person can correct
 */
export const runHeadless = async (
  options: HeadlessOptions,
): Promise<{ complete: boolean; stopReason: OrderView['stopReason']; result: HeadlessResult }> => {
  const { units, out, say, signal } = options
  const startedAt = performance.now()
  makeFolder(out)
  const station = await openStation({
    folder: out,
    facts: {
      name: 'Unattended',
      line: 'Simulated bench',
      mode: 'demo',
      simulated: true,
      host: 'terminal',
      needsSetUp: false,
    },
    where: 'unattended run',
    printer: { kind: 'simulated', factor: factorOfPace(options.simulation.pace) },
  })
  try {
    const { records, vault } = station.data
    const prepared =
      options.manifest === undefined
        ? await prepareUnits(options)
        : await prepareModules(station.data, options.manifest, options)
    const order = await station.openOrder({
      prepared,
      bay: { kind: 'simulated', simulation: { ...options.simulation, keepsFailed: false, startsClear: false } },
    })
    refuseUnapproved(order, options.approver, out)
    const narrate = createNarrator(say)
    let writing: Promise<unknown> = Promise.resolve()
    /** The table of units and the files of the labels that are out, as the records know them now. */
    const writeOut = (): Promise<void> => {
      const written = writing.then(async () => {
        writeUnitsCsv(join(out, 'units.csv'), await records.ask('orderUnits', { orderId: order.id }), order.plan, vault)
        for (const { id, serial, state } of await records.ask('currentLabels', { orderId: order.id }))
          if (OUT.has(state) && !hasLabelFiles(join(out, 'labels'), serial))
            await writeLabelFiles(join(out, 'labels'), serial, (await drawLabelOf(records, vault, id, DPI)).layout)
      })
      // What could not be written now is tried again with the next change, and at the end its error counts.
      writing = written.catch(() => undefined)
      return written
    }
    let approving: Promise<void> | undefined
    const approve = (): void => {
      const { approver } = options
      if (approver !== undefined) approving ??= approveFirst(records, order, approver, say)
    }
    let told = ''
    const stopListening = station.onPatch(({ slots, labels, order: view }) => {
      if (slots) narrate(slots)
      if (view?.firstArticle?.state === 'to-approve') approve()
      if (!labels && !view) return
      const now = JSON.stringify([view?.passed, view?.failed, labels?.counts])
      if (now === told) return
      told = now
      writeOut().catch((error: unknown) =>
        say(`not written: ${error instanceof Error ? error.message : String(error)}`),
      )
    })
    const before = order.line.progress().passed
    if (before > 0) say(`going on: ${before} of ${units} had passed before`)
    const stop = (): void => void order.line.stop('operator')
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    else await order.line.start()
    await order.line.ended()
    if (order.line.firstArticle()?.state === 'to-approve') approve()
    await approving
    await station.labels.done()
    stopListening()
    narrate(station.view().slots)
    await writeOut()
    const totals = await records.ask('orderTotals', { orderId: order.id })
    const seconds = (performance.now() - startedAt) / 1000
    const made = totals.passed - before
    return {
      complete: totals.passed >= units,
      stopReason: order.line.state().stopReason,
      result: {
        passed: totals.passed,
        failed: totals.failed,
        labels: totals.labels,
        seconds: Math.round(seconds * 10) / 10,
        unitsPerHour: seconds > 0 ? Math.round((made * 3600) / seconds) : 0,
      },
    }
  } finally {
    await station.close()
  }
}
