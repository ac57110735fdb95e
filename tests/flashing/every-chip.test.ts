/** Every chip, by the stub and by the ROM alone, at a higher rate: detection, MAC, flash size, crystal, write and read-back. */
import { expect, test } from 'vitest'
import { CHIP_NAMES } from '../../src/main/espressif/chips.ts'
import type { Region } from '../../src/main/flashing/images/prepare.ts'
import { app, macOf, openLine } from './simulated-line.ts'

const firmware: Region = { ...app, bytes: app.bytes.subarray(0, 30_000) }
const own: Region = { name: 'fctry', offset: 0x3e0000, bytes: new Uint8Array(0x1000).fill(7) }

test.each(CHIP_NAMES)('%s', async (chip) => {
  const line = await openLine({ slots: 2, chip, pace: Infinity }, [firmware], 1)
  try {
    for (const [slot, useStub] of [
      [1, true],
      [2, false],
    ] as const) {
      await line.bench.insert(slot, { mac: macOf(slot), faults: [] })
      // Whatever answers is taken: the chip has to be detected.
      const end = await line.runNow(slot, own, { chip: undefined, useStub }).ended
      expect(end).toMatchObject({
        ok: true,
        result: {
          board: { chip, mac: macOf(slot) },
          flashSize: 4 * 2 ** 20,
          regions: [{ verified: true }, { verified: true }],
        },
      })
      const flash = (await line.bench.flashOf(macOf(slot))) ?? new Uint8Array()
      for (const { offset, bytes } of [firmware, own])
        expect(Buffer.from(flash.subarray(offset, offset + bytes.length)).equals(bytes)).toBe(true)
    }
  } finally {
    await line.close()
  }
})
