import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyAttestationChain } from '../../src/main/matter/attestation-chain.ts'
import {
  encodeSubject,
  issueCertificate,
  keyIdentifier,
  NO_EXPIRY,
  serialNumberFrom,
} from '../../src/main/matter/certificate-issue.ts'
import { CertificateError, certificatesIn, readCertificate } from '../../src/main/matter/certificate-read.ts'
import { validityWithin } from '../../src/main/matter/certificate-validity.ts'
import { integer, octets, oid, sequence, yes } from '../../src/main/matter/der.ts'
import { signingKey } from '../../src/main/matter/key-pair.ts'
import {
  attributes,
  COMMON_NAME,
  craft,
  DAY,
  extension,
  make,
  name,
  pairs,
  PRODUCT,
  VENDOR,
  type Parts,
} from './crafted-certificates.ts'

const vector = (file: string): Uint8Array =>
  certificatesIn(readFileSync(new URL(`../vectors/${file}`, import.meta.url)))[0] ?? new Uint8Array()

type Role = 'paa' | 'pai' | 'dac'
const verify = (changed: Role, changes: Partial<Parts>) => {
  const chain = { dac: craft('dac'), pai: craft('pai'), paa: craft('paa'), [changed]: craft(changed, changes) }
  return verifyAttestationChain(chain, DAY)
}
const codes = (changed: Role, changes: Partial<Parts>) =>
  verify(changed, changes).map(({ certificate, code }) => `${certificate} ${code}`)
const date = (text: string): Date => new Date(`${text}T00:00:00Z`)

