/**
 * The label queue: takes waiting labels from the records one by one, hands them to the printer, and writes down what became of each.
 * A label is recorded as sent before its first byte goes out, so that a crash can leave a doubt but never a silent loss or double.
 * Where nothing proves whether a label came out, a person is asked.
 */
import type { LabelState, PrinterView } from '../../contract/index.ts'
import { createInFlight, type Fate, type InFlight, type Piece } from './in-flight.ts'
import { composeRow, type Stock } from './label-row.ts'
import { LabelError } from './label-error.ts'
import type { LabelStore, QueuedLabel } from './label-store.ts'
import type { Layout } from './layout.ts'
import { PrinterError, type Printer, type PrinterSight } from './printer.ts'
import { realClock, type QueueClock } from './queue-clock.ts'
import { recoverLabels, proofOf } from './recovery.ts'
import { createRowFiller } from './row-filler.ts'

/** Why a label is in doubt, failed, or sent for good, besides the printer's own states. */
export type LabelFault = PrinterView['state'] | 'no-evidence' | 'restarted' | 'not-confirmed' | 'layout'

export type QueueChange =
  | { readonly type: 'label'; readonly id: string; readonly state: LabelState; readonly fault: LabelFault | null }
  | { readonly type: 'printer'; readonly printer: QueuePrinter }
  /** The records or the printer's driver failed in a way that is a fault of ours; the queue tries again. */
  | { readonly type: 'trouble'; readonly error: unknown }

export interface LabelQueueOptions {
  readonly store: LabelStore
  readonly printer: Printer
  /** The label's layout. @throws LabelError: the label fails, the queue goes on */
  render(label: QueuedLabel): Promise<Layout>
  onChange(change: QueueChange): void
  readonly clock?: QueueClock
  /** Labels (or rows) with the printer at a time, so many are in doubt after a fault at most; 1 where it has no counter. */
  readonly inFlightAtMost?: number
  /** Labels side by side; one in a row without. */
  readonly stock?: Stock
  readonly timing?: Partial<QueueTiming>
}

export interface QueueTiming {
  /** From look to look while labels are with the printer: at first, when something has just changed, and then at most, ms. */
  readonly quick: number
  readonly busy: number
  /** From look to look while the printer needs a person, and while nothing is to do, ms. */
  readonly faulty: number
  readonly idle: number
  /** How long a ready printer may show nothing of a label that was sent, ms. */
  readonly patience: number
  /** How long a row waits for labels that fill it, ms. */
  readonly fill: number
}

/** What a queue knows of its printer. */
export type QueuePrinter = Omit<PrinterView, 'simulated'>

export interface LabelQueue {
  /** Settles what an earlier process left behind, then prints. */
  start(): void
  /** Ends when nothing is being handed over any more. What is with the printer stays recorded as sent. */
  stop(): Promise<void>
  pause(): void
  resume(): void
  /** A label waits: look now. */
  wake(): void
  /** The person's answer to: did this label come out? @returns false when it is not in doubt */
  answer(id: string, cameOut: boolean, who: string): Promise<boolean>
  /** @returns the new label's id, or null when the label is superseded already */
  reprint(id: string, reason: string, who: string): Promise<string | null>
  /** Prints a waiting label next, or one earlier. @returns false when it does not wait */
  raise(id: string, to: 'first' | 'up', who: string): Promise<boolean>
  printerView(): QueuePrinter
}

const IN_FLIGHT_AT_MOST = 2
const TIMING: QueueTiming = { quick: 5, busy: 40, faulty: 250, idle: 2000, patience: 5000, fill: 10_000 }

const ONE_IN_A_ROW: Stock = { across: 1, pitch: 0 }

const takesLabels = (sight: PrinterSight): boolean => sight.state === 'ready' || sight.state === 'printing'

