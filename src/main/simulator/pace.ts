/** The one clock of a simulated bench: how fast its time runs against ours. */

/** Simulated milliseconds in a real one; infinite for 'off', where nothing takes time. */
export type Pace = number

/** @param text `wire`, `off`, `10x`, `10×` @throws RangeError saying what is allowed */
export const parsePace = (text: string): Pace => {
  if (text === 'wire') return 1
  if (text === 'off') return Infinity
  const factor = Number(/^(\d+(?:\.\d+)?)[x×]$/u.exec(text)?.[1])
  if (!(factor > 0)) throw new RangeError(`'${text}' is no pace; 'wire', 'off' or a factor such as '10x' is`)
  return factor
}

/** The flasher's time limits and pauses shrink by this. */
export const factorOfPace = (pace: Pace): number => 1 / pace

export interface SimulatedClock {
  /** False at pace 'off', where nothing takes time. */
  readonly runs: boolean
  /** Simulated milliseconds. */
  now(): number
  /** Calls at a moment of simulated time, in order. */
  at(moment: number, call: () => void): void
  wait(milliseconds: number): Promise<void>
}

export const createClock = (pace: Pace): SimulatedClock => {
  const now = (): number => (pace === Infinity ? 0 : performance.now() * pace)
  const at = (moment: number, call: () => void): void => {
    const real = pace === Infinity ? 0 : (moment - now()) / pace
    if (real < 0.5) setImmediate(call)
    else setTimeout(call, real)
  }
  return {
    runs: pace !== Infinity,
    now,
    at,
    wait: (milliseconds) =>
      pace === Infinity || milliseconds <= 0
        ? Promise.resolve()
        : new Promise((resolve) => at(now() + milliseconds, resolve)),
  }
}

/** From the adapter to the host and back, each way, milliseconds. */
const USB_LATENCY = 1
const BITS_PER_BYTE = 10

/** One direction of a serial line: bytes arrive in order, when the last of them has been on the wire. */
export const createWire = (
  clock: SimulatedClock,
  baud: () => number,
  deliver: (bytes: Uint8Array) => void,
): ((bytes: Uint8Array) => void) => {
  let free = 0
  const waiting: Uint8Array[] = []
  return (bytes) => {
    free = Math.max(free, clock.now()) + (bytes.length * BITS_PER_BYTE * 1000) / baud()
    waiting.push(bytes)
    clock.at(free + USB_LATENCY, () => {
      // Timers of one direction may fire out of turn by a hair; the bytes may not.
      const next = waiting.shift()
      if (next) deliver(next)
    })
  }
}
