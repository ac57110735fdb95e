/** When a board counts as gone: on a host that stands still again and again, and on one that is always slow. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLoader } from '../../src/main/flashing/loader/loader.ts'
import { boardLeaves } from '../../src/main/flashing/session/presence.ts'
import { createStarvedHost, stalls, type Stall } from './starved-host.ts'
import { boardOnHost, HOP } from './starved-board.ts'

/** Watches a board on a host with these stalls. Gives when it was found to be gone, or undefined. */
const watch = async (stalls: readonly Stall[], until: number, leavesAt = Infinity, hop = HOP) => {
  const host = createStarvedHost(stalls)
  const socket = boardOnHost(host, hop)
  const abort = new AbortController()
  const loader = createLoader(socket.link, { factor: 0 }, abort.signal, host.clock)
  let goneAt: number | undefined
  const left = boardLeaves(loader, null, abort.signal).then(
    () => {
      goneAt = host.clock.now()
    },
    () => undefined,
  )
  if (leavesAt < Infinity) host.post('board', () => socket.takeOut(), leavesAt)
  await host.run(until, () => goneAt !== undefined)
  abort.abort(new Error('the test is over'))
  // What is still on its way comes to its end.
  await host.run(Infinity)
  await left
  return goneAt
}

describe('a board that is in its socket', () => {
  test('is never taken for gone, wherever the host stands still', async () => {
    await fc.assert(
      fc.asyncProperty(stalls(8_000), async (each) => {
        expect(await watch(each, 9_000)).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })

  test.each(['own', 'owner'] as const)(
    'is not, where the %s thread runs a moment in every half second',
    async (thread) => {
      const each = Array.from({ length: 40 }, (_, nth) => ({ thread, from: nth * 500, length: 495 }))
      expect(await watch(each, 20_000)).toBeUndefined()
    },
  )

  test('is not on a host that takes a while for every turn', async () => {
    expect(await watch([], 10_000, Infinity, 60)).toBeUndefined()
  })
})

describe('a board that is taken out', () => {
  test('is found to be gone within a second or so of a quiet host', async () => {
    const at = await watch([], 60_000, 4_000)
    expect(at).toBeGreaterThan(4_000)
    expect(at).toBeLessThan(5_500)
  })

  test('is found to be gone on a host that takes a while for every turn', async () => {
    expect(await watch([], 60_000, 4_000, 60)).toBeGreaterThan(4_000)
  })

  test('is found to be gone when the host is done with standing still', async () => {
    await fc.assert(
      fc.asyncProperty(stalls(8_000), fc.integer({ min: 4_000, max: 8_000 }), async (each, leavesAt) => {
        expect(await watch(each, 120_000, leavesAt)).toBeGreaterThan(leavesAt)
      }),
      { numRuns: 40 },
    )
  })
})
