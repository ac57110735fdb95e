import { describe, expect, test } from 'vitest'
import { CHIPS, type ChipName } from '../../src/main/espressif/chips.ts'
import { readRevision } from '../../src/main/flashing/loader/chip-revision.ts'
import { securityOfEfuses } from '../../src/main/flashing/loader/identify.ts'
import type { Loader } from '../../src/main/flashing/loader/loader.ts'

/** A loader that knows nothing but these words of the eFuses, and the registers elsewhere. */
const loaderWith = (chip: ChipName, words: Readonly<Record<number, number>>, asked: number[] = []): Loader =>
  ({
    request: (_: string, body: Uint8Array) => {
      const address = new DataView(body.buffer, body.byteOffset).getUint32(0, true)
      asked.push(address)
      return Promise.resolve({ value: words[address - CHIPS[chip].efuseBase] ?? words[address] ?? 0, data: body })
    },
  }) as unknown as Loader

/** Words as espefuse shows them for chips of these revisions. */
const CASES: readonly (readonly [ChipName, string, Readonly<Record<number, number>>])[] = [
  ['esp32', 'v0.0', {}],
  ['esp32', 'v1.0', { 0x0c: 1 << 15 }],
  ['esp32', 'v2.1', { 0x0c: 1 << 15, 0x14: (1 << 20) | (1 << 24) }],
  ['esp32', 'v3.1', { 0x0c: 1 << 15, 0x14: (1 << 20) | (1 << 24), 0x3ff6607c: 0x80000000 }],
  ['esp32s2', 'v1.2', { 0x50: 1 << 18, 0x54: 2 << 4 }],
  ['esp32s2', 'v1.10', { 0x50: (1 << 18) | (1 << 20), 0x54: 2 << 4 }],
  ['esp32s3', 'v0.2', { 0x50: 2 << 18 }],
  ['esp32s3', 'v1.0', { 0x58: 1 << 24 }],
  ['esp32s3', 'v0.0', { 0x58: 1 << 24, 0x50: 1 << 24, 0x6c: 1 }],
  ['esp32c2', 'v2.1', { 0x44: (2 << 20) | (1 << 16) }],
  ['esp32c3', 'v0.4', { 0x50: 4 << 18 }],
  ['esp32c3', 'v1.9', { 0x58: (1 << 24) | (1 << 23), 0x50: 1 << 18 }],
  ['esp32c5', 'v1.2', { 0x4c: (1 << 4) | 2 }],
  ['esp32c6', 'v0.3', { 0x50: 3 << 18 }],
  ['esp32h2', 'v1.2', { 0x50: (1 << 21) | (2 << 18) }],
  ['esp32p4', 'v3.1', { 0x4c: (3 << 4) | 1 }],
  ['esp32p4', 'v4.0', { 0x4c: 1 << 23 }],
]

describe('the revision of a chip is read from its eFuses', () => {
  test.each(CASES)('%s %s', async (chip, revision, words) => {
    expect(await readRevision(loaderWith(chip, words), CHIPS[chip])).toBe(revision)
  })

  test('and no word is asked for twice', async () => {
    for (const chip of Object.values(CHIPS)) {
      const asked: number[] = []
      await readRevision(loaderWith(chip.name, {}, asked), chip)
      expect(new Set(asked).size).toBe(asked.length)
    }
  })
})

test.each([
  ['of the older kind', {}, 1 << 4, true],
  ['of the newer kind before v3.0, which does not heed it', { 0x0c: 1 << 15 }, 1 << 5, false],
  ['of the newer kind', { 0x0c: 1 << 15, 0x14: 1 << 20, 0x3ff6607c: 0x80000000 }, 1 << 5, true],
] as const)('secure boot of an ESP32 %s', async (_, revision, bits, on) => {
  const loader = loaderWith('esp32', { ...revision, 0x18: bits })
  expect(await securityOfEfuses(loader, CHIPS.esp32)).toMatchObject({ secureBoot: on, flashEncryption: false })
})
