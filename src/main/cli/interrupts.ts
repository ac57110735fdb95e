import { constants } from 'node:os'
import { RunFailure } from '../flashing/failure.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Interrupts {
  /** Aborts with a RunFailure `stopped` at the first signal; the second ends the process at once. */
  readonly signal: AbortSignal
  /** Listens no more, and lets the process end as shells expect it of one that was interrupted. */
  free(): void
}

/** Lets work at a port be ended from outside, so that its board is not left half-way in a reset and its port is released. */
export const listenForInterrupts = (): Interrupts => {
  const abort = new AbortController()
  const listeners = SIGNALS.map((name) => {
    const listener = (): void => {
      for (const [other, known] of listeners) process.removeListener(other, known)
      process.exitCode = 128 + constants.signals[name]
      abort.abort(new RunFailure('stopped', 'connect', `interrupted by ${name}`))
    }
    process.on(name, listener)
    return [name, listener] as const
  })
  return {
    signal: abort.signal,
    free() {
      for (const [name, listener] of listeners) process.removeListener(name, listener)
    },
  }
}
