/**
 * Espressif's own esp_secure_cert tool against ours: the same bytes from the same content, and each reads what the other made.
 *
 * Its `--parse_bin` ends with an exception at the first entry of type 201, which every Matter device has; for those the functions
 * behind it are asked.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SecureCertEntry } from '../../src/main/espressif/secure-cert-entry.ts'
import {
  matterContentOf,
  matterSecureCertEntries,
  type MatterSecureCert,
  type SecureCertCommissioning,
} from '../../src/main/espressif/secure-cert-matter.ts'
import { readSecureCert } from '../../src/main/espressif/secure-cert-read.ts'
import { readSignatureBlock, signSecureCert } from '../../src/main/espressif/secure-cert-signature.ts'
import { withIntegrity, writeSecureCert } from '../../src/main/espressif/secure-cert-write.ts'
import {
  certificatePem,
  issueCertificate,
  keyIdentifier,
  NO_EXPIRY,
  serialNumberFrom,
} from '../../src/main/matter/certificate-issue.ts'
import { keyPairFromScalar, privateKeyDer, privateKeyPem, signingKey } from '../../src/main/matter/key-pair.ts'
import { runPython, type PythonOutcome } from './python-commands.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esp-secure-cert-tool==2.6.1'])
const folder = mkdtempSync(join(tmpdir(), 'imprint-secure-cert-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (...names: string[]): string => join(folder, ...names)
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content)
  return at(name)
}
/** The tool writes into folders of its own below the one where it runs. */
const made = (...names: string[]): Buffer => readFileSync(at(...names))

/** Entries as the tool's own parser finds them, as JSON. */
const READER = write(
  'reader.py',
  `
import json, sys
from esp_secure_cert import tlv_parser
from esp_secure_cert.tlv_format_construct import EspSecureCert
image = open(sys.argv[1], 'rb').read()
entries = []
for entry in EspSecureCert._parse_tlv_entries_from_bin(sys.argv[1]):
    head, at = entry['header'], entry['offset']
    footer, _ = tlv_parser.parse_tlv_footer(image, at + tlv_parser.get_tlv_total_length(head) - 4)
    valid, _ = tlv_parser.verify_tlv_integrity(head, image[at:], footer)
    entries.append([head['type'], head['subtype'], head['flags'], entry['data'].hex(), valid])
print(json.dumps(entries))
`,
)
/** The older layout; the option for it ends with an exception in this version, the function behind it does not. */
const CUST_FLASH = write(
  'cust_flash.py',
  `
import sys
from esp_secure_cert import custflash_format
device, ca, key, out = sys.argv[1:]
custflash_format.generate_partition_no_ds(device, ca, key, None, 'esp32c3', out)
`,
)

/** @param program the tool itself without */
const run = (commands: readonly { args: readonly string[]; folder: string }[], program?: string) =>
  tools
    ? runPython(tools, program ?? join(tools.bin, 'configure_esp_secure_cert.py'), commands)
    : Promise.resolve<PythonOutcome[]>([])
