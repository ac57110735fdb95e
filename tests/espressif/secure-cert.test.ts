import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SecureCertError, tlvSize, type SecureCertEntry } from '../../src/main/espressif/secure-cert-entry.ts'
import {
  matterContentOf,
  matterSecureCertEntries,
  type SecureCertCommissioning,
} from '../../src/main/espressif/secure-cert-matter.ts'
import { readSecureCert } from '../../src/main/espressif/secure-cert-read.ts'
import { signSecureCert } from '../../src/main/espressif/secure-cert-signature.ts'
import { withIntegrity, writeSecureCert } from '../../src/main/espressif/secure-cert-write.ts'
import { keyPairFromScalar, privateKeyDer, signingKey } from '../../src/main/matter/key-pair.ts'

const vector = (name: string): Buffer => readFileSync(new URL(`../vectors/seccert/${name}`, import.meta.url))
const key = keyPairFromScalar(vector('DAC_private_key.bin'))
const chain = { dacCertificate: vector('DAC_cert.der'), paiCertificate: vector('PAI_cert.der') }
const manifest: { name: string; args: Record<string, string> }[] = JSON.parse(vector('manifest.json').toString())
const given = manifest.find(({ name }) => name === 'all_in_secure_cert_random_fixed')?.args ?? {}
const base64 = (name: string): Uint8Array => Buffer.from(given[name] ?? '', 'base64')
const image = (...parts: Parameters<typeof matterSecureCertEntries>) =>
  Buffer.from(writeSecureCert(matterSecureCertEntries(...parts)))
const codes = (bytes: Uint8Array) => readSecureCert(bytes).findings.map(({ severity, code }) => `${severity} ${code}`)

/** The random values that the vector was made with are in it. */
const random = ((): readonly [Uint8Array, Uint8Array] => {
  const { entries } = readSecureCert(vector('all_in_secure_cert_random_fixed.bin'))
  const value = (subtype: number) => entries.find((entry) => entry.type === 201 && entry.subtype === subtype)?.data
  return [value(128) ?? new Uint8Array(), value(129) ?? new Uint8Array()]
})()
const commissioning: SecureCertCommissioning = {
  discriminator: Number(given.discriminator),
  iterations: Number(given.iteration_count),
  salt: base64('salt'),
  verifier: base64('verifier'),
  rotatingId: base64('rd_id_uid'),
  random,
}

const anyEntry: fc.Arbitrary<SecureCertEntry> = fc.record({
  // Signature and integrity entries say something about the image, and 50 ends it.
  type: fc.integer({ min: 0, max: 255 }).filter((type) => type !== 8 && type !== 9 && type !== 50),
  subtype: fc.nat(255),
  flags: fc.constantFrom(0, 0x80, 0x40),
  data: fc.uint8Array({ maxLength: 300 }),
})
const entryLists = fc.uniqueArray(anyEntry, { maxLength: 12, selector: ({ type, subtype }) => `${type}/${subtype}` })

