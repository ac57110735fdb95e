import { readFileSync } from 'node:fs'
import { randomBytes, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  certificatePem,
  encodeSubject,
  issueCertificate,
  issueTestPaa,
  keyIdentifier,
  NO_EXPIRY,
  serialNumberFrom,
  toBeSigned,
} from '../../src/main/matter/certificate-issue.ts'
import { CertificateError, isSignedBy, readCertificate } from '../../src/main/matter/certificate-read.ts'
import { keyPairFromScalar, privateKeyPem, signingKey } from '../../src/main/matter/key-pair.ts'
import { readPrivateKeyFile } from '../../src/main/matter/private-key-read.ts'

const vector = (name: string): Buffer => readFileSync(new URL(`../vectors/${name}`, import.meta.url))
const pai = readCertificate(vector('certs/Chip-Test-PAI-FFF2-8001-Cert.pem'), 'PAI')

describe('DAC', () => {
  test.each(['dac0', 'dac2'])('%s: what is to be signed equals the reference, byte for byte', (name) => {
    const reference = readCertificate(vector(`dac/${name}.der`), name)
    const serial = new X509Certificate(vector(`dac/${name}.der`)).serialNumber
    const tbs = toBeSigned(
      {
        role: 'dac',
        subject: {
          commonName: reference.commonName,
          vendorId: reference.vendorId ?? 0,
          productId: reference.productId ?? 0,
        },
        publicKey: reference.publicKey,
        serialNumber: Buffer.from(serial, 'hex'),
        validity: { from: reference.notBefore, to: reference.notAfter },
      },
      { subject: reference.issuer, keyIdentifier: reference.authorityKeyIdentifier ?? new Uint8Array() },
    )
    expect(Buffer.from(tbs).toString('hex')).toBe(Buffer.from(reference.tbs).toString('hex'))
  })

  test('a chain of our own is signed link by link, and node:crypto agrees', () => {
    const keys = [1, 2, 3].map((value) => keyPairFromScalar(Buffer.alloc(32, value)))
    const [paaPair, paiPair, dacPair] = keys as [(typeof keys)[0], (typeof keys)[0], (typeof keys)[0]]
    const validity = { from: new Date('2026-01-01T00:00:00Z'), to: NO_EXPIRY }
    const serialNumber = serialNumberFrom(randomBytes(20))
    const paaSubject = { commonName: 'Test PAA', vendorId: 0xfff1 }
    const paiSubject = { commonName: 'Test PAI', vendorId: 0xfff1, productId: 0x8000 }
    const paaKey = signingKey(paaPair)
    const paa = readCertificate(issueTestPaa({ subject: paaSubject, serialNumber, validity }, paaPair, paaKey), 'paa')
    const paiOurs = readCertificate(
      issueCertificate(
        { role: 'pai', subject: paiSubject, publicKey: paiPair.publicKey, serialNumber, validity },
        { subject: encodeSubject(paaSubject), key: paaKey, keyIdentifier: keyIdentifier(paaPair.publicKey) },
      ),
      'pai',
    )
    const dac = readCertificate(
      issueCertificate(
        {
          role: 'dac',
          subject: { commonName: 'unit', vendorId: 0xfff1, productId: 0x8000 },
          publicKey: dacPair.publicKey,
          serialNumber,
          validity,
        },
        { subject: paiOurs.subject, key: signingKey(paiPair), keyIdentifier: keyIdentifier(paiPair.publicKey) },
      ),
      'dac',
    )
    expect([
      isSignedBy(paa, paa.publicKey),
      isSignedBy(paiOurs, paa.publicKey),
      isSignedBy(dac, paiOurs.publicKey),
    ]).toEqual([true, true, true])
    expect([paa.isAuthority, paiOurs.isAuthority, dac.isAuthority]).toEqual([true, true, false])
    expect([dac.vendorId, dac.productId]).toEqual([0xfff1, 0x8000])
    const parsed = new X509Certificate(certificatePem(dac.der))
    expect(parsed.checkIssued(new X509Certificate(certificatePem(paiOurs.der)))).toBe(true)
    expect(parsed.validTo).toContain('9999')
  })

  test('a key file is read back as it was written, and belongs to its certificate', () => {
    const key = readPrivateKeyFile(vector('certs/Chip-Test-PAI-FFF2-8001-Key.pem'), 'key')
    expect(Buffer.from(key.publicKey)).toEqual(Buffer.from(pai.publicKey))
    expect(readPrivateKeyFile(Buffer.from(privateKeyPem(key)), 'key')).toEqual(key)
    expect(() => readPrivateKeyFile(Buffer.from('nonsense'), 'my.pem')).toThrow(/my\.pem: no private key/u)
  })

  test('mutated certificates give a certificate or a typed error', () => {
    fc.assert(
      fc.property(fc.nat(pai.der.length - 1), fc.nat(255), fc.nat(pai.der.length), (at, value, length) => {
        const bytes = Uint8Array.from(pai.der)
        bytes[at] = value
        for (const candidate of [bytes, bytes.subarray(0, length)])
          try {
            readCertificate(candidate, 'x')
          } catch (error) {
            expect(error).toBeInstanceOf(CertificateError)
          }
      }),
    )
  })
})