describe('attestation chain', () => {
  test('a right chain has no fault; so have the published test chains', () => {
    expect(verify('dac', {})).toEqual([])
    const pai = vector('certs/Chip-Test-PAI-FFF2-8001-Cert.pem')
    const paa = vector('certs/Chip-Test-PAA-NoVID-Cert.pem')
    expect(verifyAttestationChain({ dac: vector('certs/DAC_cert.pem'), pai, paa }, DAY)).toEqual([])
    expect(verifyAttestationChain({ dac: vector('dac/dac0.der'), pai, paa }, DAY)).toEqual([])
    expect(verifyAttestationChain({ pai, paa }, DAY)).toEqual([])
    expect(verifyAttestationChain({ dac: vector('certs/DAC_cert.pem'), pai }, DAY)).toEqual([])
  })

  test.each<[string, Role, Partial<Parts>, string[]]>([
    ['version 1', 'dac', { version: undefined }, ['dac version']],
    ['version 2', 'pai', { version: sequence().fill(0xa0, 0, 1) }, ['pai unreadable']],
    [
      'another signature algorithm',
      'dac',
      { algorithm: sequence(oid('1.2.840.10045.4.3.3')) },
      ['dac signature-algorithm'],
    ],
    [
      'another one outside',
      'dac',
      { outerAlgorithm: sequence(oid('1.2.840.10045.4.3.3')) },
      ['dac signature-algorithm'],
    ],
    ['another curve', 'dac', { key: sequence(oid('1.2.840.10045.2.1'), oid('1.3.132.0.34')) }, ['dac key']],
    ['an RSA key', 'dac', { key: sequence(oid('1.2.840.113549.1.1.1')) }, ['dac key']],
    ['a point off the curve', 'dac', { publicKey: Uint8Array.from(pairs.dac.publicKey).fill(9, 60) }, ['dac key']],
    [
      'a compressed point',
      'dac',
      { publicKey: Uint8Array.from(pairs.dac.publicKey.subarray(0, 33)).fill(2, 0, 1) },
      ['dac key'],
    ],
    ['no basic constraints', 'dac', { basicConstraints: undefined }, ['dac basic-constraints']],
    [
      'a DAC that is an authority',
      'dac',
      { basicConstraints: make.basicConstraints(yes()) },
      ['dac basic-constraints'],
    ],
    ['a DAC with a path length', 'dac', { basicConstraints: make.basicConstraints(integer(0)) }, ['dac path-length']],
    ['a PAI that is no authority', 'pai', { basicConstraints: make.basicConstraints() }, ['pai basic-constraints']],
    ['a PAI without path length', 'pai', { basicConstraints: make.basicConstraints(yes()) }, ['pai path-length']],
    [
      'a PAI with path length 1',
      'pai',
      { basicConstraints: make.basicConstraints(yes(), integer(1)) },
      ['pai path-length'],
    ],
    [
      'a PAA with path length 0',
      'paa',
      { basicConstraints: make.basicConstraints(yes(), integer(0)) },
      ['paa path-length'],
    ],
    ['a PAA without path length', 'paa', { basicConstraints: make.basicConstraints(yes()) }, []],
    [
      'basic constraints that are not critical',
      'dac',
      { basicConstraints: extension('2.5.29.19', false, sequence()) },
      ['dac extension'],
    ],
    ['no key usage', 'dac', { keyUsage: undefined }, ['dac key-usage']],
    ['a DAC that signs certificates', 'dac', { keyUsage: make.keyUsage(0x84) }, ['dac key-usage']],
    ['a PAI that signs no revocations', 'pai', { keyUsage: make.keyUsage(0x04) }, ['pai key-usage']],
    ['a PAI that signs data as well', 'pai', { keyUsage: make.keyUsage(0x86) }, []],
    ['a PAI that encrypts as well', 'pai', { keyUsage: make.keyUsage(0x26) }, ['pai key-usage']],
    ['no subject key identifier', 'dac', { subjectKeyIdentifier: undefined }, ['dac subject-key-id']],
    [
      'a short subject key identifier',
      'dac',
      { subjectKeyIdentifier: make.skid(new Uint8Array(19)) },
      ['dac subject-key-id'],
    ],
    ['no authority key identifier', 'dac', { authorityKeyIdentifier: undefined }, ['dac authority-key-id']],
    ['a PAA without authority key identifier', 'paa', { authorityKeyIdentifier: undefined }, []],
    [
      'an authority key identifier of another',
      'dac',
      { authorityKeyIdentifier: make.akid(new Uint8Array(20)) },
      ['dac issuer-key-id'],
    ],
    ['an extension twice', 'dac', { more: [make.skid(keyIdentifier(pairs.dac.publicKey))] }, ['dac extension']],
    [
      'an unknown critical extension',
      'dac',
      { more: [extension('1.2.3.4', true, octets(new Uint8Array(1)))] },
      ['dac extension'],
    ],
    ['a critical extended key usage', 'dac', { more: [extension('2.5.29.37', true, sequence())] }, []],
    [
      'an unknown extension that is not critical',
      'dac',
      { more: [extension('1.2.3.4', false, octets(new Uint8Array(1)))] },
      [],
    ],
    ['no vendor ID', 'dac', { subject: name('DAC', '', '8000') }, ['dac vendor-missing']],
    ['no product ID', 'dac', { subject: name('DAC', 'FFF1') }, ['dac product-missing']],
    ['another vendor than the PAI', 'dac', { subject: name('DAC', 'FFF2', '8000') }, ['dac vendor-differs']],
    ['another product than the PAI', 'dac', { subject: name('DAC', 'FFF1', '8001') }, ['dac product-differs']],
    ['a vendor ID in small letters', 'dac', { subject: name('DAC', 'fff1', '8000') }, ['dac ids']],
    [
      'a vendor ID twice',
      'dac',
      {
        subject: attributes([
          [COMMON_NAME, 'DAC'],
          [VENDOR, 'FFF1'],
          [VENDOR, 'FFF1'],
          [PRODUCT, '8000'],
        ]),
      },
      ['dac ids'],
    ],
    ['IDs in the common name', 'dac', { subject: name('ACME Mvid:FFF1 Mpid:8000', '') }, []],
    ['IDs in the common name, close together', 'dac', { subject: name('Mpid:8000,ACMEMvid:FFF1xyz', '') }, []],
    ['a prefix without a whole value', 'dac', { subject: name('ACME Mvid:FFF', 'FFF1', '8000') }, ['dac ids']],
    [
      'a common name that says otherwise beside attributes',
      'dac',
      { subject: name('ACME Mvid:FFF4 Mpid:1234', 'FFF1', '8000') },
      [],
    ],
    [
      'a vendor in an attribute and the product in the name',
      'dac',
      { subject: name('ACME Mpid:8000', 'FFF1') },
      ['dac product-missing'],
    ],
    ['another signer', 'dac', { signer: pairs.stranger }, ['dac signature']],
    ['another issuer by name', 'dac', { issuer: name('Other', 'FFF1', '8000') }, ['dac issuer-name']],
    ['a PAI by another signer', 'pai', { signer: pairs.stranger }, ['pai signature']],
    ['a PAA not signed by itself', 'paa', { signer: pairs.stranger }, ['paa signature']],
    ['a DAC that is not valid yet', 'dac', { from: date('2026-07-01') }, ['dac not-yet-valid']],
    ['a DAC that expired', 'dac', { to: date('2026-05-01') }, ['dac expired']],
    [
      'a DAC issued before its PAI was valid',
      'dac',
      { from: date('2025-01-01') },
      ['pai not-valid-at-issuance', 'paa not-valid-at-issuance'],
    ],
    ['a PAI that expired since', 'pai', { to: date('2026-02-01') }, []],
    [
      'a PAI that had expired',
      'pai',
      { from: date('2020-01-01'), to: date('2025-12-31') },
      ['pai not-valid-at-issuance'],
    ],
  ])('%s', (_, role, changes, expected) => {
    expect(codes(role, changes)).toEqual(expected)
  })

  test('a PAA with a product ID, or of another vendor', () => {
    const withSubject = (subject: Uint8Array) =>
      verifyAttestationChain(
        { dac: craft('dac'), pai: craft('pai', { issuer: subject }), paa: craft('paa', { subject, issuer: subject }) },
        DAY,
      ).map(({ certificate, code }) => `${certificate} ${code}`)
    expect(withSubject(name('PAA', 'FFF1', '8000'))).toEqual(['paa product-forbidden'])
    expect(withSubject(name('PAA', 'FFF2'))).toEqual(['pai vendor-differs'])
    expect(withSubject(name('PAA', ''))).toEqual([])
  })

  test('every fault says in a sentence which certificate it is about', () => {
    expect(verify('dac', { subject: name('DAC', 'FFF2', '8001') }).map(({ message }) => message)).toEqual([
      'DAC: its vendor ID is FFF2, that of the PAI is FFF1',
      'DAC: its product ID is 8001, that of the PAI is 8000',
    ])
    expect(verify('dac', { to: date('2026-05-01') })[0]?.message).toBe('DAC: it was valid until 2026-05-01T00:00:00Z')
  })

  test('any changed byte of the DAC is noticed, and nothing is thrown', () => {
    const [dac, pai, paa] = [craft('dac'), craft('pai'), craft('paa')]
    fc.assert(
      fc.property(fc.nat(dac.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(dac)
        bytes[at] = (bytes[at] ?? 0) ^ change
        expect(verifyAttestationChain({ dac: bytes, pai, paa }, DAY).length).toBeGreaterThan(0)
        expect(verifyAttestationChain({ dac, pai: bytes, paa: bytes.subarray(0, at) }, DAY).length).toBeGreaterThan(0)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(verifyAttestationChain({ pai: bytes }, DAY)[0]?.code).toBe('unreadable')
      }),
    )
  })
})

