/**
 * The unattended run: an order of demo units on a simulated bench, from nothing to records, labels and a table of units. Ended at any
 * moment and begun again with the same folder, it goes on.
 */
import { join } from 'node:path'
import type { OrderView, SlotView } from '../contract/index.ts'
import { prepareOrder } from './station/prepare-order.ts'
import { demoOrder, demoRelease } from './station/demo-order.ts'
import { openStation } from './station.ts'
import { writeUnitsCsv } from './station/units-csv.ts'
import type { SimulationOptions } from './station/simulated-bench.ts'
import type { DemoReleaseOptions } from './firmware/demo-release.ts'

export interface HeadlessOptions {
  readonly units: number
  readonly out: string
  readonly simulation: Omit<SimulationOptions, 'keepsFailed'>
  /** Build folder; the demo's own without. */
  readonly release?: string | undefined
  readonly demoRelease?: DemoReleaseOptions
  readonly paiCertificate?: string | undefined
  readonly paiKey?: string | undefined
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

/**
 * @returns what was made; `complete` when as many passed as were wanted
 * @throws OrderRefusal, FolderLockedError for input that a person can correct
 */
export const runHeadless = async (
  options: HeadlessOptions,
): Promise<{ complete: boolean; stopReason: OrderView['stopReason']; result: HeadlessResult }> => {
  const { units, out, say, signal } = options
  const startedAt = performance.now()
  const station = await openStation({
    folder: out,
    mode: 'demo',
    host: 'terminal',
    where: 'unattended run',
    simulation: { ...options.simulation, keepsFailed: false },
    order: async (folder) => {
      const release = options.release ?? (await demoRelease(folder, options.demoRelease))
      const order = demoOrder(ORDER_NUMBER, units, release)
      return prepareOrder({
        ...order,
        ...(options.paiCertificate === undefined ? {} : { paiCertificate: options.paiCertificate }),
        ...(options.paiKey === undefined ? {} : { paiKey: options.paiKey }),
      })
    },
  })
  try {
    const order = station.order()
    if (!order) throw new Error('the unattended run has no order')
    const narrate = createNarrator(say)
    const csv = join(out, 'units.csv')
    let writing = Promise.resolve()
    const writeCsv = (): Promise<void> =>
      (writing = writing.then(async () => {
        writeUnitsCsv(csv, await station.records.ask('orderUnits', { orderId: order.id }), order.plan, station.vault)
      }))
    let passedBefore = -1
    const stopListening = station.onPatch((patch) => {
      if (patch.slots) narrate(patch.slots)
      if (patch.order && patch.order.passed + patch.order.failed !== passedBefore) {
        passedBefore = patch.order.passed + patch.order.failed
        void writeCsv()
      }
    })
    const before = order.line.progress().passed
    if (before > 0) say(`going on: ${before} of ${units} had passed before`)
    const stop = (): void => void order.line.stop('operator')
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    else await order.line.start()
    await order.line.ended()
    await station.labelsDone()
    stopListening()
    narrate(station.view().slots)
    await writeCsv()
    const totals = await station.records.ask('orderTotals', { orderId: order.id })
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
