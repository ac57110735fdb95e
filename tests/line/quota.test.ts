import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createQuota } from '../../src/main/line/quota.ts'

const nobodyLeaves = (): AbortSignal => new AbortController().signal

describe('quota', () => {
  test('never more units are begun than are wanted, and all that are wanted can be', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 12 }),
        fc.infiniteStream(fc.boolean()),
        async (wanted, slots, luck) => {
          const quota = createQuota(wanted, 0)
          const over = new AbortController()
          let making = 0
          let passed = 0
          const slot = async (): Promise<void> => {
            while (await quota.room(over.signal)) {
              // Another slot may have been quicker: then it is waited for again.
              if (!quota.take()) continue
              making++
              expect(passed + making).toBeLessThanOrEqual(wanted)
              await Promise.resolve()
              making--
              // Fate decides, but not against us for ever.
              if (luck.next().value || passed === 0) {
                passed++
                quota.passed()
              } else quota.lost()
              if (quota.isComplete()) over.abort()
            }
          }
          await Promise.all(Array.from({ length: slots }, slot))
          expect(passed).toBe(wanted)
          expect(quota.open()).toBe(0)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('a slot that waits is told when another lost, and not when it passed', async () => {
    const quota = createQuota(1, 0)
    expect(quota.take()).toBe(true)
    const second = quota.room(nobodyLeaves())
    quota.lost()
    expect(await second).toBe(true)
    expect(quota.take()).toBe(true)
    const over = new AbortController()
    const third = quota.room(over.signal)
    quota.passed()
    over.abort()
    expect(await third).toBe(false)
    expect(quota.take()).toBe(false)
  })

  test('who no longer waits is told so at once', async () => {
    const quota = createQuota(1, 0)
    expect(await quota.room(AbortSignal.abort())).toBe(false)
  })

  test('until the limit is lifted no more than it are begun, however many are wanted', async () => {
    const quota = createQuota(5, 0, 1)
    expect([quota.isLimited(), quota.take(), quota.take()]).toEqual([true, true, false])
    quota.passed()
    const next = quota.room(nobodyLeaves())
    quota.lift()
    expect(await next).toBe(true)
    expect([quota.isLimited(), quota.open()]).toEqual([false, 4])
  })
})