export const createLabelQueue = (options: LabelQueueOptions): LabelQueue => {
  const { store, printer, onChange } = options
  const clock = options.clock ?? realClock
  const timing = { ...TIMING, ...options.timing }
  const inFlight: InFlight = createInFlight(timing.patience)
  // Where sending twice leaves one, as in a folder, every label is a piece of its own.
  const stock = printer.repeatable ? ONE_IN_A_ROW : (options.stock ?? ONE_IN_A_ROW)
  const rows = createRowFiller(store, stock.across, timing.fill, clock)
  let view: QueuePrinter = { name: printer.name, state: 'ready', queuePaused: false, confirms: printer.confirms }
  let running: Promise<void> | undefined
  let stopping = false
  let pause = timing.quick
  let awake = new AbortController()

  const show = (change: Partial<QueuePrinter>): void => {
    const next = { ...view, ...change }
    if (next.state === view.state && next.queuePaused === view.queuePaused) return
    view = next
    onChange({ type: 'printer', printer: view })
  }

  const move = async (
    id: string,
    from: readonly LabelState[],
    to: LabelState,
    fault: LabelFault | null,
    proof: string | null = null,
  ): Promise<boolean> => {
    const moved = await store.move({ id, from, to, fault, proof })
    if (moved) onChange({ type: 'label', id, state: to, fault })
    return moved
  }

  const afterFate = (id: string, fate: Fate): Promise<boolean> => {
    switch (fate) {
      case 'printed':
        return move(id, ['sent'], 'printed', null)
      case 'not-printed':
        return move(id, ['sent'], 'waiting', null)
      case 'unknown':
        return move(id, ['sent'], 'in-doubt', 'no-evidence')
    }
  }

  const settle = async (sight: PrinterSight): Promise<void> => {
    const fates = inFlight.observe(sight, clock.now())
    if (fates.length > 0) pause = timing.quick
    // Together, so that they can be one commit.
    await Promise.all(fates.flatMap(({ ids, fate }) => ids.map((id) => afterFate(id, fate))))
  }

  const layOut = async (label: QueuedLabel): Promise<Layout | undefined> => {
    try {
      return await options.render(label)
    } catch (error) {
      if (!(error instanceof LabelError)) throw error
      await move(label.id, ['waiting'], 'failed', 'layout')
      return undefined
    }
  }

  /** Records a row as sent. @returns those of its labels that were still waiting, laid out */
  const takeRow = async (
    labels: readonly QueuedLabel[],
    target: number | null,
  ): Promise<{ label: QueuedLabel; layout: Layout }[]> => {
    const row: { label: QueuedLabel; layout: Layout }[] = []
    for (const label of labels) {
      const layout = await layOut(label)
      if (layout && (await move(label.id, ['waiting'], 'sent', null, proofOf(printer, target))))
        row.push({ label, layout })
    }
    return row
  }

  /** Hands one row over. @returns false when the printer did not take it */
  const send = async (labels: readonly QueuedLabel[], sight: PrinterSight): Promise<boolean> => {
    const target = inFlight.nextTarget(sight)
    const row = await takeRow(labels, target)
    if (row.length === 0) return true
    const piece: Piece = { ids: row.map(({ label }) => label.id), target }
    const moveAll = async (to: LabelState, fault: LabelFault | null): Promise<void> => {
      for (const id of piece.ids) await move(id, ['sent'], to, fault)
    }
    if (printer.confirms) inFlight.add(piece, sight.session, clock.now())
    try {
      const name = row.map(({ label }) => label.serial).join(', ')
      const layouts = row.map(({ layout }) => layout)
      const layout = stock.across > 1 ? composeRow(layouts, stock) : layouts[0]
      if (layout) await printer.send({ name, layout }, sight.session)
    } catch (error) {
      if (error instanceof LabelError) {
        inFlight.remove(piece)
        await moveAll('failed', 'layout')
        return true
      }
      if (!(error instanceof PrinterError)) throw error
      if (error.arrived === 'nothing' || printer.repeatable) {
        inFlight.remove(piece)
        await moveAll('waiting', null)
      } else if (!printer.confirms) await moveAll('in-doubt', 'error')
      show({ state: 'error' })
      return false
    }
    if (!printer.confirms) await moveAll('sent', 'not-confirmed')
    return true
  }

  const mayHaveAnother = (sight: PrinterSight): boolean => {
    if (stopping || view.queuePaused || !takesLabels(sight) || sight.full) return false
    const count = inFlight.pieces.length
    // Without a counter only one piece at a time can be told from another.
    if (inFlight.nextTarget(sight) !== null) return count < (options.inFlightAtMost ?? IN_FLIGHT_AT_MOST)
    return count === 0 && (!printer.confirms || sight.pending === 0)
  }

  /** One look, what it proves, and as many labels as the printer may have. @returns how long to wait for the next look, ms */
  const step = async (): Promise<number> => {
    const sight = await printer.look()
    show({ state: sight.state })
    await settle(sight)
    while (mayHaveAnother(sight)) {
      const row = await rows.next()
      if (row.length === 0) break
      pause = timing.quick
      if (!(await send(row, sight))) return timing.faulty
    }
    if (!takesLabels(sight)) return timing.faulty
    // What the counter has told already, the status may still show as pending: it is at rest at the next look.
    if (inFlight.pieces.length > 0 || (sight.pending ?? 0) > 0) {
      const wait = Math.min(pause, timing.busy)
      pause *= 2
      return wait
    }
    return rows.isFilling ? timing.faulty : timing.idle
  }

  const run = async (): Promise<void> => {
    let recovered = false
    while (!stopping) {
      awake = new AbortController()
      let wait: number
      try {
        if (!recovered) {
          await recoverLabels({ store, printer, inFlight, move, now: clock.now() })
          recovered = true
        }
        wait = await step()
      } catch (error) {
        onChange({ type: 'trouble', error })
        wait = timing.idle
      }
      if (!stopping) await clock.sleep(wait, awake.signal)
    }
  }

  const wake = (): void => awake.abort()

  return {
    start() {
      running ??= run()
    },
    async stop() {
      stopping = true
      wake()
      await running
      await printer.close()
    },
    pause: () => show({ queuePaused: true }),
    resume() {
      show({ queuePaused: false })
      wake()
    },
    wake,
    async answer(id, cameOut, who) {
      const answered = await store.answer({ id, cameOut, who })
      if (answered) onChange({ type: 'label', id, state: cameOut ? 'printed' : 'waiting', fault: null })
      wake()
      return answered
    },
    async reprint(id, reason, who) {
      const next = await store.reprint({ id, reason, who })
      if (next !== null) {
        onChange({ type: 'label', id, state: 'superseded', fault: null })
        onChange({ type: 'label', id: next, state: 'waiting', fault: null })
      }
      wake()
      return next
    },
    async raise(id, to, who) {
      const raised = await store.raise({ id, to, who })
      wake()
      return raised
    },
    printerView: () => view,
  }
}
