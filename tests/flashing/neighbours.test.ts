/** What one slot does is no matter to its neighbours, though a single thread serves them all. */
import { afterEach, expect, test } from 'vitest'
import type { Region } from '../../src/main/flashing/images/prepare.ts'
import { slotPath } from '../../src/main/simulator/bench-protocol.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { app, macOf, openLine, type Line } from './simulated-line.ts'

const own: Region = { name: 'fctry', offset: 0x3e0000, bytes: new Uint8Array(0x1000).fill(7) }

let line: Line
afterEach(() => line.close())

test.each(['flood', 'stalled-answer', 'no-answer', 'usb-unplugged', 'power-lost'])(
  'the neighbours of a board with %s pass, and its port is free in the end',
  async (fault) => {
    line = await openLine({ slots: 4, chip: 'esp32c3', pace: 20 }, [app], 1)
    for (const slot of [1, 2, 3, 4])
      await line.bench.insert(slot, { mac: macOf(slot), faults: slot === 1 ? [parseFault(fault)] : [] })
    // The first waits for its board for ever where that never answers.
    const bad = line.run(1, own)
    const good = [2, 3, 4].map((slot) => line.runNow(slot, own))
    for (const { ended } of good) expect(await ended).toMatchObject({ ok: true })
    bad.cancel()
    await bad.ended
    expect(await line.bench.openPorts()).toBe(0)
  },
)

test('closing the workers ends what waits, what writes and what watches, and frees every port', async () => {
  line = await openLine({ slots: 3, chip: 'esp32c3', pace: 5 }, [app])
  for (const slot of [2, 3]) await line.bench.insert(slot, { mac: macOf(slot), faults: [] })
  const waiting = line.run(1, own)
  const writing = line.run(2, own)
  const watching = line.workers.awaitRemoval(3, slotPath(3), macOf(3))
  await writing.found
  await line.workers.close()
  expect(await waiting.ended).toMatchObject({ ok: false, failure: { code: 'stopped' } })
  expect(await writing.ended).toMatchObject({ ok: false, failure: { code: 'stopped' } })
  await watching.ended
  expect(await line.bench.openPorts()).toBe(0)
  await line.bench.close()
  line = { ...line, close: () => Promise.resolve() }
})
