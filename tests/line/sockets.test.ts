/** Sockets: insertions are counted for ever, cleaning counts anew, and one that loses contact more than the others is found. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { FAILURE_CODES, isContactFailure, type View } from '../../src/contract/index.ts'
import { suspectSockets, type SocketHistory } from '../../src/main/line/socket-health.ts'
import { openStations } from '../../src/main/station/stations.ts'

const history = (slot: number, ...runs: SocketHistory['runs'][number][]): SocketHistory => ({ slot, runs })
const good = (slot: number): SocketHistory => history(slot, ...Array<null>(10).fill(null))

describe('a socket is suspect', () => {
  test('when contact is lost in it again and again, and not when it was once', () => {
    expect([...suspectSockets([good(1), history(2, 'no-answer', null, 'link-unreliable', null)])]).toEqual([2])
    expect([...suspectSockets([good(1), history(2, 'no-answer', null, null)])]).toEqual([])
  })

  test('not when the others lose it as often, and not for what the boards are', () => {
    expect([...suspectSockets([1, 2, 3].map((slot) => history(slot, 'no-answer', 'no-answer', null)))]).toEqual([])
    expect([...suspectSockets([good(1), history(2, 'wrong-chip', 'digest-mismatch', 'wrong-chip')])]).toEqual([])
  })

  test('only with at least two lost contacts, more of them than the average of all', () => {
    const runs = fc.array(fc.option(fc.constantFrom(...FAILURE_CODES)), { maxLength: 20 })
    fc.assert(
      fc.property(fc.array(runs, { minLength: 1, maxLength: 8 }), (all) => {
        const histories = all.map((own, index) => history(index + 1, ...own))
        const share = (some: readonly SocketHistory[]): number => {
          const codes = some.flatMap((each) => each.runs)
          return codes.filter((code) => code !== null && isContactFailure(code)).length / Math.max(1, codes.length)
        }
        for (const slot of suspectSockets(histories)) {
          const own = histories.filter((each) => each.slot === slot)
          expect(own[0]?.runs.filter((code) => code !== null && isContactFailure(code)).length).toBeGreaterThanOrEqual(
            2,
          )
          expect(share(own)).toBeGreaterThanOrEqual(share(histories))
        }
      }),
    )
  })
})

test('each board that is put in counts once, over restarts; cleaning counts anew, and is kept with who', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imprint-sockets-'))
  const open = () =>
    openStations({ host: 'web', mode: 'demo', folder, where: 'test', pace: 20, demoRelease: { appSize: 60_000 } })
  let stations = await open()
  const until = async (what: (view: View) => boolean): Promise<void> => {
    while (!what(stations.view())) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const total = (): number => stations.view().sockets.reduce((sum, socket) => sum + socket.insertions, 0)
  try {
    await until(({ order }) => order?.state === 'finished')
    // 24 passes, and the one that failed and was left where it is.
    await until(() => total() === 25)
    const [first] = stations.view().sockets
    expect(first).toMatchObject({ slot: 1, due: false, cleanedAt: null, sinceCleaned: first?.insertions })
    expect(await stations.call('socket.cleaned', { slot: 1 })).toEqual({ ok: true, result: {} })
    expect(stations.view().sockets[0]).toMatchObject({
      insertions: first?.insertions,
      sinceCleaned: 0,
      cleanedBy: 'Demo',
    })
    expect(await stations.call('socket.cleaned', { slot: 99 })).toMatchObject({ error: { code: 'not-found' } })
    await stations.close()

    const database = new DatabaseSync(join(folder, 'records.db'))
    expect(() => database.exec('UPDATE sockets SET insertions = 0')).toThrow(/only grow|CHECK/u)
    expect(() => database.exec('DELETE FROM sockets')).toThrow(/kept/u)
    database.close()
    stations = await open()
    expect(stations.view().sockets[0]?.insertions).toBeGreaterThanOrEqual(first?.insertions ?? 1)
    expect(stations.view().sockets[0]?.cleanedBy).toBe('Demo')
  } finally {
    await stations.close()
    rmSync(folder, { recursive: true })
  }
})
