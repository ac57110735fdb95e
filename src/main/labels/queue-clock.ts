/** The queue's time, which tests replace by one of their own. */
export interface QueueClock {
  /** Milliseconds since any moment. */
  now(): number
  /** Ends early, and without an error, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

export const realClock: QueueClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, milliseconds)
      signal.addEventListener('abort', end)
    }),
}
