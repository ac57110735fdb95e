/** Shifts of a day: each begins at its time and lasts until the next one does. Times of day are the station's own. */
import { z } from 'zod'

export const MOST_SHIFTS = 6

export const Shift = z.object({
  name: z.string().trim().min(1).max(16),
  /** '06:00' */
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/u),
})
export type Shift = z.infer<typeof Shift>

export const Shifts = z
  .array(Shift)
  .max(MOST_SHIFTS)
  .refine((shifts) => new Set(shifts.map(({ from }) => from)).size === shifts.length, {
    message: 'two shifts begin at the same time',
  })

/** A shift of a certain day; milliseconds since the Unix epoch. */
export interface ShiftSpan {
  readonly name: string
  readonly from: number
  readonly to: number
}

const beginOn = (day: Date, offset: number, from: string): number => {
  const [hour = 0, minute = 0] = from.split(':').map(Number)
  // Through the calendar, so that a day of 23 or 25 hours has its shifts at the right times.
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + offset, hour, minute).getTime()
}

/** The shift at a moment, and the one before it (`back` 1); null where there are no shifts. */
export const shiftAt = (shifts: readonly Shift[], at: number, back = 0): ShiftSpan | null => {
  const day = new Date(at)
  const begins = [-2, -1, 0, 1]
    .flatMap((offset) => shifts.map(({ name, from }) => ({ name, from: beginOn(day, offset, from) })))
    .toSorted((a, b) => a.from - b.from)
  const now = begins.findLastIndex(({ from }) => from <= at)
  const begin = begins[now - back]
  const next = begins[now - back + 1]
  return begin && next ? { name: begin.name, from: begin.from, to: next.from } : null
}
