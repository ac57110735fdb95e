/** The system's cryptographic randomness, fetched in larger portions: a device asks for a little of it many times. */
import { randomFillSync } from 'node:crypto'
import type { RandomBytes } from '../matter/passcode.ts'

const PORTION = 4096

/** No byte is given twice, and none stays behind once it was given. */
export const pooledRandomBytes = (): RandomBytes => {
  const pool = new Uint8Array(PORTION)
  let used = PORTION
  return (length) => {
    if (length > PORTION) return randomFillSync(new Uint8Array(length))
    if (used + length > PORTION) {
      randomFillSync(pool)
      used = 0
    }
    const bytes = pool.slice(used, used + length)
    pool.fill(0, used, used + length)
    used += length
    return bytes
  }
}
