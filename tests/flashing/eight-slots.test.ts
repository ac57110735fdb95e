import { afterEach, describe, expect, test } from 'vitest'
import type { Region } from '../../src/main/flashing/images/prepare.ts'
import { slotPath } from '../../src/main/simulator/bench-protocol.ts'
import { firmware, macOf, openLine, type Line } from './simulated-line.ts'

const SLOTS = [1, 2, 3, 4, 5, 6, 7, 8]
const ownOf = (slot: number): Region => ({
  name: 'fctry',
  offset: 0x3e0000,
  bytes: firmware(0x6000).fill(slot, 0, 64),
})

let line: Line
afterEach(() => line.close())

describe('eight slots', () => {
  test('a firmware of 1.5 MB is on all eight boards, each with its own region', async () => {
    const common: Region[] = [
      { name: 'bootloader', offset: 0, bytes: firmware(20_000) },
      { name: 'app', offset: 0x10000, bytes: firmware(1_500_000) },
    ]
    line = await openLine({ slots: 8, chip: 'esp32c3', pace: 10 }, common)
    const own = SLOTS.map(ownOf)
    const runs = own.map((region, index) => line.run(index + 1, region))
    for (const slot of SLOTS) await line.bench.insert(slot, { mac: macOf(slot), faults: [] })
    const ends = await Promise.all(runs.map((run) => run.ended))
    for (const [index, end] of ends.entries()) {
      expect(end).toMatchObject({ ok: true, result: { board: { mac: macOf(index + 1) } } })
      const flash = (await line.bench.flashOf(macOf(index + 1))) ?? new Uint8Array()
      for (const { offset, bytes } of [...common, own[index] as Region])
        expect(Buffer.from(flash.subarray(offset, offset + bytes.length)).equals(bytes)).toBe(true)
    }
  })
})

describe('a socket whose adapter stays when the board is taken out', () => {
  const common: Region[] = [{ name: 'app', offset: 0x10000, bytes: firmware(20_000) }]
  const program = async (slot: number): Promise<void> => {
    expect(await line.run(slot, ownOf(slot)).ended).toMatchObject({ ok: true })
  }

  test('a board that comes into an empty slot is found', async () => {
    line = await openLine({ slots: 1, chip: 'esp32c3', pace: 10 }, common)
    const run = line.run(1, ownOf(1))
    await new Promise((resolve) => setTimeout(resolve, 600))
    await line.bench.insert(1, { mac: macOf(1), faults: [] })
    await run.found
    expect(await run.ended).toMatchObject({ ok: true })
  })

  test('a finished board is reset once to be watched, and its removal is noticed', async () => {
    line = await openLine({ slots: 1, chip: 'esp32c3', pace: 10 }, common)
    await line.bench.insert(1, { mac: macOf(1), faults: [] })
    await program(1)
    const before = (await line.bench.stateOf(1))?.resets ?? 0
    let gone = false
    const removal = line.workers.awaitRemoval(1, slotPath(1), macOf(1))
    void removal.ended.then(() => (gone = true))
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(gone).toBe(false)
    expect(await line.bench.stateOf(1)).toEqual({ mac: macOf(1), mode: 'rom', resets: before + 1 })
    await line.bench.remove(1)
    await removal.ended
  })

  test('a board that is swapped for another is noticed, before and after the watch began', async () => {
    line = await openLine({ slots: 1, chip: 'esp32c3', pace: 10 }, common)
    await line.bench.insert(1, { mac: macOf(1), faults: [] })
    await line.bench.insert(1, { mac: macOf(2), faults: [] })
    await line.workers.awaitRemoval(1, slotPath(1), macOf(1)).ended
    const removal = line.workers.awaitRemoval(1, slotPath(1), macOf(2))
    await new Promise((resolve) => setTimeout(resolve, 500))
    await line.bench.insert(1, { mac: macOf(3), faults: [] })
    await removal.ended
    await program(1)
    expect(await line.bench.flashOf(macOf(3))).toBeDefined()
  })

  test('a board that is pulled out while it is written fails alone', async () => {
    line = await openLine({ slots: 2, chip: 'esp32c3', pace: 10 }, [
      { name: 'app', offset: 0x10000, bytes: firmware(400_000) },
    ])
    for (const slot of [1, 2]) await line.bench.insert(slot, { mac: macOf(slot), faults: [] })
    const runs = [1, 2].map((slot) => line.run(slot, ownOf(slot)))
    await runs[0]?.writes
    await line.bench.remove(1)
    expect(await runs[0]?.ended).toMatchObject({ ok: false, failure: { code: 'no-progress' } })
    expect(await runs[1]?.ended).toMatchObject({ ok: true })
  })
})
