/** Prints the labels of a table of units through the label queue, without records. */
import type { LabelData } from '../labels/label-data.ts'
import type { Layout } from '../labels/layout.ts'
import type { Printer } from '../labels/printer.ts'
import { createLabelQueue, type QueueTiming } from '../labels/queue.ts'
import { createLabelList } from './label-list.ts'

export interface PrintOutcome {
  /** Labels that came out, by proof. */
  readonly printed: number
  /** Labels handed to a printer that cannot tell. */
  readonly sent: number
  /** Serials. */
  readonly inDoubt: readonly string[]
  readonly notPrinted: readonly string[]
}

export interface LabelsToPrint {
  readonly units: readonly LabelData[]
  layOut(unit: LabelData): Layout
}

/**
 * Prints until nothing more is to come of any label, or until the person interrupts.
 *
 * @param timing of the queue, for tests
 */
export const printLabels = async (
  input: LabelsToPrint,
  printer: Printer,
  timing: Partial<QueueTiming> = {},
): Promise<PrintOutcome> => {
  const bySerial = new Map(input.units.map((unit) => [unit.serial, unit]))
  const list = createLabelList([...bySerial.keys()])
  let ended: () => void = () => undefined
  const end = new Promise<void>((done) => {
    ended = done
  })
  const queue = createLabelQueue({
    store: list,
    printer,
    timing,
    render: ({ id }) => {
      const unit = bySerial.get(id)
      if (!unit) throw new Error(`no unit ${id}`)
      return Promise.resolve(input.layOut(unit))
    },
    onChange(change) {
      if (change.type === 'printer') process.stderr.write(`imprint: ${printer.name}: ${change.printer.state}\n`)
      else if (change.type === 'trouble') process.stderr.write(`imprint: ${String(change.error)}\n`)
      else if (list.unsettled === 0) ended()
    },
  })
  const interrupt = (): void => ended()
  process.once('SIGINT', interrupt)
  if (input.units.length > 0) {
    queue.start()
    await end
  }
  process.off('SIGINT', interrupt)
  await queue.stop()
  return {
    printed: list.inState('printed').length,
    sent: printer.confirms ? 0 : list.inState('sent').length,
    inDoubt: [...list.inState('in-doubt'), ...(printer.confirms ? list.inState('sent') : [])],
    notPrinted: list.inState('waiting', 'failed'),
  }
}
