import { describe, expect, test } from 'vitest'
import { orderProgress } from '../../src/main/line/order-progress.ts'

const totals = { passed: 0, failed: 0, firstTries: 0, firstPasses: 0, labels: 0, passedAt: [] as number[] }
const MINUTE = 60_000

describe('order progress', () => {
  test('says nothing that it does not know', () => {
    expect(orderProgress(totals, 10, null, 5)).toEqual({
      passed: 0,
      failed: 0,
      firstPassYield: null,
      unitsPerHour: null,
      finishAt: null,
    })
  })

  test('the rate is that of the last half hour, the forecast follows it', () => {
    const now = 100 * MINUTE
    const passedAt = Array.from({ length: 30 }, (_, index) => now - index * MINUTE)
    const progress = orderProgress({ ...totals, passed: 60, passedAt }, 90, 0, now)
    expect(progress.unitsPerHour).toBeCloseTo(60, 0)
    expect(progress.finishAt).toBeCloseTo(now + 30 * MINUTE, -4)
  })

  test('first-pass yield counts first tries only', () => {
    expect(orderProgress({ ...totals, passed: 4, firstTries: 4, firstPasses: 3 }, 9, 0, 1).firstPassYield).toBe(0.75)
  })
})