describe('issuing', () => {
  const issue = (role: 'pai' | 'dac', idsInCommonName: boolean) => {
    const subject = { commonName: 'ACME', vendorId: 0xfff1, productId: 0x8000, idsInCommonName }
    const issuer = role === 'pai' ? 'paa' : 'pai'
    return issueCertificate(
      {
        role,
        subject,
        publicKey: pairs[role].publicKey,
        serialNumber: serialNumberFrom(randomBytes(20)),
        validity: { from: date('2026-01-01'), to: NO_EXPIRY },
      },
      {
        subject: readCertificate(craft(issuer), issuer).subject,
        key: signingKey(pairs[issuer]),
        keyIdentifier: keyIdentifier(pairs[issuer].publicKey),
      },
    )
  }

  test.each([false, true])('our own DAC and PAI have no fault, IDs in the common name: %s', (idsInCommonName) => {
    const [dac, pai] = [issue('dac', idsInCommonName), issue('pai', idsInCommonName)]
    expect(verifyAttestationChain({ dac, pai: craft('pai'), paa: craft('paa') }, DAY)).toEqual([])
    expect(verifyAttestationChain({ pai, paa: craft('paa') }, DAY)).toEqual([])
    const read = readCertificate(dac, 'dac')
    expect([read.vendorId, read.productId, read.commonName]).toEqual([
      0xfff1,
      0x8000,
      idsInCommonName ? 'ACME Mvid:FFF1 Mpid:8000' : 'ACME',
    ])
    expect(read.subjectAttributes).toHaveLength(idsInCommonName ? 1 : 3)
    expect(read.notAfter).toEqual(NO_EXPIRY)
  })

  test('a common name is 64 bytes at most, IDs included, and no ID is 0', () => {
    expect(() => encodeSubject({ commonName: 'ä'.repeat(33) })).toThrow(/has 66 bytes; 1 to 64/u)
    expect(() =>
      encodeSubject({ commonName: 'x'.repeat(50), vendorId: 1, productId: 1, idsInCommonName: true }),
    ).toThrow(/has 70 bytes/u)
    expect(() => encodeSubject({ commonName: 'x', vendorId: 0 })).toThrow(/ID 0 is not allowed/u)
  })

  describe('validity', () => {
    const issuer = { notBefore: date('2026-01-01'), notAfter: date('2030-01-01') }

    test('stays as it is wished within the issuer, in whole seconds', () => {
      const from = new Date('2026-02-03T04:05:06.789Z')
      expect(validityWithin(issuer, { from, days: 2 })).toEqual({
        validity: { from: new Date('2026-02-03T04:05:06Z'), to: new Date('2026-02-05T04:05:06Z') },
        notes: [],
      })
    })

    test('is cut to the issuer, and says so', () => {
      const { validity, notes } = validityWithin(issuer, { from: date('2025-01-01'), days: 36500 })
      expect(validity).toEqual({ from: issuer.notBefore, to: issuer.notAfter })
      expect(notes).toEqual([
        'the validity begins on 2026-01-01T00:00:00Z, as that of the issuer does, and not on 2025-01-01T00:00:00Z',
        'the validity ends on 2030-01-01T00:00:00Z, as that of the issuer does, and not on 2124-12-08T00:00:00Z',
      ])
      expect(validityWithin(issuer, { from: date('2026-02-01'), days: undefined }).notes[0]).toMatch(
        /not without expiry$/u,
      )
    })

    test('is 9999-12-31 where nothing ends', () => {
      const open = { notBefore: date('2021-01-01'), notAfter: NO_EXPIRY }
      for (const days of [undefined, 3_000_000])
        expect(validityWithin(open, { from: DAY, days })).toEqual({ validity: { from: DAY, to: NO_EXPIRY }, notes: [] })
    })

    test('is refused outside the issuer, and without length', () => {
      expect(() => validityWithin(issuer, { from: date('2031-01-01'), days: 1 })).toThrow(CertificateError)
      expect(() => validityWithin(issuer, { from: date('2020-01-01'), days: 1 })).toThrow(
        /lies outside that of the issuer/u,
      )
      expect(() => validityWithin(issuer, { from: DAY, days: 0 })).toThrow(/lifetime of 0 days/u)
    })
  })
})
