/** How far an order is: counts from the records, rates and the forecast from them. */
import type { OrderTotals } from '../records/order-records.ts'

export interface OrderProgress {
  readonly passed: number
  readonly failed: number
  readonly firstPassYield: number | null
  readonly unitsPerHour: number | null
  readonly finishAt: number | null
}

const HOUR = 3_600_000
/** Rates look back so far: long enough to be steady, short enough to follow the line. */
const WINDOW = 30 * 60_000
/** Fewer passes than this give no honest rate. */
const LEAST_PASSES = 2

/**
 * @param now milliseconds since the epoch
 * @param startedAt when the order began, or null
 */
export const orderProgress = (
  totals: OrderTotals,
  quantity: number,
  startedAt: number | null,
  now: number,
): OrderProgress => {
  const { passed, failed, firstTries, firstPasses, passedAt } = totals
  const from = Math.max(now - WINDOW, startedAt ?? now)
  const recent = passedAt.filter((at) => at >= from)
  // The list of passes is cut off at its end: then its oldest pass only marks where the span begins.
  const isCut = recent.length === passedAt.length && passedAt.length < passed
  const span = now - (isCut ? (recent.at(-1) ?? from) : from)
  const counted = isCut ? recent.length - 1 : recent.length
  const unitsPerHour = counted >= LEAST_PASSES && span > 0 ? (counted * HOUR) / span : null
  const open = Math.max(0, quantity - passed)
  return {
    passed,
    failed,
    firstPassYield: firstTries > 0 ? firstPasses / firstTries : null,
    unitsPerHour,
    finishAt: unitsPerHour && open > 0 ? now + (open / unitsPerHour) * HOUR : null,
  }
}
