/** A recorded event stream of a line: what the station pushed, and when. One pass of it after the other makes as long a shift as wanted. */
import { View, ViewPatch } from '../../src/contract/index.ts'
import { z } from 'zod'

export const Stream = z.object({
  /** The view at the first moment. */
  view: View,
  /** Milliseconds since the first moment. */
  length: z.number(),
  pushes: z.array(z.object({ at: z.number(), patch: ViewPatch })),
  /** What the station answered to what the dashboard asks for, by name. */
  answers: z.record(z.string(), z.unknown()),
})
export type Stream = z.infer<typeof Stream>

/** Numbers above this are moments, not counts or durations. */
const MOMENT = 1_000_000_000_000
const IDENTIFIERS = new Set(['id', 'runId', 'serial', 'mac', 'currentId', 'supersedes'])

/**
 * A later pass: its boards are others, so every identifier is another, and its moments are later.
 *
 * @param later milliseconds
 */
export const inPass = <T>(value: T, pass: number, later: number): T => {
  const change = (item: unknown, key: string): unknown => {
    if (typeof item === 'number') return item > MOMENT ? item + later : item
    if (typeof item === 'string') return pass > 0 && IDENTIFIERS.has(key) ? `${pass + 100}${item.slice(3)}` : item
    if (Array.isArray(item)) return item.map((each) => change(each, key))
    if (typeof item === 'object' && item !== null)
      return Object.fromEntries(Object.entries(item).map(([name, each]) => [name, change(each, name)]))
    return item
  }
  return change(value, '') as T
}
