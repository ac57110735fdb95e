/** Espressif's own NVS generator against ours: the same bytes from the same CSV, and each reads what the other encrypted. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { XtsKeys } from '../../src/main/espressif/aes-xts.ts'
import { generateNvs, readNvsCsv } from '../../src/main/espressif/nvs-csv.ts'
import { NvsError, type NvsItem } from '../../src/main/espressif/nvs-entry.ts'
import { nvsKeysFrom, nvsKeysFromHmac, readNvsKeys, writeNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { runPython, type PythonOutcome } from './python-commands.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esp-idf-nvs-partition-gen==0.1.9'])
const MODULE = 'esp_idf_nvs_partition_gen'
const folder = mkdtempSync(join(tmpdir(), 'imprint-nvs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const reference = (commands: readonly (readonly string[])[]): Promise<PythonOutcome[]> =>
  tools
    ? runPython(
        tools,
        MODULE,
        commands.map((args) => ({ args, folder })),
      )
    : Promise.resolve([])

interface Row {
  readonly key: string
  readonly type: 'data' | 'file'
  readonly encoding: string
  /** Of the CSV, or of the file that it names. */
  readonly content: string | Uint8Array
}

const NUMBERS: Readonly<Record<string, readonly [min: bigint, max: bigint]>> = Object.fromEntries(
  [8n, 16n, 32n, 64n].flatMap((bits) => [
    [`u${bits}`, [0n, 2n ** bits - 1n]],
    [`i${bits}`, [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]],
  ]),
)

const numbers = fc.constantFrom(...Object.entries(NUMBERS)).chain(([encoding, [min, max]]) =>
  fc.record({
    encoding: fc.constant(encoding),
    content: fc.oneof(
      { weight: 600, arbitrary: fc.bigInt({ min, max }) },
      { weight: 200, arbitrary: fc.constantFrom(min, max) },
      { weight: 1, arbitrary: fc.constantFrom(min - 1n, max + 1n) },
    ),
  }),
)
/** Anything that text may hold: quotes, commas, line ends, letters of several bytes; no NUL, which ends a string. */
const texts = (longest: number) =>
  fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'ü', '产', '😀', ',', '"', '\n', '#', ' ', '\t'), maxLength: 60 }),
    fc.integer({ min: 1, max: longest }).map((length) => 'x'.repeat(length)),
  )
const blobs = (longest: number) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.integer({ min: 0, max: longest }).map((length) => new Uint8Array(length).fill(0x5a)),
  )
const as = (form: 'hex' | 'base64') => (bytes: Uint8Array) => Buffer.from(bytes).toString(form)
/** @param longest text or blob, bytes */
const values = (longest: number): fc.Arbitrary<Omit<Row, 'key'>> =>
  fc.oneof(
    { weight: 20, arbitrary: numbers.map((row) => ({ ...row, type: 'data' as const, content: String(row.content) })) },
    { weight: 3, arbitrary: texts(longest).map((content) => ({ type: 'data' as const, encoding: 'string', content })) },
    { weight: 1, arbitrary: texts(longest).map((content) => ({ type: 'file' as const, encoding: 'string', content })) },
    { weight: 2, arbitrary: blobs(longest).map((content) => ({ type: 'file' as const, encoding: 'binary', content })) },
    {
      weight: 2,
      arbitrary: blobs(longest).map((of) => ({ type: 'data' as const, encoding: 'hex2bin', content: as('hex')(of) })),
    },
    {
      weight: 1,
      arbitrary: blobs(longest).map((of) => ({ type: 'file' as const, encoding: 'hex2bin', content: as('hex')(of) })),
    },
    {
      weight: 2,
      arbitrary: blobs(longest).map((of) => ({ type: 'data' as const, encoding: 'base64', content: as('base64')(of) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('blob_fill', 'blob_sz_fill'), fc.nat(300), fc.stringMatching(/^[a-z]{0,40}$/u))
        .map(([kind, size, content]) => ({
          type: 'data' as const,
          encoding: `${kind}(${Math.max(size, content.length)};0xa5)`,
          content,
        })),
    },
  )
const keys = fc.oneof(
  { weight: 2000, arbitrary: fc.stringMatching(/^[a-zA-Z0-9_-]{1,15}$/u) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-zA-Z0-9_-]{16}$/u) },
)

/** As long as any text or blob may be in version 1, and longer than a text may be in either. */
const LONGEST = [1900, 6000] as const

/** A namespace is opened once: what is put into one that is opened again goes elsewhere in the reference. */
const namespacesOf = (longest: number) =>
  fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9-]{0,14}$/u),
      rows: fc.uniqueArray(
        fc.tuple(keys, values(longest)).map(([key, row]) => ({ key, ...row })),
        { selector: ({ key }) => key, maxLength: 40, size: 'max' },
      ),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
  )
const cases = fc.record({
  namespaces: fc.constantFrom(...LONGEST).chain(namespacesOf),
  version: fc.constantFrom(1, 2) as fc.Arbitrary<1 | 2>,
  pages: fc.constantFrom(1, 2, 3, 6, 12, 24, 32, 40),
})

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** Each with its files in the folder. */
const corpus = fc.sample(cases, { numRuns: 64, seed: 20261124 }).map(({ namespaces, version, pages }, index) => {
  const lines = namespaces.flatMap(({ name, rows }, space) => [
    `${name},namespace,,`,
    ...rows.map(({ key, type, encoding, content }, row) => {
      const file = at(`${index}-${space}-${row}.dat`)
      if (type === 'file') writeFileSync(file, content)
      return [key, type, encoding, quoted(type === 'file' ? file : String(content))].join(',')
    }),
  ])
  const csv = at(`${index}.csv`)
  const text = `key,type,encoding,value\n${lines.join('\n')}\n`
  writeFileSync(csv, text)
  return { name: `CSV ${index}`, csv, text, version, size: pages * 4096, bin: at(`${index}.bin`) }
})
type Case = (typeof corpus)[number]

const bytesOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 37 + seed * 101) & 0xff)
const ownKeys = nvsKeysFrom(bytesOf(64, 1))

/** undefined when ours refuses it. */
const ours = ({ text, csv, size, version }: Case, withKeys?: XtsKeys): Uint8Array | undefined => {
  try {
    return generateNvs(text, csv, readFileSync, { size, version, keys: withKeys })
  } catch (error) {
    if (error instanceof NvsError) return undefined
    throw error
  }
}
const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
const plain = (item: NvsItem): unknown[] =>
  item.type === 'namespace'
    ? []
    : [
        item.namespace,
        item.key,
        item.type,
        item.type === 'blob'
          ? Buffer.from(item.value).toString('hex')
          : item.type === 'string'
            ? item.value
            : BigInt(item.value),
      ]

describe.skipIf(!tools)('the reference generator', () => {
  let outcomes: PythonOutcome[] = []
  const accepted = (): Case[] => corpus.filter((_, index) => outcomes[index]?.failed === null)
  beforeAll(async () => {
    outcomes = await reference(
      corpus.map(({ csv, bin, size, version }) => ['generate', csv, bin, String(size), '--version', String(version)]),
    )
  })

  test('accepts and refuses the same CSVs as ours, and there are many of both', () => {
    const verdicts = corpus.map((one, index) => [one.name, outcomes[index]?.failed === null])
    expect(corpus.map((one) => [one.name, ours(one) !== undefined])).toEqual(verdicts)
    expect(accepted().length).toBeGreaterThanOrEqual(24)
    expect(corpus.length - accepted().length).toBeGreaterThanOrEqual(5)
  })

  test('makes the same bytes', () => {
    for (const one of accepted())
      expect(equal(ours(one) ?? new Uint8Array(), readFileSync(one.bin)), one.name).toBe(true)
  })

  test('makes partitions in which ours finds every value', () => {
    for (const one of accepted()) {
      const expected = readNvsCsv(one.text, one.csv, readFileSync).map(({ item }) => plain(item))
      const { entries, findings } = readNvs(readFileSync(one.bin))
      expect(findings, one.name).toEqual([])
      expect(entries.map(plain), one.name).toEqual(expected.filter((item) => item.length > 0))
    }
  })

  test('encrypts to the same bytes, and decrypts ours', async () => {
    const keysFile = at('own-keys.bin')
    writeFileSync(keysFile, writeNvsKeys(ownKeys))
    const some = accepted().filter((_, index) => index % 2 === 0)
    const commands = some.flatMap((one, index) => {
      writeFileSync(at(`ours-${index}.bin`), ours(one, ownKeys) ?? new Uint8Array())
      const { csv, size, version } = one
      const theirs = ['encrypt', csv, at(`theirs-${index}.bin`), String(size), '--version', String(version)]
      return [
        [...theirs, '--inputkey', keysFile],
        ['decrypt', at(`ours-${index}.bin`), keysFile, at(`clear-${index}.bin`)],
      ]
    })
    expect((await reference(commands)).map(({ failed }) => failed)).toEqual(commands.map(() => null))
    for (const [index, one] of some.entries()) {
      expect(equal(readFileSync(at(`ours-${index}.bin`)), readFileSync(at(`theirs-${index}.bin`))), one.name).toBe(true)
      expect(equal(readFileSync(at(`clear-${index}.bin`)), readFileSync(one.bin)), one.name).toBe(true)
    }
    expect(some.length).toBeGreaterThan(10)
  })

  test('has keys that ours reads, and derives the same ones from an HMAC key', async () => {
    const hmac = bytesOf(32, 2)
    writeFileSync(at('hmac.bin'), hmac)
    const one = accepted().find(({ text }) => text.includes(',data,'))
    if (!one) throw new Error('no CSV with a value was accepted')
    const made = at('made.bin')
    const theirs = await reference([
      ['generate-key', '--keyfile', 'new.bin', '--outdir', folder],
      ['encrypt', one.csv, made, String(one.size), '--version', String(one.version), '--inputkey', at('keys/new.bin')],
      [
        ...['generate-key', '--key_protect_hmac', '--kp_hmac_inputkey', at('hmac.bin')],
        ...['--keyfile', 'derived.bin', '--outdir', folder],
      ],
    ])
    expect(theirs.map(({ failed }) => failed)).toEqual([null, null, null])
    const newKeys = readNvsKeys(readFileSync(at('keys/new.bin')), 'new.bin')
    expect(equal(ours(one, newKeys) ?? new Uint8Array(), readFileSync(made))).toBe(true)
    expect(readNvs(readFileSync(made), newKeys).entries).toEqual(readNvs(readFileSync(one.bin)).entries)
    expect(equal(writeNvsKeys(nvsKeysFromHmac(hmac)), readFileSync(at('keys/derived.bin')))).toBe(true)
  })
})
