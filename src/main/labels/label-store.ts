/**
 * What the queue keeps in the records. Each call is one committed transaction: when its promise resolves, the change survives the
 * loss of power.
 */
import type { LabelState } from '../../contract/index.ts'

export interface QueuedLabel {
  readonly id: string
  readonly serial: string
  readonly state: LabelState
  /** A printer fault's code, or why a label is in doubt. */
  readonly fault: string | null
  /** By what its fate can be proved, as given to `move`; null before it was sent. */
  readonly proof: string | null
}

export interface LabelMove {
  readonly id: string
  readonly from: readonly LabelState[]
  readonly to: LabelState
  readonly fault: string | null
  readonly proof: string | null
}

export interface LabelStore {
  /** Labels in state 'waiting', in the order in which they shall print. */
  waiting(limit: number): Promise<readonly QueuedLabel[]>
  /** Labels in state 'sent' whose fate was never known: without the fault 'not-confirmed'. In the order of sending. */
  open(): Promise<readonly QueuedLabel[]>
  /**
   * Moves a label, sets its fault and its proof. Before bytes go out a label is moved to 'sent'.
   *
   * @returns false, and changes nothing, when the label is in none of the states `from` (superseded meanwhile, say)
   */
  move(move: LabelMove): Promise<boolean>
  /**
   * A person's answer about a label in doubt, kept with who gave it: it came out ('printed') or not ('waiting' again).
   *
   * @returns false when the label is not in doubt
   */
  answer(answer: { id: string; cameOut: boolean; who: string }): Promise<boolean>
  /**
   * A new label in place of a current one, which becomes 'superseded', with reason and who.
   *
   * @returns the new label's id, or null when the label is superseded already
   */
  reprint(reprint: { id: string; reason: string; who: string }): Promise<string | null>
  /** Puts a waiting label at the head of the queue, or one place up. @returns false when it does not wait */
  raise(raise: { id: string; to: 'first' | 'up'; who: string }): Promise<boolean>
}
