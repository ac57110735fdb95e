/** How often to look whether the process above is still there, milliseconds. */
const LOOK = 1_000

/**
 * Calls back when the process that started this one is gone: an unattended run under npm must not go on alone when npm was killed.
 *
 * @returns stops looking
 */
export const endWithParent = (gone: () => void): (() => void) => {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer)
      gone()
    }
  }, LOOK)
  timer.unref()
  return () => clearInterval(timer)
}