const expectSuccess = (outcomes: readonly PythonOutcome[]): void => {
  expect(outcomes.filter(({ failed }) => failed !== null)).toEqual([])
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const commissionings: fc.Arbitrary<SecureCertCommissioning> = fc.record({
  discriminator: fc.nat(0xfff),
  verifier: bytes(97),
  salt: fc.uint8Array({ minLength: 16, maxLength: 32 }),
  iterations: fc.integer({ min: 1000, max: 100_000 }),
  rotatingId: bytes(16),
  random: fc.tuple(bytes(32), bytes(32)),
})
/** A PAI and a DAC with their names and keys; the tool refuses what is no certificate or key. */
const contents = fc
  .record({
    keys: fc.tuple(bytes(32), bytes(32)),
    name: fc.stringMatching(/^[a-z]{1,30}$/u),
    commissioning: fc.option(commissionings, { nil: undefined }),
  })
  .map(({ keys, name, commissioning }) => {
    const [paiKey, key] = keys.map((scalar) => keyPairFromScalar(Uint8Array.from([1, ...scalar.subarray(1)])))
    if (!paiKey || !key) throw new Error('two keys are needed')
    const issued = (role: 'pai' | 'dac', publicKey: Uint8Array) =>
      issueCertificate(
        {
          role,
          subject: { commonName: `${name} ${role}`, vendorId: 0xfff1, productId: 0x8000 },
          publicKey,
          serialNumber: serialNumberFrom(publicKey.subarray(1, 21)),
          validity: { from: new Date('2026-01-01'), to: NO_EXPIRY },
        },
        // An empty name will do: nobody goes up this chain.
        { subject: Uint8Array.of(0x30, 0), key: signingKey(paiKey), keyIdentifier: keyIdentifier(paiKey.publicKey) },
      )
    const paiCertificate = issued('pai', paiKey.publicKey)
    return { dacCertificate: issued('dac', key.publicKey), paiCertificate, key, commissioning }
  })

const units = fc.sample(contents, { numRuns: 12, seed: 20261124 }).map((content, index) => {
  const place = `unit-${index}`
  mkdirSync(at(place))
  return { place, content, image: writeSecureCert(matterSecureCertEntries(content)) }
})

/** The tool's CSV of these entries, each in a file of its own. */
const writeCsv = (place: string, entries: readonly SecureCertEntry[], keyKind = 'plaintext'): string => {
  const rows = entries.map(({ type, subtype, data }) => {
    const file = write(join(place, `${type}-${subtype}.dat`), data)
    return [type, subtype, file, 'file', ...(type === 2 ? [keyKind, 'ECDSA', 256, 1, ''] : ['', '', '', '', ''])]
  })
  const head = 'tlv_type,tlv_subtype,data_value,data_type,priv_key_type,algorithm,key_size,efuse_id,efuse_key'
  return write(join(place, 'given.csv'), `${[head, ...rows.map((row) => row.join(','))].join('\n')}\n`)
}
const generated = (place: string): Buffer => made(place, 'esp_secure_cert_data', 'esp_secure_cert.bin')
const generate = (place: string, csv: string, chip = 'esp32c3') => ({
  args: ['--esp_secure_cert_csv', csv, '--skip_flash', '--target_chip', chip],
  folder: at(place),
})

const plain = ({ type, subtype, flags, data }: SecureCertEntry) => [
  type,
  subtype,
  flags,
  Buffer.from(data).toString('hex'),
]
const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

describe.skipIf(!tools)("the incumbent's esp_secure_cert tool", () => {
  beforeAll(async () => {
    const commands = units.map(({ place, content }) =>
      generate(place, writeCsv(place, matterSecureCertEntries(content))),
    )
    expectSuccess(await run(commands))
  })

  test('makes the same bytes as ours', () => {
    for (const { place, image } of units) expect(equal(generated(place), withIntegrity(image)), place).toBe(true)
  })

  test('makes images that ours reads, each value as it was given', () => {
    for (const { place, content } of units) {
      const { entries, findings, format } = readSecureCert(generated(place))
      expect([format, findings], place).toEqual(['tlv', []])
      const { dacCertificate, paiCertificate, key, commissioning } = content
      const found = matterContentOf(entries)
      const { discriminator, iterations, verifier, salt, rotatingId } = commissioning ?? {}
      expect([found.discriminator, found.iterations], place).toEqual([discriminator, iterations])
      const pairs = [
        [found.dacCertificate, dacCertificate],
        [found.paiCertificate, paiCertificate],
        [found.privateKey, privateKeyDer(key)],
        [found.verifier, verifier],
        [found.salt, salt],
        [found.rotatingId, rotatingId],
      ] as const
      for (const [value, given] of pairs)
        expect(value && Buffer.from(value), place).toEqual(given && Buffer.from(given))
    }
  })

  test('reads ours, entry by entry', async () => {
    const outcomes = await run(
      units.map(({ place, image }) => ({ args: [write(join(place, 'ours.bin'), withIntegrity(image))], folder })),
      READER,
    )
    expectSuccess(outcomes)
    for (const [index, { place, content, image }] of units.entries()) {
      const given = matterSecureCertEntries(content).map((entry) => [...plain(entry), true])
      const integrity = [...plain(readSecureCert(withIntegrity(image)).entries.at(-1) as SecureCertEntry), true]
      expect(JSON.parse(outcomes[index]?.said ?? ''), place).toEqual([...given, integrity])
    }
  })

  test('makes our bytes again from what it parsed of ours', async () => {
    const place = 'again'
    mkdirSync(at(place))
    const { dacCertificate, paiCertificate, key } = units[0]?.content as MatterSecureCert
    const image = writeSecureCert([
      ...matterSecureCertEntries({ dacCertificate, paiCertificate, key }),
      { type: 51, subtype: 3, flags: 0, data: Uint8Array.of(0, 1, 255) },
    ])
    expectSuccess(await run([{ args: ['--parse_bin', write(join(place, 'ours.bin'), image)], folder: at(place) }]))
    const parsed = join(place, 'esp_secure_cert_parsed_data')
    expectSuccess(await run([generate(parsed, 'esp_secure_cert_parsed.csv')]))
    expect(equal(generated(parsed), withIntegrity(image))).toBe(true)
  })

  test('keeps PEM, of which ours takes off the NUL', async () => {
    const place = 'pem'
    mkdirSync(at(place))
    const { dacCertificate, paiCertificate, key } = units[1]?.content ?? {}
    if (!dacCertificate || !paiCertificate || !key) throw new Error('a unit is needed')
    const texts = [certificatePem(dacCertificate), certificatePem(paiCertificate), privateKeyPem(key)]
    const entries = [1, 0, 2].map((type, index) => ({
      type,
      subtype: 0,
      flags: 0,
      data: Buffer.from(texts[index] ?? ''),
    }))
    expectSuccess(await run([generate(place, writeCsv(place, entries))]))
    const {
      dacCertificate: dac,
      paiCertificate: pai,
      privateKey,
    } = matterContentOf(readSecureCert(generated(place)).entries)
    expect(
      [dac, pai, privateKey].map((text) =>
        Buffer.from(text ?? [])
          .toString()
          .trim(),
      ),
    ).toEqual(texts.map((text) => text.trim()))
  })

  test('adds integrity and signatures as ours does', async () => {
    const place = 'signed'
    mkdirSync(at(place))
    const image = units[2]?.image ?? new Uint8Array()
    const keys = [3, 4].map((index) => units[index]?.content.key).filter((key) => key !== undefined)
    const keyFiles = keys.map((key, index) => write(join(place, `key-${index}.pem`), privateKeyPem(key)))
    const whole = write(join(place, 'whole.bin'), image)
    const sign = ['--secure-sign', '--signing-scheme', 'ecdsa256', '--skip_flash', '--signing-key-file', ...keyFiles]
    expectSuccess(
      await run([
        { args: [...sign, '--esp-secure-cert-file', write(join(place, 'bare.bin'), image)], folder: at(place) },
        { args: ['--append-integrity', whole], folder: at(place) },
      ]),
    )
    const END = Uint8Array.of(0xff, 0xff, 0, 0)
    expect(equal(readFileSync(whole), Buffer.concat([withIntegrity(image), END]))).toBe(true)

    const theirs = made(place, 'esp_secure_cert_data', 'esp_secure_cert_signed.bin')
    const ours = signSecureCert(image, keys.map(signingKey))
    // ECDSA signatures differ each time, and with them checksums and the digest; all else is equal.
    const described = (bytes: Uint8Array) =>
      readSecureCert(bytes).entries.map(({ type, subtype, flags, data, offset }) => {
        const block = type === 8 ? { ...readSignatureBlock(data), signature: undefined } : undefined
        return { type, subtype, flags, offset, length: data.length, content: block ?? (type === 9 ? undefined : data) }
      })
    expect(readSecureCert(theirs).findings).toEqual([])
    expect(described(theirs)).toEqual(described(ours))
    expect(described(theirs).filter(({ type }) => type === 8)).toHaveLength(2)
    expect([theirs.length, equal(theirs.subarray(-4), END)]).toEqual([ours.length, true])
  })

  test('leaves the key of the ECDSA peripheral in the image, where ours does not, and reads ours', async () => {
    const place = 'peripheral'
    mkdirSync(at(place))
    const { dacCertificate, paiCertificate, key } = units[5]?.content ?? {}
    if (!dacCertificate || !paiCertificate || !key) throw new Error('a unit is needed')
    const given = matterSecureCertEntries({ dacCertificate, paiCertificate, key })
    expectSuccess(await run([generate(place, writeCsv(place, given, 'ecdsa_peripheral'), 'esp32h2')]))
    expect(generated(place).includes(Buffer.from(key.privateKey))).toBe(true)
    expect(readSecureCert(generated(place)).findings.map(({ code }) => code)).toEqual(['key-in-clear'])

    const entries = matterSecureCertEntries({ dacCertificate, paiCertificate, key: { efuseKeyId: 1 } })
    const image = writeSecureCert(entries)
    expect(Buffer.from(image).includes(Buffer.from(key.privateKey))).toBe(false)
    const [outcome] = await run([{ args: [write(join(place, 'ours.bin'), image)], folder: at(place) }], READER)
    expect(JSON.parse(outcome?.said ?? '')).toEqual(entries.map((entry) => [...plain(entry), true]))
  })

  test('makes the older layout, which ours reads', async () => {
    const { dacCertificate, paiCertificate, key } = units[6]?.content ?? {}
    if (!dacCertificate || !paiCertificate || !key) throw new Error('a unit is needed')
    const files = [dacCertificate, paiCertificate, privateKeyDer(key)].map((der, index) =>
      write(`cust-${index}.der`, der),
    )
    expectSuccess(await run([{ args: [...files, at('cust.bin')], folder }], CUST_FLASH))
    const { format, entries, findings } = readSecureCert(made('cust.bin'))
    expect([format, findings]).toEqual(['cust-flash', []])
    expect(entries.map(plain)).toEqual(matterSecureCertEntries({ dacCertificate, paiCertificate, key }).map(plain))
  })
})
