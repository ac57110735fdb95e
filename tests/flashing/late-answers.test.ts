/** An answer that lies in a queue while the host stands still is no silence, and a silence has its end all the same. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLoader, LoaderSilence } from '../../src/main/flashing/loader/loader.ts'
import { boardOnHost } from './starved-board.ts'
import { createStarvedHost, stalls, type Stall } from './starved-host.ts'

/** Milliseconds. */
const LIMIT = 200

/** What comes of a command on a host with these stalls, and when it is known. */
const ask = async (each: readonly Stall[], present: boolean): Promise<{ failure: unknown; at: number }> => {
  const host = createStarvedHost(each)
  const board = boardOnHost(host)
  if (!present) board.takeOut()
  const loader = createLoader(board.link, { factor: 1 }, undefined, host.clock)
  let at = 0
  const asked = loader
    .request('sync', new Uint8Array(36), { limit: LIMIT })
    .then(
      () => undefined,
      (error: unknown) => error,
    )
    .finally(() => {
      at = host.clock.now()
    })
  await host.run(Infinity)
  return { failure: await asked, at }
}

/** No longer than the time that a command has: the host is late, not dead. */
const SHORT = stalls(600).map((list) => list.map((stall) => ({ ...stall, length: Math.min(stall.length, LIMIT) })))

test('a command that the board answers succeeds, wherever the host stands still for a moment', async () => {
  await fc.assert(
    fc.asyncProperty(SHORT, async (each) => {
      expect((await ask(each.slice(0, 1), true)).failure).toBeUndefined()
    }),
    { numRuns: 200 },
  )
})

test.each(['own', 'owner'] as const)(
  'so does one whose answer comes while the %s thread stands still',
  async (thread) => {
    expect((await ask([{ thread, from: 1, length: 1.5 * LIMIT }], true)).failure).toBeUndefined()
  },
)

test('one that is not answered is over soon after its time', async () => {
  const { failure, at } = await ask([], false)
  expect(failure).toBeInstanceOf(LoaderSilence)
  expect(at).toBeGreaterThanOrEqual(LIMIT)
  expect(at).toBeLessThan(2 * LIMIT)
})
