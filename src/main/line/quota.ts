/** How many more units an order may begin: never more than are still wanted, those being made included. */

export interface Quota {
  /** Begins one more unit, where one may be begun. Give it back with `lost`, or keep it with `passed`. */
  take(): boolean
  /** Resolves with true when one more unit may be begun, with false when the signal says that nobody waits any more. */
  room(signal: AbortSignal): Promise<boolean>
  /** The unit did not pass: another may take its place. */
  lost(): void
  passed(): void
  /** A unit that had passed is none any more: another takes its place. */
  rejected(): void
  /** The first article is approved: all wanted units may be made. */
  lift(): void
  /** Units that may be begun now, those being made not counted. */
  open(): number
  /** Fewer may be made than are wanted, until `lift`. */
  isLimited(): boolean
  isComplete(): boolean
}

/** @param ceiling no more than this many may be made until `lift` */
export const createQuota = (wanted: number, alreadyPassed: number, ceiling = wanted): Quota => {
  let allowed = Math.min(wanted, ceiling)
  let passed = alreadyPassed
  let making = 0
  const waiting = new Set<(may: boolean) => void>()

  const open = (): number => Math.max(0, allowed - passed - making)

  /** All who wait are told: who takes first has it, and the others wait again. */
  const look = (): void => {
    if (open() === 0) return
    for (const tell of [...waiting]) tell(true)
  }
  return {
    take() {
      if (open() === 0) return false
      making++
      return true
    },
    room: (signal) =>
      new Promise((resolve) => {
        const tell = (may: boolean): void => {
          waiting.delete(tell)
          signal.removeEventListener('abort', off)
          resolve(may)
        }
        const off = (): void => tell(false)
        waiting.add(tell)
        signal.addEventListener('abort', off)
        if (signal.aborted) off()
        else look()
      }),
    lost() {
      making--
      look()
    },
    passed() {
      making--
      passed++
    },
    rejected() {
      passed--
      look()
    },
    lift() {
      allowed = wanted
      look()
    },
    open,
    isLimited: () => allowed < wanted,
    isComplete: () => passed >= wanted,
  }
}
