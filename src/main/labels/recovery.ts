/** What an earlier process left recorded as sent: proved by the printer where it can be, a question to a person where not. */
import type { LabelState } from '../../contract/index.ts'
import type { InFlight } from './in-flight.ts'
import type { LabelStore } from './label-store.ts'
import type { Printer } from './printer.ts'

/** Kept with a label that is sent: the printer, and what its counter will be when the label has come out. */
export const proofOf = (printer: Printer, target: number | null): string | null =>
  target === null ? null : `${printer.name} ${target}`

const targetOf = (printer: Printer, proof: string | null): number | null => {
  if (proof === null || !proof.startsWith(`${printer.name} `)) return null
  const target = Number(proof.slice(printer.name.length + 1))
  return Number.isSafeInteger(target) ? target : null
}

interface Recovery {
  readonly store: LabelStore
  readonly printer: Printer
  readonly inFlight: InFlight
  move(id: string, from: readonly LabelState[], to: LabelState, fault: 'restarted' | null): Promise<boolean>
  readonly now: number
}

/**
 * Labels that the printer's counter will tell of go back in flight, even if the printer does not answer yet; so do those that are seen
 * to be still in it. Those of a repeatable printer wait again. Any other is in doubt.
 *
 * @returns true when a label is in doubt that may still be in the printer
 */
export const recoverLabels = async ({ store, printer, inFlight, move, now }: Recovery): Promise<boolean> => {
  const labels = await store.open()
  if (labels.length === 0) return false
  const sight = await printer.look()
  const allInside = sight.pending !== null && sight.pending >= labels.length
  let doubtful = false
  for (const label of labels) {
    const target = targetOf(printer, label.proof)
    if (printer.repeatable) await move(label.id, ['sent'], 'waiting', null)
    else if (target !== null || allInside) inFlight.add({ id: label.id, target }, null, now)
    else {
      doubtful = true
      await move(label.id, ['sent'], 'in-doubt', 'restarted')
    }
  }
  return doubtful
}
