/**
 * A host that is starved, on a clock of its own: this thread and the one that owns the port stand still for as long as they are told,
 * and do what has come up meanwhile when they go on, timers first, as an event loop does.
 */
import fc from 'fast-check'
import type { Clock } from '../../src/main/flashing/timing.ts'

export type Thread = 'own' | 'owner'

/** From then on, so long, milliseconds. */
export interface Stall {
  readonly thread: Thread
  readonly from: number
  readonly length: number
}

/** Short ones and long ones, at any moment up to the latest, milliseconds. */
export const stalls = (latest: number): fc.Arbitrary<Stall[]> =>
  fc.array(
    fc.record({
      thread: fc.constantFrom('own' as const, 'owner' as const),
      from: fc.integer({ min: 0, max: latest }),
      length: fc.oneof(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 100, max: 2_500 })),
    }),
    { maxLength: 30 },
  )

interface Due {
  readonly thread: Thread | 'board'
  readonly at: number
  /** Timers come before what has been received. */
  readonly isTimer: boolean
  readonly call: () => void
}

export interface StarvedHost {
  readonly clock: Clock
  /** Has a thread, or the board, do something when it can, at the earliest after so many milliseconds. */
  post(thread: Due['thread'], call: () => void, after?: number): void
  /** Runs until nothing is left to do, the moment is reached, or it is told to stop. */
  run(until: number, stop?: () => boolean): Promise<void>
}

/** Lets everything that is promised already happen. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const createStarvedHost = (stalls: readonly Stall[]): StarvedHost => {
  let now = 0
  let due: Due[] = []

  /** When that thread gets to it. */
  const momentOf = ({ thread, at }: Due): number => {
    let moment = at
    for (const stall of stalls.filter((each) => each.thread === thread).toSorted((a, b) => a.from - b.from))
      if (moment >= stall.from && moment < stall.from + stall.length) moment = stall.from + stall.length
    return moment
  }
  const add = (next: Due): (() => void) => {
    due.push(next)
    return () => {
      due = due.filter((each) => each !== next)
    }
  }
  return {
    clock: {
      now: () => now,
      after: (milliseconds, call) => add({ thread: 'own', at: now + milliseconds, isTimer: true, call }),
    },
    post: (thread, call, after = 0) => void add({ thread, at: now + after, isTimer: false, call }),
    async run(until, stop = () => false) {
      for (;;) {
        await turn()
        const next = due
          .map((each) => ({ each, moment: momentOf(each) }))
          .toSorted((a, b) => a.moment - b.moment || Number(b.each.isTimer) - Number(a.each.isTimer))[0]
        if (!next || next.moment > until || stop()) return
        due = due.filter((each) => each !== next.each)
        now = Math.max(now, next.moment)
        next.each.call()
      }
    },
  }
}
