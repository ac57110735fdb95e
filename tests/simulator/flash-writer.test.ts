/** When the stub's flash erases and programs: what the flasher's speed on a used chip hangs on. */
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createFlashMemory } from '../../src/main/simulator/flash-memory.ts'
import { createStubWriter, type FlashWriter } from '../../src/main/simulator/flash-writer.ts'
import { BLOCK_ERASE, programTime, SECTOR_ERASE } from '../../src/main/simulator/flash-timing.ts'

const WINDOW = 0x8000
const noise = Uint8Array.from({ length: 0x20000 }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 13) & 0xff)

interface Begun {
  readonly writer: FlashWriter
  readonly read: (length: number) => Uint8Array
  /** Takes a block at a moment; gives the milliseconds of work. */
  takeAt(moment: number, block: Uint8Array): ReturnType<FlashWriter['take']>
}

const begin = (size: number, used: boolean, compressed: boolean): Begun => {
  const flash = createFlashMemory(0x100000)
  if (used) flash.program(0, new Uint8Array(0x100000))
  let clock = 0
  const writer = createStubWriter({ flash, offset: 0, size }, compressed, () => clock)
  return {
    writer,
    read: (length) => flash.read(0, length),
    takeAt(moment, block) {
      clock = moment
      return writer.take(block)
    },
  }
}

test('the erase that the beginning started is over by the time that the first block has come', async () => {
  const { takeAt } = begin(WINDOW * 2, true, false)
  expect(await takeAt(BLOCK_ERASE, noise.subarray(0, 0x4000))).toBe(programTime(0x4000))
})

test('a block that comes before its cells are erased waits for them', async () => {
  const { takeAt } = begin(WINDOW * 2, true, false)
  expect(await takeAt(BLOCK_ERASE / 3, noise.subarray(0, 0x4000))).toBe((BLOCK_ERASE * 2) / 3 + programTime(0x4000))
})

test('what is unpacked is programmed by 32 kB, and the rest at the end', async () => {
  const size = WINDOW + 0x1000
  const stream = deflateSync(noise.subarray(0, size), { level: 0 })
  const { takeAt, read } = begin(size, false, true)
  expect(await takeAt(0, stream.subarray(0, 0x4000))).toBe(0)
  expect(read(0x4000).every((byte) => byte === 0xff)).toBe(true)
  expect(await takeAt(200, stream.subarray(0x4000))).toBe(programTime(size))
  expect(Buffer.from(read(size)).equals(noise.subarray(0, size))).toBe(true)
})

test('the flash erases ahead while it has nothing else to do, and programming then waits', async () => {
  const size = WINDOW * 4
  const stream = deflateSync(noise.subarray(0, size), { level: 0 })
  const { takeAt } = begin(size, true, true)
  // The first block of 64 kB is erased; as the stream goes on the second is begun, though nothing is written there yet.
  expect(await takeAt(BLOCK_ERASE, stream.subarray(0, WINDOW + 100))).toBe(BLOCK_ERASE + programTime(WINDOW))
})

test('blank cells cost no erase until the first that is not blank', async () => {
  const { takeAt } = begin(0x3000, false, false)
  expect(await takeAt(0, noise.subarray(0, 0x3000))).toBe(programTime(0x3000))
  const { takeAt: takeUsed } = begin(0x1000, true, false)
  expect(await takeUsed(0, noise.subarray(0, 0x1000))).toBe(SECTOR_ERASE + programTime(0x1000))
})

test('a block that is no stream, and one beyond the end of the flash, are refused', async () => {
  const { takeAt } = begin(0x1000, false, true)
  expect(await takeAt(0, noise.subarray(0, 100))).toBe('inflate-failed')
  const flash = createFlashMemory(0x1000)
  const writer = createStubWriter({ flash, offset: 0, size: 0x2000 }, false, () => 0)
  expect(await writer.take(noise.subarray(0, 0x2000))).toBe('flash-failed')
})
