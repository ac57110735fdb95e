import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createQuota } from '../../src/main/line/quota.ts'

describe('quota', () => {
  test('never more units are begun than are wanted, and all that are wanted can be', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 12 }),
        fc.infiniteStream(fc.boolean()),
        async (wanted, slots, luck) => {
          const quota = createQuota(wanted, 0)
          let making = 0
          let passed = 0
          const slot = async (): Promise<void> => {
            while (await quota.take()) {
              making++
              expect(passed + making).toBeLessThanOrEqual(wanted)
              await Promise.resolve()
              making--
              // Fate decides, but not against us for ever.
              if (luck.next().value || passed === 0) {
                passed++
                quota.passed()
              } else quota.lost()
            }
          }
          await Promise.all(Array.from({ length: slots }, slot))
          expect(passed).toBe(wanted)
          expect(quota.isComplete()).toBe(true)
          expect(quota.open()).toBe(0)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('a slot that waits gets the place of one that lost', async () => {
    const quota = createQuota(1, 0)
    expect(await quota.take()).toBe(true)
    const second = quota.take()
    quota.lost()
    expect(await second).toBe(true)
    const third = quota.take()
    quota.passed()
    expect(await third).toBe(false)
  })

  test('who no longer waits gets nothing, and takes nothing from others', async () => {
    const quota = createQuota(1, 0)
    await quota.take()
    const abort = new AbortController()
    const gone = quota.take(abort.signal)
    const next = quota.take()
    abort.abort()
    expect(await gone).toBe(false)
    quota.lost()
    expect(await next).toBe(true)
    expect(await quota.take(abort.signal)).toBe(false)
  })

  test('closing answers everybody', async () => {
    const quota = createQuota(1, 0)
    await quota.take()
    const waiting = quota.take()
    quota.close()
    expect(await waiting).toBe(false)
  })
})
