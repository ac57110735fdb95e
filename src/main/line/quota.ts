/** How many more units an order may begin: never more than are still wanted, those being made included. */

export interface Quota {
  /**
   * Resolves when one more unit may be begun; false when the order is complete, or the signal says that nobody waits any more. Give it
   * back with `lost`, or keep it with `passed`.
   */
  take(signal?: AbortSignal): Promise<boolean>
  /** The unit did not pass: another may take its place. */
  lost(): void
  passed(): void
  /** The first article is approved: all wanted units may be made. */
  lift(): void
  /** Units that may be begun now, those being made not counted. */
  open(): number
  isComplete(): boolean
  /** Answers everybody who waits with false. */
  close(): void
}

/** @param ceiling no more than this many may be made until `lift` */
export const createQuota = (wanted: number, alreadyPassed: number, ceiling = wanted): Quota => {
  let allowed = Math.min(wanted, ceiling)
  let passed = alreadyPassed
  let making = 0
  let closed = false
  let waiting: ((may: boolean) => void)[] = []

  const settle = (): void => {
    while (waiting.length > 0) {
      const done = closed || passed >= wanted
      if (!done && passed + making >= allowed) return
      const next = waiting.shift()
      if (!done) making++
      next?.(!done)
    }
  }
  return {
    take: (signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve(false)
          return
        }
        waiting.push(resolve)
        signal?.addEventListener('abort', () => {
          if (!waiting.includes(resolve)) return
          waiting = waiting.filter((each) => each !== resolve)
          resolve(false)
        })
        settle()
      }),
    lost() {
      making--
      settle()
    },
    passed() {
      making--
      passed++
      settle()
    },
    lift() {
      allowed = wanted
      settle()
    },
    open: () => Math.max(0, allowed - passed - making),
    isComplete: () => passed >= wanted,
    close() {
      closed = true
      settle()
      waiting = []
    },
  }
}
