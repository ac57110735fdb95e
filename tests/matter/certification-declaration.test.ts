import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/main/matter/certificate-read.ts'
import { readDeclaration, signDeclaration } from '../../src/main/matter/certification-declaration.ts'
import { TEST_SIGNER, verifyDeclaration } from '../../src/main/matter/declaration-check.ts'
import {
  DeclarationError,
  decodeDeclarationContent,
  encodeDeclarationContent,
  type CertificationDeclaration,
} from '../../src/main/matter/declaration-content.ts'
import { signingKey } from '../../src/main/matter/key-pair.ts'
import { readPrivateKeyFile } from '../../src/main/matter/private-key-read.ts'
import { encodeTlv } from '../../src/main/matter/tlv-encode.ts'
import { decodeTlv, type TlvElement } from '../../src/main/matter/tlv.ts'
import { pairs } from './crafted-certificates.ts'

const vector = (name: string): Buffer => readFileSync(new URL(`../vectors/certs/${name}`, import.meta.url))
const published = vector('Chip-Test-CD-FFF2-8001.der')
const signerCertificate = readCertificate(vector('Chip-Test-CD-Signing-Cert.pem'), 'signer')
const signer = {
  key: signingKey(readPrivateKeyFile(vector('Chip-Test-CD-Signing-Key.pem'), 'key')),
  keyIdentifier: signerCertificate.subjectKeyIdentifier ?? new Uint8Array(),
}
const signers = [signerCertificate]
const product = { vendorId: 0xfff2, productId: 0x8001 }
const { declaration } = readDeclaration(published)

const u16 = fc.nat(0xffff)
const anyDeclaration: fc.Arbitrary<CertificationDeclaration> = fc.record(
  {
    formatVersion: u16,
    vendorId: u16,
    productIds: fc.array(u16, { minLength: 1, maxLength: 100 }),
    deviceTypeId: fc.nat(0xffffffff),
    certificateId: fc.string({ minLength: 19, maxLength: 19 }),
    securityLevel: fc.nat(0xff),
    securityInformation: u16,
    versionNumber: u16,
    certificationType: fc.nat(0xff),
    dacOrigin: fc.record({ vendorId: u16, productId: u16 }),
    authorizedPaas: fc.array(fc.uint8Array({ minLength: 20, maxLength: 20 }), { minLength: 1, maxLength: 10 }),
  },
  {
    requiredKeys: [
      'formatVersion',
      'vendorId',
      'productIds',
      'deviceTypeId',
      'certificateId',
      'securityLevel',
      'securityInformation',
      'versionNumber',
      'certificationType',
    ],
  },
)
const codes = (changes: Partial<CertificationDeclaration>, context = {}) =>
  verifyDeclaration(signDeclaration({ ...declaration, ...changes }, signer), { signers, ...context }).map(
    ({ code }) => code,
  )

