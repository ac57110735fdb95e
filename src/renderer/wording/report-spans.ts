/** Spans of time that a report can be about: the latest shifts where the station has some, else the last hours. */
import { shiftAt, type Shift } from '../../contract/index.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const LATEST_SHIFTS = 6

export interface Span {
  /** 'shift-0' is the one that goes on, 'shift-1' the one before. */
  readonly value: string
  readonly from: number
  readonly to: number
  /** The name of the shift; null for a span that the locales name. */
  readonly shift: string | null
}

/** @param now milliseconds since the Unix epoch */
export const spansOf = (shifts: readonly Shift[], now: number): Span[] => {
  const latest = Array.from({ length: LATEST_SHIFTS }, (_, back) => shiftAt(shifts, now, back))
  const named = latest.flatMap((shift, back) =>
    shift ? [{ value: `shift-${back}`, from: shift.from, to: shift.to, shift: shift.name }] : [],
  )
  return [
    ...(named.length > 0 ? named : [{ value: 'lastHours', from: now - 8 * HOUR, to: now, shift: null }]),
    { value: 'today', from: new Date(now).setHours(0, 0, 0, 0), to: now, shift: null },
    { value: 'week', from: now - 7 * DAY, to: now, shift: null },
  ]
}
