import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generateNvs } from '../../src/main/espressif/nvs-csv.ts'
import { NvsError } from '../../src/main/espressif/nvs-entry.ts'
import { readNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { writeNvs } from '../../src/main/espressif/nvs-write.ts'
import { nvsVectors, readVector, vectorNamed, type NvsVector } from './nvs-vectors.ts'

const generate = ({ csv, size, version, keyfile }: NvsVector): Uint8Array =>
  generateNvs(readVector(csv).toString(), csv, readVector, {
    size,
    version,
    keys: keyfile ? readNvsKeys(readVector(keyfile), keyfile) : undefined,
  })

const named = (vectors: NvsVector[]): [string, NvsVector][] => vectors.map((item) => [item.name, item])

describe('NVS writer', () => {
  test.each(named(nvsVectors.filter((item) => item.bin && !item.reopensNamespace)))(
    '%s equals the reference generator, byte for byte',
    (_, item) => {
      expect(Buffer.from(generate(item)).equals(readVector(item.bin ?? ''))).toBe(true)
    },
  )

  test.each(named(nvsVectors.filter((item) => !item.bin)))('%s is refused', (_, item) => {
    expect(() => generate(item)).toThrow(NvsError)
  })

  test.each(['prim_v1', 'prim_v2', 'prim_v2_enc'])(
    '%s: only keys after the re-opened namespace differ, by their namespace and what its checksum and cipher make of it',
    (name) => {
      const item = vectorNamed(name)
      const keys = item.keyfile ? readNvsKeys(readVector(item.keyfile), item.keyfile) : undefined
      const ours = generate(item)
      const theirs = readVector(item.bin)
      const placed = (bytes: Uint8Array) =>
        readNvs(bytes, keys).entries.map(({ namespace, key, value }) => ({ namespace, key, value }))
      const moved = new Set(['again', 'hx', 'b6'])
      expect(placed(ours)).toEqual(
        placed(theirs).map((entry) => (moved.has(entry.key) ? { ...entry, namespace: 'ns1' } : entry)),
      )
      expect(
        placed(theirs)
          .filter((entry) => moved.has(entry.key))
          .map((entry) => entry.namespace),
      ).toEqual(Array.from({ length: 3 }, () => 'ns2'))
      const firstMoved = readNvs(ours, keys).entries.find((entry) => entry.key === 'again')?.entry ?? 0
      expect(Buffer.from(ours.subarray(0, 64 + 32 * firstMoved)).equals(theirs.subarray(0, 64 + 32 * firstMoved))).toBe(
        true,
      )
    },
  )

  test('a value that does not fit its type is refused with its key and the limits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 256, max: 100_000 }), (value) => {
        expect(() => writeNvs([{ namespace: 'n', key: 'k', type: 'u8', value }], { size: 0x3000, version: 2 })).toThrow(
          /key 'k'.*0 to 255/u,
        )
      }),
    )
    for (const value of [1.5, Number.NaN, -1])
      expect(() => writeNvs([{ namespace: 'n', key: 'k', type: 'u32', value }], { size: 0x3000, version: 2 })).toThrow(
        NvsError,
      )
  })

  test('keys are counted in bytes: 15 are allowed', () => {
    const write = (key: string) =>
      writeNvs([{ namespace: 'n', key, type: 'u8', value: 1 }], { size: 0x3000, version: 2 })
    expect(readNvs(write('äöüäöüä')).entries[0]?.key).toBe('äöüäöüä')
    expect(() => write('äöüäöüäö')).toThrow(/has 16 bytes; 1 to 15 are allowed/u)
    expect(() => write('')).toThrow(/has 0 bytes/u)
  })

  test('a size that is no multiple of 4096 is refused', () => {
    for (const size of [0, -4096, 1, 0x3001, Number.NaN])
      expect(() => writeNvs([], { size, version: 2 })).toThrow(/multiple of 4096/u)
  })

  test('below 0x3000 bytes only the used pages are given; from there on the last page stays empty', () => {
    const entry = { namespace: 'n', key: 'k', type: 'blob', value: new Uint8Array(5000) } as const
    expect(writeNvs([], { size: 0x2000, version: 2 }).length).toBe(0x1000)
    expect(writeNvs([entry], { size: 0x2000, version: 2 }).length).toBe(0x2000)
    expect(() => writeNvs([entry, { ...entry, key: 'l' }], { size: 0x3000, version: 2 })).toThrow(/do not fit/u)
    expect(
      writeNvs([entry], { size: 0x3000, version: 2 })
        .subarray(0x2000)
        .every((byte) => byte === 0xff),
    ).toBe(true)
  })
})
