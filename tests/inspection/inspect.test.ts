import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factoryEntries } from '../../src/main/espressif/factory-partition.ts'
import { readNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { writeNvs } from '../../src/main/espressif/nvs-write.ts'
import { inspectBytes, recognise, type InspectOptions } from '../../src/main/inspection/inspect.ts'
import { codeKind, inspectCode } from '../../src/main/inspection/inspect-code.ts'
import { inspectTogether } from '../../src/main/inspection/inspect-together.ts'
import { isRight, reportJson, reportText } from '../../src/main/inspection/inspect-report.ts'
import type { Inspection } from '../../src/main/inspection/inspection.ts'
import { certificatesIn } from '../../src/main/matter/certificate-read.ts'
import { encodeManualCode, encodeQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { computeVerifier } from '../../src/main/matter/spake2p.ts'
import { craft, pairs } from '../matter/crafted-certificates.ts'

const vectors = new URL('../vectors/', import.meta.url)
const vector = (name: string): Buffer => readFileSync(new URL(name, vectors))
const now = new Date('2026-12-01T00:00:00Z')
const folder = 'layout/all_options/fff2_8001/'
const id = readdirSync(new URL(folder, vectors)).find((name) => /^[0-9a-f]{8}-/u.test(name)) ?? ''
const partition = vector(`${folder}${id}/${id}-partition.bin`)
const QR = 'MT:634J042C00KA0648G00'

const inspect = (given: readonly (string | Uint8Array)[], options: Partial<InspectOptions> = {}) => {
  const items = given.map((item) => {
    if (typeof item !== 'string') return { source: 'file', found: inspectBytes(item, { now, ...options }) }
    const kind = codeKind(item)
    if (!kind) throw new Error('no code')
    return { source: 'code', found: [inspectCode(item, kind)] }
  })
  const report = {
    items,
    together: inspectTogether(
      items.flatMap(({ found }) => found),
      now,
    ),
  }
  return { ...report, right: isRight(report), report }
}
const fact = (inspection: Inspection | undefined, name: string) =>
  inspection?.facts.find((candidate) => candidate.name === name)?.value
const codes = (problems: readonly { severity: string; code: string }[]) =>
  problems.map(({ severity, code }) => `${severity} ${code}`)

describe('inspection', () => {
  test.each([
    ['factory partition', partition, 'nvs'],
    ['keys partition', vector('nvs/keys_fixed.bin'), 'nvs-keys'],
    ['esp_secure_cert', vector('seccert/dac_only.bin'), 'esp-secure-cert'],
    ['older esp_secure_cert', vector('seccert/legacy_custflash_der.bin'), 'esp-secure-cert'],
    ['certificate in PEM', vector('certs/DAC_cert.pem'), 'certificate'],
    ['certificate in DER', vector('dac/dac0.der'), 'certificate'],
    ['declaration', vector('certs/Chip-Test-CD-FFF2-8001.der'), 'certification-declaration'],
    ['private key in PEM', vector('keys/p8enc.pem'), 'private-key'],
    ['private key in DER', vector('keys/sec1.der'), 'private-key'],
    ['encrypted private key in DER', vector('keys/p8enc.der'), 'private-key'],
    ['PKCS#12', vector('keys/new.p12'), 'private-key'],
    ['QR code in a file', Buffer.from(`${QR}\n`), 'qr-code'],
    ['manual code in a file', Buffer.from('3497-011-2332'), 'manual-code'],
    ['empty file', new Uint8Array(0), 'unknown'],
    ['text', Buffer.from('hello'), 'unknown'],
  ])('%s is recognised', (_, bytes, kind) => {
    expect(recognise(bytes)).toBe(kind)
  })

  test('a manufacturing partition and its label are right together, with the PAA and the signer of the declaration', () => {
    const { items, together, right } = inspect([
      partition,
      QR,
      '34970112332',
      vector('certs/Chip-Test-PAA-NoVID-Cert.pem'),
      vector('certs/Chip-Test-CD-Signing-Cert.pem'),
    ])
    expect(right).toBe(true)
    expect(together.problems).toEqual([])
    expect(together.checks.map(({ words }) => words)).toEqual([
      'the DAC is under the PAI, and the PAI under the PAA',
      'the private key belongs to the DAC',
      'the Certification Declaration fits the product, the DAC, the PAI, its signer',
      'the code is that of the product',
      'the codes say the same',
      'the discriminator of the code is that of the device',
      'the passcode of the code opens the device',
      'the discriminator of the code is that of the device',
      'the passcode of the code opens the device',
    ])
    const [found] = items[0]?.found ?? []
    expect([fact(found, 'vendorId'), fact(found, 'serialNumber'), fact(found, 'locales')]).toEqual([
      0xfff2,
      'SN1',
      ['en-US', 'fr-FR'],
    ])
    expect(found?.parts?.map(({ kind }) => kind)).toEqual(['certificate', 'certificate', 'certification-declaration'])
  })

  test('a label of another device is found out, by passcode and by discriminator', () => {
    const payload = {
      vendorId: 0xfff2,
      productId: 0x8001,
      flow: 0 as const,
      discovery: 2,
      discriminator: 3840,
      passcode: 20202021,
    }
    const problems = (changes: object) =>
      codes(inspect([partition, encodeQrPayload({ ...payload, ...changes })]).together.problems)
    const without = ['note paa-not-given', 'note signer-not-given']
    expect(problems({})).toEqual(without)
    expect(problems({ passcode: 20202022 })).toEqual([...without, 'error passcode-differs'])
    expect(problems({ discriminator: 3841 })).toEqual([...without, 'error discriminator-differs'])
    expect(problems({ productId: 0x8000 })).toEqual([...without, 'error product-differs'])
    expect(codes(inspect([QR, '00000100007']).together.problems)).toEqual(['error codes-differ'])
  })

  test('of several devices a code needs to be that of one', () => {
    const device = (passcode: number, discriminator: number) => {
      const salt = new Uint8Array(16).fill(discriminator)
      const verifier = computeVerifier({ passcode, salt, iterations: 1000 })
      const data = { vendorId: 0xfff1, productId: 0x8000, discriminator, salt, iterations: 1000, verifier }
      return writeNvs(factoryEntries(data), { size: 0x3000, version: 2 })
    }
    const code = (passcode: number, discriminator: number) =>
      encodeManualCode({ vendorId: 0xfff1, productId: 0x8000, flow: 1, discovery: 2, discriminator, passcode })
    expect(inspect([device(11, 0x100), device(22, 0x200), code(22, 0x200), code(11, 0x100)]).together.problems).toEqual(
      [],
    )
    expect(codes(inspect([device(11, 0x100), device(22, 0x200), code(33, 0x200)]).together.problems)).toEqual([
      'error passcode-differs',
    ])
  })

  test('secrets are masked in words and in JSON, unless they are asked for', () => {
    const key = vector(`${folder}${id}/internal/DAC_private_key.bin`).toString('hex')
    const { report } = inspect([
      partition,
      QR,
      vector('keys/sec1.pem'),
      vector('nvs/keys_fixed.bin'),
      vector('seccert/dac_only.bin'),
    ])
    const secret = [
      key,
      '20202021',
      '3497-011-2332',
      'd2f351f57bb9387445a5f92a601d1c14',
      '000102030405060708090a0b0c0d0e0f',
      vector('keys/sec1.der').toString('hex').slice(14, 78),
    ]
    for (const text of [reportText(report, false), JSON.stringify(reportJson(report, false))])
      for (const value of secret) expect(text).not.toContain(value)
    const shown = [reportText(report, true), JSON.stringify(reportJson(report, true))]
    for (const value of secret) expect(shown.every((text) => text.includes(value))).toBe(true)
  })

  test('a plain NVS partition shows its keys; those whose name tells a secret are masked', () => {
    const entries = [
      { namespace: 'wifi', key: 'ssid', type: 'string', value: 'net' },
      { namespace: 'wifi', key: 'password', type: 'string', value: 'opensesame' },
    ] as const
    const { report, right } = inspect([writeNvs(entries, { size: 0x3000, version: 2 })])
    expect(right).toBe(true)
    expect(reportText(report, false)).toContain('"net"')
    expect(reportText(report, false)).not.toContain('opensesame')
    expect(reportText(report, true)).toContain('opensesame')
  })

  test('encrypted NVS needs its keys, and says so', () => {
    const bytes = vector('nvs/chip_factory_full_enc.bin')
    const { items, right } = inspect([bytes])
    expect([right, codes(items[0]?.found[0]?.problems ?? [])]).toEqual([false, ['error encrypted']])
    const keys = readNvsKeys(vector('nvs/keys_fixed.bin'), 'keys')
    expect(inspect([bytes], { keys }).items[0]?.found[0]).toMatchObject({
      kind: 'factory-partition',
      title: expect.stringContaining('encrypted'),
    })
  })

  test("the incumbent's image for a key in eFuse leaves the key in clear: that is wrong", () => {
    const { items, right } = inspect([vector('seccert/ds_esp32h2_efuse1.bin')])
    expect([right, codes(items[0]?.found[0]?.problems ?? [])]).toEqual([false, ['error key-in-clear']])
  })

  test.each<[string, (string | Uint8Array)[], string[]]>([
    ['a DAC without its PAI', [craft('dac')], ['note pai-not-given']],
    ['a DAC under a PAI', [craft('dac'), craft('pai')], ['note paa-not-given']],
    ['a PAI under its PAA', [craft('pai'), craft('paa')], []],
    [
      'a DAC that another signed',
      [craft('dac', { signer: pairs.stranger }), craft('pai'), craft('paa')],
      ['error signature'],
    ],
    [
      'a DAC of another product',
      [craft('dac'), craft('pai'), craft('paa'), vector('certs/Chip-Test-CD-FFF2-8001.der')],
      ['error dac-vendor', 'error dac-product', 'error pai-vendor', 'error pai-product', 'note signer-not-given'],
    ],
  ])('%s', (_, given, expected) => {
    expect(codes(inspect(given).together.problems)).toEqual(expected)
  })

  test('a key that belongs to none of the certificates', () => {
    expect(
      codes(inspect([craft('dac'), craft('pai'), craft('paa'), vector('keys/sec1.pem')]).together.problems),
    ).toEqual(['error key-differs'])
    expect(inspect([vector('certs/DAC_cert.pem'), vector('certs/DAC_key.pem')]).together.checks[0]).toEqual({
      words: 'the private key belongs to the DAC',
      right: true,
    })
  })

  test('certificates of one PEM file are a chain, and a fault is said once', () => {
    const pem = Buffer.concat(
      ['DAC_cert', 'Chip-Test-PAI-FFF2-8001-Cert', 'Chip-Test-PAA-NoVID-Cert'].map((name) =>
        vector(`certs/${name}.pem`),
      ),
    )
    const { items, together, right } = inspect([pem])
    expect(items[0]?.found).toHaveLength(3)
    expect([right, together.checks.length]).toEqual([true, 1])
    const bad = inspect([craft('dac', { keyUsage: undefined }), craft('pai'), craft('paa')])
    expect([bad.right, codes(bad.together.problems), codes(bad.items[0]?.found[0]?.problems ?? [])]).toEqual([
      false,
      [],
      ['error key-usage'],
    ])
  })

  test('values that the firmware would refuse are named', () => {
    const entries = [
      { namespace: 'chip-factory', key: 'discriminator', type: 'u32', value: 5000 },
      { namespace: 'chip-factory', key: 'vendor-id', type: 'u16', value: 1 },
      { namespace: 'chip-factory', key: 'verifier', type: 'string', value: 'AAAA' },
    ] as const
    const { items } = inspect([writeNvs(entries, { size: 0x3000, version: 2 })])
    expect(codes(items[0]?.found[0]?.problems ?? [])).toEqual([
      'error type',
      'error product-missing',
      'error value',
      'error verifier',
    ])
  })

  test('random and mutated files give a report', () => {
    const files = [
      partition,
      vector('seccert/dac_only.bin'),
      vector('certs/Chip-Test-CD-FFF2-8001.der'),
      vector('dac/dac0.der'),
      vector('keys/sec1.der'),
      vector('certs/DAC_cert.pem'),
      Buffer.from(QR),
    ]
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(255), (file, place, value) => {
        const bytes = Uint8Array.from(file)
        const at = place % bytes.length
        bytes[at] = value
        for (const candidate of [bytes, bytes.subarray(0, at)]) {
          const { report } = inspect([candidate])
          expect(reportText(report, false).length).toBeGreaterThan(0)
          expect(JSON.parse(JSON.stringify(reportJson(report, true))).items.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 60 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void inspect([bytes])))
  })

  test('a certificate in DER that is cut off says so', () => {
    const [der = new Uint8Array()] = certificatesIn(vector('certs/DAC_cert.pem'))
    expect(codes(inspect([der.subarray(0, 200)]).items[0]?.found[0]?.problems ?? [])).toEqual(['error unreadable'])
  })
})
