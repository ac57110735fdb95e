import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dacIssuing } from '../../src/main/generation/dac-template.ts'
import { newKeyPair } from '../../src/main/generation/device.ts'
import {
  encodeSubject,
  keyIdentifier,
  NO_EXPIRY,
  serialNumberFrom,
  toBeSigned,
} from '../../src/main/matter/certificate-issue.ts'
import { signingKey, verifyingKey } from '../../src/main/matter/key-pair.ts'

const authority = newKeyPair()
const key = signingKey(authority)

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const values = fc.record({
  random: bytes(20),
  commonName: fc.uuid(),
  point: bytes(64),
})
const run = fc.record({
  vendorId: fc.integer({ min: 1, max: 0xffff }),
  productId: fc.integer({ min: 1, max: 0xffff }),
  issuerName: fc.string({ minLength: 1, maxLength: 30 }),
  to: fc.constantFrom(NO_EXPIRY, new Date('2049-12-31T23:59:59Z'), new Date('2050-01-01T00:00:00Z')),
  devices: fc.array(values, { minLength: 2, maxLength: 4 }),
})

test('a DAC from the template is the one that is built anew, and the issuer has signed it', () => {
  fc.assert(
    fc.property(run, ({ vendorId, productId, issuerName, to, devices }) => {
      const issuer = {
        subject: encodeSubject({ commonName: issuerName, vendorId }),
        keyIdentifier: keyIdentifier(authority.publicKey),
        validity: { from: new Date('2026-01-01T00:00:00Z'), to },
      }
      const issue = dacIssuing(issuer, { vendorId, productId }, key)
      for (const { random, commonName, point } of devices) {
        const serialNumber = serialNumberFrom(random)
        const publicKey = Uint8Array.of(4, ...point)
        const certificate = Buffer.from(issue({ serialNumber, commonName, publicKey }))
        const subject = { commonName, vendorId, productId }
        const built = toBeSigned({ role: 'dac', subject, publicKey, serialNumber, validity: issuer.validity }, issuer)
        // SEQUENCE header of four bytes before the part that is signed.
        expect(certificate.subarray(4, 4 + built.length)).toEqual(Buffer.from(built))
      }
    }),
    { numRuns: 60 },
  )
})

test('its signature is verified by OpenSSL', () => {
  const device = newKeyPair()
  const issuer = {
    subject: encodeSubject({ commonName: 'ACME PAI', vendorId: 0xfff1 }),
    keyIdentifier: keyIdentifier(authority.publicKey),
    validity: { from: new Date('2026-01-01T00:00:00Z'), to: NO_EXPIRY },
  }
  const certificate = new X509Certificate(
    dacIssuing(
      issuer,
      { vendorId: 0xfff1, productId: 0x8000 },
      key,
    )({
      serialNumber: serialNumberFrom(new Uint8Array(20).fill(7)),
      commonName: '6f1c5b0e-4a0b-4c58-9d5b-0d7c1f2e3a4b',
      publicKey: device.publicKey,
    }),
  )
  expect(certificate.verify(verifyingKey(authority.publicKey))).toBe(true)
  expect(certificate.verify(verifyingKey(device.publicKey))).toBe(false)
})
