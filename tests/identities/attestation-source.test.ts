/** The PAI that signs an order's DACs: its key in every form that a provider hands out, and every rule that it may break. */
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { AttestationSourceError, loadAttestationSource } from '../../src/main/identities/attestation-source.ts'
import {
  certificatePem,
  issueCertificate,
  serialNumberFrom,
  type CertificateInput,
} from '../../src/main/matter/certificate-issue.ts'
import { readCertificate } from '../../src/main/matter/certificate-read.ts'
import { keyPairFromScalar, privateKeyDer, privateKeyPem } from '../../src/main/matter/key-pair.ts'
import { readPrivateKeyFile } from '../../src/main/matter/private-key-read.ts'
import { resource } from '../../src/main/resources.ts'

const folder = mkdtempSync(join(tmpdir(), 'imprint-pai-'))
afterAll(() => rmSync(folder, { recursive: true }))
const PRODUCT = { vendorId: 0xfff1, productId: 0x8000 }
const PASSWORD = 'secret'
const NOW = new Date('2026-11-24')

const vector = (name: string): string => fileURLToPath(new URL(`../vectors/${name}`, import.meta.url))
const keyVector = vector('certs/DAC_key.pem')
/** The key that `tests/vectors/keys` holds in many forms. */
const pair = readPrivateKeyFile(readFileSync(keyVector), keyVector)

/** Bytes as a file of the test's folder. */
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const paa = readCertificate(readFileSync(resource('demo', 'test-paa-cert.pem')), 'PAA')
/** A PAI over `pair`; a change makes it a wrong one. */
const paiDer = (
  change: Partial<CertificateInput> = {},
  keyIdentifier = paa.subjectKeyIdentifier ?? randomBytes(20),
) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return issueCertificate(
    {
      role: 'pai',
      subject: { commonName: 'PAI', ...PRODUCT },
      publicKey: pair.publicKey,
      serialNumber: serialNumberFrom(randomBytes(20)),
      validity: { from: new Date('2026-01-01'), to: new Date('2030-01-01') },
      ...change,
    },
    { subject: paa.subject, key: privateKey, keyIdentifier },
  )
}
const goodPai = file('good-pai.pem', certificatePem(paiDer()))

const load = (paiKey: string, password?: string, paiCertificate = goodPai) =>
  loadAttestationSource({ paiCertificate, dacs: { kind: 'signed', key: paiKey }, password }, PRODUCT, NOW)
const refusal = async (...args: Parameters<typeof load>): Promise<AttestationSourceError> => {
  const error: unknown = await load(...args).catch((reason: unknown) => reason)
  if (!(error instanceof AttestationSourceError)) throw new Error(`it was not refused: ${String(error)}`)
  return error
}

describe('the key of the PAI', () => {
  test.each([
    ['SEC1 in PEM', () => file('sec1.pem', privateKeyPem(pair)), undefined],
    ['SEC1 in DER', () => file('sec1.der', privateKeyDer(pair)), undefined],
    ['PKCS#8 in PEM', () => vector('keys/p8.pem'), undefined],
    ['PKCS#8 in DER', () => vector('keys/p8.der'), undefined],
    [
      'encrypted PKCS#8 in PEM',
      () => {
        const key = createPrivateKey(privateKeyPem(pair))
        const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSWORD } as const
        return file('encrypted.pem', key.export(options))
      },
      PASSWORD,
    ],
    ['encrypted PKCS#8 in DER', () => vector('keys/p8enc.der'), PASSWORD],
    ['SEC1 with the encryption of OpenSSL', () => vector('keys/trad-aes256.pem'), PASSWORD],
    ['PKCS#12', () => vector('keys/new.p12'), PASSWORD],
  ])('is read as %s', async (_, path, password) => {
    const { dacs, certificate, validTo } = await load(path(), password)
    expect(dacs.kind === 'signed' && Buffer.from(dacs.key.privateKey)).toEqual(Buffer.from(pair.privateKey))
    expect(certificate.commonName).toBe('PAI')
    expect(validTo).toEqual(new Date('2030-01-01'))
  })

  test.each([
    ['without its password', 'keys/p8enc.der', undefined, /p8enc\.der: the key is encrypted; its password is needed$/u],
    ['with another password', 'keys/p8enc.der', 'wrong', /p8enc\.der: the password does not open it$/u],
    [
      'in PKCS#12 without its password',
      'keys/new.p12',
      undefined,
      /new\.p12: the key is encrypted; its password is needed$/u,
    ],
    ['of another curve', 'keys/p384.pem', undefined, /p384\.pem: the key is not a P-256 key/u],
  ])('%s is refused by its file', async (_, path, password, sentence) => {
    const { code, message } = await refusal(vector(path), password)
    expect(code).toBe('malformed')
    expect(message).toMatch(sentence)
  })
})

describe('the PAI itself', () => {
  const withPai = (name: string, der: Uint8Array): Promise<AttestationSourceError> =>
    refusal(keyVector, undefined, file(`${name}.pem`, certificatePem(der)))

  test('a DAC is no PAI', async () => {
    const { code, message } = await withPai('dac', paiDer({ role: 'dac' }))
    expect(code).toBe('not-authority')
    expect(message).toMatch(/dac\.pem is not the certificate of an authority; give a PAI, not a DAC$/u)
  })

  test('nor is a PAA', async () => {
    const { code, message } = await withPai('paa', paiDer({ role: 'paa' }))
    expect(code).toBe('not-authority')
    expect(message).toMatch(/paa\.pem breaks the rules for a PAI; .*PAI: its path length is 1; 0 is allowed/u)
  })

  test('one without the key identifier of its issuer is malformed', async () => {
    const { code, message } = await withPai('aki', paiDer({}, randomBytes(19)))
    expect(code).toBe('malformed')
    expect(message).toMatch(
      /aki\.pem breaks.*PAI: its authority key identifier does not hold a key identifier of 20 bytes/u,
    )
  })

  test('IDs that can be read in two ways are malformed', async () => {
    const subject = { commonName: 'PAI Mvid:FFF', ...PRODUCT }
    expect((await withPai('ids', paiDer({ subject }))).code).toBe('malformed')
  })

  test.each([
    ['vendor', { subject: { commonName: 'PAI' } }, /names no vendor, the product has FFF1/u],
    ['vendor', { subject: { commonName: 'PAI', vendorId: 0xfff2 } }, /names vendor FFF2, the product has FFF1/u],
    ['product', { subject: { commonName: 'PAI', vendorId: 0xfff1, productId: 0x8001 } }, /is for product 8001/u],
    [
      'expired',
      { validity: { from: new Date('2020-01-01'), to: new Date('2021-01-01') } },
      /expired on 2021-01-01; get a new PAI/u,
    ],
  ] as const)('%s: as the order sees it', async (code, change, sentence) => {
    const found = await withPai('order', paiDer(change))
    expect(found.code).toBe(code)
    expect(found.message).toMatch(sentence)
  })

  test('the key of another one', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const other = keyPairFromScalar(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'))
    const { code } = await refusal(file('other.pem', privateKeyPem(other)))
    expect(code).toBe('key-differs')
  })

  test('one for all products of the vendor is right', async () => {
    const path = file('vendor.pem', certificatePem(paiDer({ subject: { commonName: 'PAI', vendorId: 0xfff1 } })))
    const { dacs } = await load(keyVector, undefined, path)
    expect(dacs.kind).toBe('signed')
  })
})
