/** What an earlier process left recorded as sent: watched until the printer proves it, or a question to a person. */
import { z } from 'zod'
import type { LabelState } from '../../contract/index.ts'
import type { InFlight } from './in-flight.ts'
import type { LabelStore } from './label-store.ts'
import type { Printer } from './printer.ts'

/** Kept with a label that is sent: by which printer, and where its counter will stand when the label has come out. */
const Proof = z.object({ printer: z.string(), target: z.number().int().nullable() })
type Proof = z.infer<typeof Proof>

export const proofOf = (printer: Printer, target: number | null): string =>
  JSON.stringify({ printer: printer.name, target } satisfies Proof)

/** Undefined for a label that another printer was sent. */
const proofFor = (printer: Printer, text: string | null): Proof | undefined => {
  if (text === null) return undefined
  try {
    const proof = Proof.parse(JSON.parse(text))
    return proof.printer === printer.name ? proof : undefined
  } catch {
    return undefined
  }
}

interface Recovery {
  readonly store: LabelStore
  readonly printer: Printer
  readonly inFlight: InFlight
  move(id: string, from: readonly LabelState[], to: LabelState, fault: 'restarted' | null): Promise<boolean>
  readonly now: number
}

/**
 * Labels sent to this printer go back in flight where it can tell what became of them, and wait again where sending them twice leaves
 * one. Of any other nobody but a person can know.
 */
export const recoverLabels = async ({ store, printer, inFlight, move, now }: Recovery): Promise<void> => {
  // Labels of one row have one target; without a counter no more than one row is with a printer.
  const rows = new Map<number | null, string[]>()
  for (const label of await store.open()) {
    const proof = proofFor(printer, label.proof)
    if (proof && printer.confirms) rows.set(proof.target, [...(rows.get(proof.target) ?? []), label.id])
    else if (proof && printer.repeatable) await move(label.id, ['sent'], 'waiting', null)
    else await move(label.id, ['sent'], 'in-doubt', 'restarted')
  }
  for (const [target, ids] of rows) inFlight.add({ ids, target }, null, now)
}