describe('Certification Declaration', () => {
  test('the published test declaration is read and right', () => {
    expect(declaration).toEqual({
      formatVersion: 1,
      vendorId: 0xfff2,
      productIds: [0x8001],
      deviceTypeId: 0x1234,
      certificateId: 'ZIG20141ZB330001-24',
      securityLevel: 0,
      securityInformation: 0,
      versionNumber: 0x9876,
      certificationType: 0,
    })
    const ids = { vendorId: 0xfff2, productId: 0x8001 }
    expect(verifyDeclaration(published, { signers, product, dac: ids, pai: ids })).toEqual([])
    expect(TEST_SIGNER.equals(signer.keyIdentifier)).toBe(true)
  })

  test('ours differs from it by the signature only', () => {
    const ours = signDeclaration(declaration, signer)
    // From the version to the end of the content; before it are lengths, which depend on the signature's.
    expect(Buffer.from(ours).includes(published.subarray(20, 109))).toBe(true)
    // The signer's version, key identifier and algorithms.
    expect(Buffer.from(ours).includes(published.subarray(113, 163))).toBe(true)
    expect(Buffer.from(readDeclaration(ours).content).equals(readDeclaration(published).content)).toBe(true)
    expect(verifyDeclaration(ours, { signers, product })).toEqual([])
  })

  test('every declaration survives', () => {
    fc.assert(
      fc.property(anyDeclaration, (any) => {
        expect(decodeDeclarationContent(encodeDeclarationContent(any))).toEqual(any)
      }),
    )
    expect(
      readDeclaration(signDeclaration({ ...declaration, productIds: [1, 2, 3] }, signer)).declaration.productIds,
    ).toEqual([1, 2, 3])
  })

  test.each<[string, Partial<CertificationDeclaration>, object, string[]]>([
    ['another vendor', { vendorId: 0xfff1 }, { product }, ['vendor']],
    ['another product', { productIds: [0x8000, 0x8002] }, { product }, ['product']],
    ['one of several products', { productIds: [0x8000, 0x8001] }, { product }, []],
    ['a DAC of another vendor', {}, { dac: { vendorId: 0xfff1, productId: 0x8001 } }, ['dac-vendor']],
    ['a DAC of another product', {}, { dac: { vendorId: 0xfff2, productId: 0x8002 } }, ['dac-product']],
    ['a DAC without product', {}, { dac: { vendorId: 0xfff2, productId: undefined } }, ['dac-product']],
    ['a PAI of another product', {}, { pai: { vendorId: 0xfff2, productId: 0x8002 } }, ['pai-product']],
    ['a PAI without product', {}, { pai: { vendorId: 0xfff2, productId: undefined } }, []],
    [
      'DACs of another origin',
      { dacOrigin: { vendorId: 0xfff1, productId: 0x8000 } },
      { product, dac: { vendorId: 0xfff1, productId: 0x8000 }, pai: { vendorId: 0xfff1, productId: undefined } },
      [],
    ],
    [
      'an origin that the DAC has not',
      { dacOrigin: { vendorId: 0xfff1, productId: 0x8000 } },
      { dac: product, pai: product },
      ['dac-vendor', 'dac-product', 'pai-vendor', 'pai-product'],
    ],
    [
      'a PAA that is authorized',
      { authorizedPaas: [Buffer.alloc(20, 1), Buffer.alloc(20, 2)] },
      { paa: new Uint8Array(20).fill(2) },
      [],
    ],
    ['a PAA that is not', { authorizedPaas: [Buffer.alloc(20, 1)] }, { paa: new Uint8Array(20).fill(2) }, ['paa']],
    ['another format', { formatVersion: 2 }, {}, ['format-version']],
    ['an unknown type', { certificationType: 3 }, {}, ['test-key', 'certification-type']],
    ['a test key for an official declaration', { certificationType: 2 }, {}, ['test-key']],
    ['a test key for a provisional declaration', { certificationType: 1 }, {}, []],
  ])('%s', (_, changes, context, expected) => {
    expect(codes(changes, context).sort()).toEqual(expected.toSorted())
  })

  test('a wrong signature and an unknown signer', () => {
    const forged = signDeclaration(declaration, {
      key: signingKey(pairs.stranger),
      keyIdentifier: signer.keyIdentifier,
    })
    expect(verifyDeclaration(forged, { signers }).map(({ code }) => code)).toEqual(['signature'])
    expect(verifyDeclaration(published, { signers: [] }).map(({ code, message }) => [code, message])).toEqual([
      [
        'signer-unknown',
        'it is signed by key 62FA823359ACFAA9963E1CFA140ADDF504F37160, which none of the signing certificates holds',
      ],
    ])
    expect(verifyDeclaration(published, {})).toEqual([])
  })

  test.each<[string, (structure: TlvElement[]) => TlvElement[], RegExp]>([
    [
      'no product',
      (items) => items.map((item) => (item.tag === 2 ? { tag: 2, type: 'array', value: [] } : item)),
      /no array of 1 to 100 product IDs/u,
    ],
    ['no vendor', (items) => items.filter((item) => item.tag !== 1), /no vendorId from 0 to 65535/u],
    [
      'a certificate ID that is too short',
      (items) => items.map((item) => (item.tag === 4 ? { tag: 4, type: 'text', value: 'x' } : item)),
      /no certificate ID of 19/u,
    ],
    ['half of an origin', (items) => [...items, { tag: 9, type: 'uint', value: 1n }], /one half of the DAC origin/u],
    [
      'a PAA that is no key identifier',
      (items) => [
        ...items,
        { tag: 11, type: 'array', value: [{ tag: undefined, type: 'bytes', value: new Uint8Array(19) }] },
      ],
      /no key identifier of 20/u,
    ],
  ])('%s is refused', (_, change, message) => {
    const root = decodeTlv(readDeclaration(published).content)
    if (root.type !== 'structure') throw new Error('no structure')
    const bytes = encodeTlv({ ...root, value: change([...root.value]) })
    expect(() => decodeDeclarationContent(bytes)).toThrow(message)
  })

  test('a number that is written as a signed one is read, unless it is negative', () => {
    const root = decodeTlv(readDeclaration(published).content)
    if (root.type !== 'structure') throw new Error('no structure')
    const withVersion = (value: bigint): Uint8Array =>
      encodeTlv({ ...root, value: root.value.map((item) => (item.tag === 0 ? { tag: 0, type: 'int', value } : item)) })
    expect(decodeDeclarationContent(withVersion(1n))).toEqual(declaration)
    expect(() => decodeDeclarationContent(withVersion(-1n))).toThrow(/no formatVersion/u)
  })

  test('values outside their limits are not written', () => {
    for (const changes of [
      { vendorId: 65536 },
      { productIds: [] },
      { productIds: [-1] },
      { certificateId: 'short' },
      { versionNumber: 1.5 },
    ])
      expect(() => encodeDeclarationContent({ ...declaration, ...changes })).toThrow()
    expect(() => encodeDeclarationContent({ ...declaration, vendorId: 65536 })).toThrow(DeclarationError)
  })

  test('any changed byte is noticed, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.nat(published.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(published)
        bytes[at] = (bytes[at] ?? 0) ^ change
        expect(verifyDeclaration(bytes, { signers }).length).toBeGreaterThan(0)
        expect(verifyDeclaration(bytes.subarray(0, at), { signers })[0]?.code).toBe('unreadable')
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(verifyDeclaration(bytes, {})[0]?.code).toBe('unreadable')
      }),
    )
  })
})
