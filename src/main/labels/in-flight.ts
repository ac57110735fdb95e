/**
 * The labels that are with a printer, and what its looks prove about them. Pure: looks in, fates out.
 *
 * Two kinds of proof. By count: the printer's own label counter stood at n when the label was sent, k labels ahead of it; it came out
 * when the counter reaches n + k + 1, and it did not when the printer has stood idle for a while below that. By rise and return: the
 * label was seen pending, and later nothing was, over one connection; between the bytes and their parsing a printer shows nothing, so
 * that 'nothing pending' alone proves nothing.
 */
import type { PrinterSight } from './printer.ts'

export type Fate = 'printed' | 'not-printed' | 'unknown'

export interface InFlightLabel {
  readonly id: string
  /** The printer's counter when this label has come out; null where it has none. */
  readonly target: number | null
}

interface Tracked extends InFlightLabel {
  readonly sentAt: number
  /** The connection that it was sent over; null when that was an earlier process's. */
  readonly sentIn: number | null
  /** The connection over which it was seen pending. */
  seenIn: number | null
}

export interface InFlight {
  readonly labels: readonly InFlightLabel[]
  /**
   * What the counter will be when one more label has come out. Null where the printer has no counter, where it is not at rest, and
   * where the connection broke under a label: that one may be lost, and another must not be counted in its place.
   */
  nextTarget(sight: PrinterSight): number | null
  /** @param sentIn the connection that it is sent over; null when an earlier process did */
  add(label: InFlightLabel, sentIn: number | null, now: number): void
  remove(id: string): void
  /** What a look proves; labels with a fate are not in flight any more. */
  observe(sight: PrinterSight, now: number): { readonly id: string; readonly fate: Fate }[]
}

const isIdle = (sight: PrinterSight): boolean => sight.state === 'ready' && sight.pending === 0

/**
 * @param patience how long a printer may show nothing, ready and idle, before a label that was sent counts as not there, ms
 */
export const createInFlight = (patience: number): InFlight => {
  let tracked: Tracked[] = []
  /** Since when every look was idle. */
  let idleSince: number | null = null

  const fateOf = (label: Tracked, sight: PrinterSight, now: number): Fate | undefined => {
    if (label.target !== null && sight.count !== null && sight.count >= label.target) return 'printed'
    if (!isIdle(sight)) return undefined
    const waited = idleSince !== null && now - Math.max(idleSince, label.sentAt) >= patience
    if (label.target !== null && sight.count !== null) return waited ? 'not-printed' : undefined
    // A counter that was there and does not answer now may answer yet; the patience covers both.
    if (label.target === null && label.seenIn === sight.session) return 'printed'
    return waited ? 'unknown' : undefined
  }

  return {
    get labels() {
      return tracked
    },
    nextTarget(sight) {
      const last = tracked.at(-1)
      if (tracked.some((label) => label.sentIn !== sight.session)) return null
      if (last) return last.target === null ? null : last.target + 1
      return isIdle(sight) && sight.count !== null ? sight.count + 1 : null
    },
    add(label, sentIn, now) {
      tracked.push({ ...label, sentAt: now, sentIn, seenIn: null })
    },
    remove(id) {
      tracked = tracked.filter((label) => label.id !== id)
    },
    observe(sight, now) {
      if (!isIdle(sight)) idleSince = null
      else idleSince ??= now
      // Fewer pending than sent could be any of them.
      if (sight.pending !== null && sight.pending >= tracked.length)
        for (const label of tracked) label.seenIn = sight.session
      const fates = tracked.flatMap((label) => {
        const fate = fateOf(label, sight, now)
        return fate ? [{ id: label.id, fate }] : []
      })
      const ended = new Set(fates.map(({ id }) => id))
      tracked = tracked.filter((label) => !ended.has(label.id))
      return fates
    },
  }
}
