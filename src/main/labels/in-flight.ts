/**
 * The labels that are with a printer, and what its looks prove about them. Pure: looks in, fates out.
 *
 * Labels travel in pieces: one label, or a row of them. Two kinds of proof. By count: the printer's own label counter stood at n when
 * the piece was sent, k pieces ahead of it; it came out when the counter reaches n + k + 1, and it did not when the printer has stood
 * idle for a while below that. By rise and return: the piece was seen pending, and later nothing was, over one connection; between the
 * bytes and their parsing a printer shows nothing, so that 'nothing pending' alone proves nothing.
 */
import type { PrinterSight } from './printer.ts'

export type Fate = 'printed' | 'not-printed' | 'unknown'

export interface Piece {
  /** Of its labels, at least one. */
  readonly ids: readonly string[]
  /** The printer's counter when this piece has come out; null where it has none. */
  readonly target: number | null
}

interface Tracked extends Piece {
  readonly sentAt: number
  /** The connection that it was sent over; null when that was an earlier process's. */
  readonly sentIn: number | null
  /** The connection over which it was seen pending. */
  seenIn: number | null
}

export interface InFlight {
  readonly pieces: readonly Piece[]
  /**
   * What the counter will be when one more piece has come out. Null where the printer has no counter, where it is not at rest, and
   * where the connection broke under a piece: that one may be lost, and another must not be counted in its place.
   */
  nextTarget(sight: PrinterSight): number | null
  /** @param sentIn the connection that it is sent over; null when an earlier process did */
  add(piece: Piece, sentIn: number | null, now: number): void
  remove(piece: Piece): void
  /** What a look proves; pieces with a fate are not in flight any more. */
  observe(sight: PrinterSight, now: number): { readonly ids: readonly string[]; readonly fate: Fate }[]
}

const isIdle = (sight: PrinterSight): boolean => sight.state === 'ready' && sight.pending === 0

/**
 * @param patience how long a printer may show nothing, ready and idle, before a piece that was sent counts as not there, ms
 */
export const createInFlight = (patience: number): InFlight => {
  let tracked: Tracked[] = []
  /** Since when every look was idle. */
  let idleSince: number | null = null

  /** The highest count since nothing was in flight; a lower one after it was begun anew, and proves nothing of a piece. */
  let highest: number | null = null

  const fateOf = (piece: Tracked, sight: PrinterSight, now: number): Fate | undefined => {
    if (piece.target !== null && sight.count !== null && sight.count >= piece.target) return 'printed'
    if (!isIdle(sight)) return undefined
    const waited = idleSince !== null && now - Math.max(idleSince, piece.sentAt) >= patience
    if (piece.target !== null && sight.count !== null) {
      const beganAnew = highest !== null && sight.count < highest
      return waited ? (beganAnew ? 'unknown' : 'not-printed') : undefined
    }
    // A counter that was there and does not answer now may answer yet; the patience covers both.
    if (piece.target === null && piece.seenIn === sight.session) return 'printed'
    return waited ? 'unknown' : undefined
  }

  return {
    get pieces() {
      return tracked
    },
    nextTarget(sight) {
      const last = tracked.at(-1)
      if (tracked.some((piece) => piece.sentIn !== sight.session)) return null
      if (last) return last.target === null ? null : last.target + 1
      return isIdle(sight) && sight.count !== null ? sight.count + 1 : null
    },
    add(piece, sentIn, now) {
      tracked.push({ ...piece, sentAt: now, sentIn, seenIn: null })
    },
    remove(piece) {
      tracked = tracked.filter(({ ids }) => ids !== piece.ids)
    },
    observe(sight, now) {
      if (!isIdle(sight)) idleSince = null
      else idleSince ??= now
      // Fewer pending than sent could be any of them.
      if (sight.pending !== null && sight.pending >= tracked.length)
        for (const piece of tracked) piece.seenIn = sight.session
      if (sight.count !== null && (highest === null || tracked.length === 0 || sight.count > highest))
        highest = sight.count
      const fates = tracked.flatMap((piece) => {
        const fate = fateOf(piece, sight, now)
        return fate ? [{ ids: piece.ids, fate }] : []
      })
      const ended = new Set(fates.map(({ ids }) => ids))
      tracked = tracked.filter((piece) => !ended.has(piece.ids))
      return fates
    },
  }
}
