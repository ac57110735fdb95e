import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseNvsCsv } from '../../src/main/espressif/nvs-csv.ts'
import { NvsError } from '../../src/main/espressif/nvs-entry.ts'
import { writeNvs } from '../../src/main/espressif/nvs-write.ts'

const folder = new URL('../vectors/nvs/', import.meta.url)
const read = (name: string): Buffer => readFileSync(new URL(name.replace(/^.*\//u, ''), folder))

interface Case {
  readonly name: string
  readonly csv: string
  readonly size: number
  readonly version: 1 | 2
  readonly encrypted?: boolean
  readonly bin: string | null
  readonly result: string
  readonly reopensNamespace?: boolean
}
const cases: Case[] = JSON.parse(read('manifest.json').toString()).filter((item: Case) => item.encrypted === false)
const generate = (item: Case): Uint8Array =>
  writeNvs(parseNvsCsv(read(item.csv).toString(), item.csv, read), { size: item.size, version: item.version })

describe('NVS writer', () => {
  test.each(cases.filter((item) => item.bin && !item.reopensNamespace).map((item) => [item.name, item] as const))(
    '%s equals the reference generator',
    (_, item) => {
      expect(Buffer.from(generate(item)).equals(read(item.bin ?? ''))).toBe(true)
    },
  )

  test.each(cases.filter((item) => !item.bin).map((item) => [item.name, item] as const))('%s is refused', (_, item) => {
    expect(() => generate(item)).toThrow(NvsError)
  })

  test('a key after a re-opened namespace belongs to that one, where the reference puts it into the latest', () => {
    const item = cases.find((candidate) => candidate.name === 'prim_v2')
    if (!item?.bin) throw new Error('the vector is missing')
    const ours = Buffer.from(generate(item))
    const theirs = read(item.bin)
    const entry = (bytes: Buffer, key: string): Buffer => {
      for (let at = 64; at < 4096; at += 32)
        if (
          bytes
            .subarray(at + 8, at + 24)
            .toString('latin1')
            .replace(/\0+$/u, '') === key
        )
          return bytes.subarray(at, at + 32)
      throw new Error(`no entry ${key}`)
    }
    expect([entry(ours, 'again')[0], entry(theirs, 'again')[0]]).toEqual([1, 2])
    expect(entry(ours, 'hello').equals(entry(theirs, 'hello'))).toBe(true)
  })

  test('a value that does not fit its type is refused with its key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 256, max: 100_000 }), (value) => {
        expect(() => writeNvs([{ namespace: 'n', key: 'k', type: 'u8', value }], { size: 0x3000, version: 2 })).toThrow(
          /key 'k'.*0 to 255/u,
        )
      }),
    )
  })

  test('a bad row is named by file and line', () => {
    const csv = 'key,type,encoding,value\nns,namespace,,\na,data,u8,1\nb,data,u8,one\n'
    expect(() => parseNvsCsv(csv, 'my.csv', read)).toThrow(/^my\.csv:4: key 'b': 'one' is no integer/u)
  })
})
