import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NvsError, nvsCrc, type NvsEntry } from '../../src/main/espressif/nvs-entry.ts'
import { nvsKeysFrom, readNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { writeNvs } from '../../src/main/espressif/nvs-write.ts'
import { nvsVectors, readVector, vectorNamed } from './nvs-vectors.ts'

const names = fc.string({
  minLength: 1,
  maxLength: 15,
  unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
})
const numbers = fc.oneof(
  ...(
    [
      ['u8', 0n, 0xffn],
      ['i8', -0x80n, 0x7fn],
      ['u16', 0n, 0xffffn],
      ['i16', -0x8000n, 0x7fffn],
      ['u32', 0n, 0xffffffffn],
      ['i32', -0x80000000n, 0x7fffffffn],
      ['u64', 0n, 0xffffffffffffffffn],
      ['i64', -0x8000000000000000n, 0x7fffffffffffffffn],
    ] as const
  ).map(([type, min, max]) =>
    fc.bigInt({ min, max }).map((value) => ({ type, value: type.endsWith('64') ? value : Number(value) })),
  ),
)
const values = fc.oneof(
  numbers,
  fc
    .string({ maxLength: 100 })
    .filter((text) => !text.includes('\0'))
    .map((value) => ({ type: 'string' as const, value })),
  fc.uint8Array({ maxLength: 1500 }).map((value) => ({ type: 'blob' as const, value })),
)
/** Entries of several namespaces, no key twice. */
const entries = fc
  .uniqueArray(fc.tuple(fc.constantFrom('one', 'two', 'three'), names, values), {
    maxLength: 40,
    selector: ([namespace, key]) => `${namespace}/${key}`,
  })
  .map((list) => list.map(([namespace, key, value]): NvsEntry => ({ namespace, key, ...value })))

const plain = ({ namespace, key, type, value }: NvsEntry) => ({
  namespace,
  key,
  type,
  value: value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
})
const bare = (partition: ReturnType<typeof readNvs>) => partition.entries.map(plain)
const expected = (list: readonly NvsEntry[]) => list.map(plain)

/** What a device does when it erases an item: only the states change. */
const erase = (partition: Uint8Array, page: number, first: number, count: number): void => {
  for (let entry = first; entry < first + count; entry++) {
    const at = page * 4096 + 32 + (entry >> 2)
    partition[at] = (partition[at] ?? 0) & ~(3 << ((entry & 3) * 2))
  }
}
const setState = (partition: Uint8Array, page: number, state: number): void => {
  new DataView(partition.buffer, partition.byteOffset).setUint32(page * 4096, state, true)
}
const write = (list: readonly NvsEntry[], size = 0x6000): Uint8Array =>
  Uint8Array.from(writeNvs(list, { size, version: 2 }))
const u8 = (key: string, value: number): NvsEntry => ({ namespace: 'n', key, type: 'u8', value })

describe('NVS reader', () => {
  test('everything that is written is read, in both versions, encrypted or not', () => {
    fc.assert(
      fc.property(
        entries,
        fc.constantFrom<1 | 2>(1, 2),
        fc.option(fc.uint8Array({ minLength: 64, maxLength: 64 })),
        (list, version, key) => {
          const keys = key ? nvsKeysFrom(key) : undefined
          const partition = readNvs(writeNvs(list, { size: 0x20000, version, keys }), keys)
          expect(bare(partition)).toEqual(expected(list))
          expect(partition.findings).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })

  test.each(nvsVectors.filter((item) => item.bin).map((item) => [item.name, item] as const))(
    '%s, written by the reference generator, is read without a finding',
    (_, item) => {
      const keys = item.keyfile ? readNvsKeys(readVector(item.keyfile), item.keyfile) : undefined
      const partition = readNvs(readVector(item.bin ?? ''), keys)
      expect(partition.findings).toEqual([])
      expect(partition.entries.length).toBeGreaterThan(1)
      expect(partition.pages.filter((page) => page.state === 'active')).toHaveLength(1)
    },
  )

  test('an erased value is gone, and its entries are counted', () => {
    const bytes = write([u8('a', 1), { namespace: 'n', key: 'b', type: 'string', value: 'x'.repeat(40) }, u8('c', 3)])
    erase(bytes, 0, 2, 3)
    const partition = readNvs(bytes)
    expect(partition.entries.map((entry) => entry.key)).toEqual(['a', 'c'])
    expect(partition.pages[0]).toMatchObject({
      state: 'active',
      sequence: 0,
      version: 2,
      written: 3,
      erased: 3,
      free: 120,
    })
    expect(partition.findings).toEqual([])
  })

  test('pages are read by their sequence number, not by their place', () => {
    const bytes = write(Array.from({ length: 200 }, (_, index) => u8(`k${index}`, index)))
    const swapped = Uint8Array.from(bytes)
    swapped.set(bytes.subarray(0, 4096), 4096)
    swapped.set(bytes.subarray(4096, 8192), 0)
    expect(bare(readNvs(swapped))).toEqual(bare(readNvs(bytes)))
  })

  test('a blob whose chunks a device rewrote under the other range of indexes is read', () => {
    const value = Uint8Array.from({ length: 6000 }, (_, index) => index % 251)
    const bytes = write([{ namespace: 'n', key: 'b', type: 'blob', value }])
    for (let at = 64; at < 8192; at += 32) {
      const [namespace, type] = bytes.subarray(at, at + 2)
      const header = at % 4096 >= 64 && namespace === 1 && (type === 0x42 || type === 0x48) && bytes[at + 8] === 0x62
      if (!header) continue
      if (type === 0x42) bytes[at + 3] = (bytes[at + 3] ?? 0) + 0x80
      else bytes[at + 29] = 0x80
      const crc = nvsCrc(Buffer.concat([bytes.subarray(at, at + 4), bytes.subarray(at + 8, at + 32)]))
      new DataView(bytes.buffer).setUint32(at + 4, crc, true)
    }
    const partition = readNvs(bytes)
    expect(partition.findings).toEqual([])
    expect(bare(partition)).toEqual(expected([{ namespace: 'n', key: 'b', type: 'blob', value }]))
  })

  test('a value written anew before the old one was erased counts once, as the device counts it', () => {
    const bytes = write([u8('a', 1), u8('b', 2), u8('a', 9)])
    const partition = readNvs(bytes)
    expect(partition.entries.map(({ key, value }) => [key, value])).toEqual([
      ['b', 2],
      ['a', 9],
    ])
    expect(partition.findings.map(({ severity, code }) => [severity, code])).toEqual([['note', 'duplicate']])
  })

  test('a page that was being freed is read, and its unfinished copy is not', () => {
    const bytes = write([u8('a', 1), u8('b', 2)])
    bytes.copyWithin(4096, 0, 4096)
    const copy = new DataView(bytes.buffer, 4096)
    copy.setUint32(4, 1, true)
    copy.setUint32(28, nvsCrc(bytes.subarray(4096 + 4, 4096 + 28)), true)
    erase(bytes, 1, 2, 1)
    setState(bytes, 0, 0xfffffff8)
    const partition = readNvs(bytes)
    expect(partition.entries.map(({ key, page }) => [key, page])).toEqual([
      ['a', 0],
      ['b', 0],
    ])
    expect(partition.pages.slice(0, 2).map((page) => page.state)).toEqual(['freeing', 'active'])
    expect(partition.findings.map(({ code }) => code)).toEqual(['page-freeing'])
  })

  test.each([
    ['a wrong header checksum', (bytes: Uint8Array) => void (bytes[28] = (bytes[28] ?? 0) ^ 1)],
    ['a state that no page has', (bytes: Uint8Array) => setState(bytes, 0, 0x12345678)],
    ['the state corrupt', (bytes: Uint8Array) => setState(bytes, 0, 0xfffffff0)],
    ['an empty state over content', (bytes: Uint8Array) => setState(bytes, 0, 0xffffffff)],
  ])('a page with %s is reported as corrupt', (_, damage) => {
    const bytes = write([u8('a', 1)])
    damage(bytes)
    const partition = readNvs(bytes)
    expect(partition.pages[0]?.state).toBe('corrupt')
    expect(partition.findings.map(({ severity, code }) => [severity, code])).toEqual([['error', 'page-corrupt']])
    expect(partition.entries).toEqual([])
  })

  test('one wrong bit in an entry or in its data is reported with page and entry, and only that value is lost', () => {
    const list: NvsEntry[] = [
      u8('a', 1),
      { namespace: 'n', key: 's', type: 'string', value: 'y'.repeat(70) },
      u8('z', 3),
    ]
    const clean = write(list)
    // Entries: 0 namespace, 1 a, 2 to 5 the string with its data, 6 z.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(31), fc.nat(7), (entry, byte, bit) => {
        // What follows the end of the string is not covered by any checksum.
        fc.pre(entry !== 5 || byte < 71 - 64)
        const bytes = Uint8Array.from(clean)
        const at = 64 + entry * 32 + byte
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        const partition = readNvs(bytes)
        const lost = entry === 1 ? 'a' : entry === 6 ? 'z' : 's'
        expect(partition.entries.map(({ key }) => key)).toEqual(['a', 's', 'z'].filter((key) => key !== lost))
        expect(partition.findings).toHaveLength(1)
        expect(partition.findings[0]).toMatchObject({
          severity: 'error',
          code: entry > 2 && entry < 6 ? 'data-checksum' : 'entry-checksum',
        })
        expect(partition.findings[0]?.message).toMatch(/^page 0, entr/u)
      }),
    )
  })

  test('a blob that lost a chunk is reported', () => {
    const bytes = write([{ namespace: 'n', key: 'b', type: 'blob', value: new Uint8Array(6000) }])
    erase(bytes, 0, 1, 125)
    expect(readNvs(bytes).findings.map(({ code }) => code)).toEqual(['chunk-missing'])
    const orphan = write([{ namespace: 'n', key: 'b', type: 'blob', value: new Uint8Array(40) }, u8('z', 1)])
    erase(orphan, 0, 4, 1)
    expect(readNvs(orphan).findings.map(({ code }) => code)).toEqual(['chunk-orphan'])
  })

  test('an encrypted partition without its keys says so', () => {
    const { bin } = vectorNamed('chip_factory_full_enc')
    expect(readNvs(readVector(bin)).findings.map(({ code }) => code)).toEqual(['encrypted'])
    const wrong = nvsKeysFrom(new Uint8Array(64))
    expect(readNvs(readVector(bin), wrong).findings[0]?.message).toMatch(/belong to another partition/u)
  })

  test('random and mutated partitions give a value or a typed error', () => {
    const { bin } = vectorNamed('chip_factory_full')
    const clean = readVector(bin)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(clean.length - 1), fc.nat(255)), { maxLength: 40 }), (changes) => {
        const bytes = Uint8Array.from(clean)
        for (const [at, value] of changes) bytes[at] = value
        readNvs(bytes)
      }),
      { numRuns: 60 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9000 }), (bytes) => {
        if (bytes.length % 4096 === 0 && bytes.length > 0) readNvs(bytes)
        else expect(() => readNvs(bytes)).toThrow(NvsError)
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), (bytes) => void readNvs(bytes)))
  })

  test('hostile entries with valid checksums are never read outside their page', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 20 }),
        fc.nat(105),
        (heads, first) => {
          const bytes = write([u8('a', 1)])
          bytes.fill(0xaa, 32, 64)
          for (const [index, head] of heads.entries()) {
            const at = 64 + (first + index) * 32
            bytes.set(head, at)
            bytes[at + 1] = [0x21, 0x41, 0x42, 0x48][index % 4] ?? 0
            const crc = nvsCrc(Buffer.concat([bytes.subarray(at, at + 4), bytes.subarray(at + 8, at + 32)]))
            new DataView(bytes.buffer).setUint32(at + 4, crc, true)
          }
          expect(readNvs(bytes).findings.length).toBeGreaterThan(0)
        },
      ),
    )
  })
})