describe('esp_secure_cert', () => {
  test('the key as SEC1 in DER equals the incumbent, byte for byte', () => {
    expect(Buffer.from(privateKeyDer(key)).equals(vector('DAC_key.der'))).toBe(true)
  })

  test('DAC, PAI and key equal the incumbent, byte for byte', () => {
    expect(image({ ...chain, key }).equals(vector('dac_only.bin'))).toBe(true)
  })

  test('commissioning data and rotating id equal the incumbent, byte for byte', () => {
    expect(image({ ...chain, key, commissioning }).equals(vector('all_in_secure_cert_random_fixed.bin'))).toBe(true)
  })

  test('with the key in eFuse the image does not hold it, where the incumbent leaves it in clear', () => {
    const ours = image({ ...chain, key: { efuseKeyId: 1 } })
    const theirs = vector('ds_esp32h2_efuse1.bin')
    expect(theirs.includes(Buffer.from(key.privateKey))).toBe(true)
    expect(ours.includes(Buffer.from(key.privateKey))).toBe(false)
    // All is equal but for the length and the data of the last entry: its head, then nothing, and another checksum.
    const last = theirs.length - tlvSize(121)
    expect(ours.subarray(0, last + 10).equals(theirs.subarray(0, last + 10))).toBe(true)
    expect([ours.readUInt16LE(last + 10), theirs.readUInt16LE(last + 10)]).toEqual([0, 121])
    expect(ours.length).toBe(last + tlvSize(0))
    expect(codes(ours)).toEqual([])
    expect(codes(theirs)).toEqual(['error key-in-clear'])
    expect(matterContentOf(readSecureCert(ours).entries)).toMatchObject({
      privateKey: undefined,
      efuseKeyId: 1,
      keyFlags: 8,
    })
  })

  test('an image is read back as it was given', () => {
    const found = matterContentOf(readSecureCert(image({ ...chain, key, commissioning })).entries)
    const { discriminator, verifier, salt, iterations, rotatingId } = commissioning
    const expected = { discriminator, verifier, salt, iterations, rotatingId }
    const hex = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)
    expect(Object.fromEntries(Object.entries(found).map(([name, value]) => [name, hex(value)]))).toEqual({
      ...Object.fromEntries(Object.entries({ ...chain, ...expected }).map(([name, value]) => [name, hex(value)])),
      privateKey: vector('DAC_key.der').toString('hex'),
      keyFlags: 0,
      efuseKeyId: undefined,
    })
  })

  test.each(['legacy_tlv_der.bin', 'legacy_custflash_der.bin'])('%s is read', (name) => {
    const { entries, findings, format } = readSecureCert(vector(name))
    expect(findings).toEqual([])
    expect(format).toBe(name.includes('tlv') ? 'tlv' : 'cust-flash')
    const found = matterContentOf(entries)
    expect(Buffer.from(found.dacCertificate ?? []).equals(chain.dacCertificate)).toBe(true)
    expect(Buffer.from(found.paiCertificate ?? []).equals(chain.paiCertificate)).toBe(true)
    expect(Buffer.from(found.privateKey ?? []).equals(vector('DAC_key.der'))).toBe(true)
  })

  test('a certificate in PEM loses the NUL that ends it', () => {
    const pem = vector('DAC_cert.pem')
    const entries = [{ type: 1, subtype: 0, flags: 0, data: Buffer.concat([pem, Uint8Array.of(0)]) }]
    expect(
      Buffer.from(matterContentOf(readSecureCert(writeSecureCert(entries)).entries).dacCertificate ?? []).equals(pem),
    ).toBe(true)
  })

  test('every list of entries survives, also padded to the partition', () => {
    fc.assert(
      fc.property(entryLists, (list) => {
        fc.pre(list.length > 0)
        const bytes = writeSecureCert(list)
        const padded = Buffer.concat([bytes, Buffer.alloc(0x2000 - bytes.length, 0xff)])
        for (const candidate of [bytes, padded]) {
          const { entries, findings } = readSecureCert(candidate)
          expect(entries.map(({ type, subtype, flags, data }) => ({ type, subtype, flags, data }))).toEqual(list)
          expect(findings).toEqual([])
        }
      }),
    )
  })

  test('a list that is too large is refused', () => {
    const entry = { type: 51, subtype: 0, flags: 0, data: new Uint8Array(8160) }
    expect(writeSecureCert([entry]).length).toBe(8176)
    expect(() => writeSecureCert([{ ...entry, data: new Uint8Array(8177) }])).toThrow(SecureCertError)
    expect(() => withIntegrity(writeSecureCert([entry]))).toThrow(/no room for its integrity/u)
  })

  test('integrity and signature are made and checked', () => {
    const bytes = image({ ...chain, key })
    const whole = withIntegrity(bytes)
    expect(whole.length).toBe(bytes.length + tlvSize(32))
    expect(codes(whole)).toEqual([])
    const signed = Buffer.from(signSecureCert(bytes, [signingKey(key)]))
    expect(codes(signed)).toEqual([])
    expect(readSecureCert(signed).entries.map(({ type, subtype }) => `${type}/${subtype}`)).toEqual([
      '1/0',
      '0/0',
      '2/0',
      '8/0',
      '9/0',
    ])
    const forged = Buffer.from(
      writeSecureCert([
        ...matterSecureCertEntries({ ...chain, key: { efuseKeyId: 1 } }),
        ...readSecureCert(signed).entries.slice(3),
      ]),
    )
    expect(codes(forged)).toEqual(['error signature', 'error integrity'])
  })

  test('two signing keys give two blocks', () => {
    const other = signingKey(keyPairFromScalar(Buffer.alloc(32, 5)))
    const { entries, findings } = readSecureCert(signSecureCert(image({ ...chain, key }), [signingKey(key), other], 1))
    expect(findings).toEqual([])
    expect(entries.slice(3).map(({ type, subtype }) => `${type}/${subtype}`)).toEqual(['8/0', '8/1', '9/1'])
  })

  test('a block of another algorithm is noted as not checked', () => {
    const data = Buffer.alloc(1216)
    data[0] = 1
    expect(codes(writeSecureCert([{ type: 8, subtype: 0, flags: 0, data }]))).toEqual(['note signature-unchecked'])
    data[12] = 9
    expect(codes(writeSecureCert([{ type: 8, subtype: 0, flags: 0, data }]))).toEqual(['error signature'])
  })

  test('any changed bit is noticed', () => {
    const bytes = image({ ...chain, key })
    fc.assert(
      fc.property(fc.integer({ min: 4, max: bytes.length - 1 }), fc.nat(7), (at, bit) => {
        const changed = Uint8Array.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        expect(readSecureCert(changed).findings.length).toBeGreaterThan(0)
      }),
    )
    const legacy = vector('legacy_custflash_der.bin')
    for (const at of [0, 4, 64, 585, 2112, 6208, 6328]) {
      const changed = Uint8Array.from(legacy)
      changed[at] = (changed[at] ?? 0) ^ 0x40
      expect(codes(changed)).toEqual(['error checksum'])
    }
  })

  test('a wrong length or place is named', () => {
    expect(codes(image({ ...chain, key }).subarray(0, 1100))).toEqual(['error cut-off'])
    expect(codes(Buffer.concat([image({ ...chain, key }), Buffer.from('nonsense')]))).toEqual(['error stray'])
    const entries = matterSecureCertEntries({ ...chain, key })
    expect(codes(writeSecureCert([...entries, ...entries.slice(0, 1)]))).toEqual(['note duplicate'])
  })

  test.each([
    ['an eFuse key id', { key: { efuseKeyId: 6 } }, /eFuse key id 6 is not allowed; 0 to 5/u],
    [
      'a verifier',
      { key, commissioning: { ...commissioning, verifier: new Uint8Array(96) } },
      /verifier has 96 bytes; 97/u,
    ],
    ['a salt', { key, commissioning: { ...commissioning, salt: new Uint8Array(33) } }, /salt has 33 bytes; 16 to 32/u],
    [
      'a rotating id',
      { key, commissioning: { ...commissioning, rotatingId: new Uint8Array(15) } },
      /rotating id has 15 bytes; 16/u,
    ],
  ])('%s out of its limits is refused', (_, changes, message) => {
    expect(() => matterSecureCertEntries({ ...chain, ...changes })).toThrow(message)
  })

  test('random and mutated images give a value or a typed error', () => {
    const read = (bytes: Uint8Array): void => {
      try {
        matterContentOf(readSecureCert(bytes).entries)
      } catch (error) {
        expect(error).toBeInstanceOf(SecureCertError)
      }
    }
    const magic = fc.uint8Array({ maxLength: 400 }).map((rest) => Buffer.concat([Buffer.from('11ba5eba', 'hex'), rest]))
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), magic), read))
    const name = fc.constantFrom('legacy_custflash_der.bin', 'dac_only.bin', 'all_in_secure_cert_random_fixed.bin')
    fc.assert(
      fc.property(name, fc.nat(), fc.nat(255), (file, place, value) => {
        const bytes = Uint8Array.from(vector(file))
        const at = place % bytes.length
        read(bytes.subarray(0, at))
        bytes[at % 64] = value
        bytes[at] = value
        read(bytes)
      }),
    )
  })
})
