import { setTimeout as delay } from 'node:timers/promises'

/**
 * How real time relates to the device's. Real boards run at factor 1; a simulated bench that runs ten times as fast has factor 0.1:
 * pauses and time limits shrink with it, but a limit never below what a busy host needs to be scheduled at all.
 */
export interface Timing {
  readonly factor: number
}

export const REAL_TIME: Timing = { factor: 1 }

/** What tells the time and calls back: this process's own, but where a test has another. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number
  /** Calls after so many milliseconds; gives what calls it off. */
  after(milliseconds: number, call: () => void): () => void
}

export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds)
    return () => clearTimeout(timer)
  },
}

const SHORTEST_LIMIT = 1_000

/** A time limit in milliseconds of real time, for one in milliseconds of the device's. */
export const limitOf = (timing: Timing, milliseconds: number): number =>
  timing.factor === 1 ? milliseconds : Math.max(milliseconds * timing.factor, Math.min(milliseconds, SHORTEST_LIMIT))

/** Waits the device's milliseconds; ends early, with the signal's reason, when the signal aborts. */
export const pause = async (timing: Timing, milliseconds: number, signal?: AbortSignal): Promise<void> => {
  const real = milliseconds * timing.factor
  if (real < 0.5) return
  await delay(real, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error
  })
}

const SHORTEST_IDLE = 50

/** Between two looks at a port, milliseconds: shrinks with the bench's pace as everything does, but leaves the host room for its work. */
export const idleTime = (timing: Timing, milliseconds: number): number =>
  Math.max(milliseconds * timing.factor, Math.min(milliseconds, SHORTEST_IDLE))

/** Waits between two looks at a port. */
export const idle = (timing: Timing, milliseconds: number, signal?: AbortSignal): Promise<void> =>
  pause({ factor: 1 }, idleTime(timing, milliseconds), signal)
