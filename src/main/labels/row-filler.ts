/** Which labels print next: a row full of them, or what there is when a row has waited long enough for its last ones. */
import type { LabelStore, QueuedLabel } from './label-store.ts'
import type { QueueClock } from './queue-clock.ts'

export interface RowFiller {
  /** Empty where none waits, or a row is waiting to be filled. */
  next(): Promise<readonly QueuedLabel[]>
  readonly isFilling: boolean
}

/** @param patience how long a row waits for labels that fill it, ms */
export const createRowFiller = (store: LabelStore, across: number, patience: number, clock: QueueClock): RowFiller => {
  let fillingSince: number | null = null
  return {
    get isFilling() {
      return fillingSince !== null
    },
    async next() {
      const labels = await store.waiting(across)
      const partial = labels.length > 0 && labels.length < across
      if (partial) fillingSince ??= clock.now()
      if (partial && clock.now() - (fillingSince ?? 0) < patience) return []
      fillingSince = null
      return labels
    },
  }
}
