import { setTimeout as delay } from 'node:timers/promises'

/**
 * How real time relates to the device's. Real boards run at factor 1; a simulated bench that runs ten times as fast has factor 0.1:
 * pauses and time limits shrink with it, but a limit never below what a busy host needs to be scheduled at all.
 */
export interface Timing {
  readonly factor: number
}

export const REAL_TIME: Timing = { factor: 1 }

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

/** Waits between two looks at a port: shrinks with the bench's pace as everything does, but leaves the host room for its work. */
export const idle = (timing: Timing, milliseconds: number, signal?: AbortSignal): Promise<void> =>
  pause({ factor: 1 }, Math.max(milliseconds * timing.factor, Math.min(milliseconds, SHORTEST_IDLE)), signal)
