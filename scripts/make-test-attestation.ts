/**
 * Makes the demo product's test attestation into resources/demo, with our own code: a PAA and a PAI for vendor FFF1 and product 8000,
 * and a Certification Declaration with the certificate of its signer, whose key is thrown away. What is there already is kept. The
 * files are for tests only: the keys of the authorities are public.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  certificatePem,
  issueCertificate,
  issueTestPaa,
  keyIdentifier,
  NO_EXPIRY,
  serialNumberFrom,
} from '../src/main/matter/certificate-issue.ts'
import { readCertificate } from '../src/main/matter/certificate-read.ts'
import { signDeclaration } from '../src/main/matter/certification-declaration.ts'
import { keyPairFromScalar, privateKeyPem, signingKey, type KeyPair } from '../src/main/matter/key-pair.ts'

const folder = fileURLToPath(new URL('../resources/demo/', import.meta.url))
const VENDOR = 0xfff1
const PRODUCT = 0x8000
/** Dimmable Light (Matter device library specification). */
const DEVICE_TYPE = 0x0101
/** Certification type: development and test. */
const DEVELOPMENT = 0
const validity = { from: new Date('2026-01-01T00:00:00Z'), to: NO_EXPIRY }

const newPair = (): KeyPair => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return keyPairFromScalar(Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url'))
}
const newSerialNumber = (): Uint8Array => serialNumberFrom(randomBytes(20))
const write = (name: string, content: string | Uint8Array, mode = 0o644): void => {
  writeFileSync(`${folder}${name}`, content, { mode })
  process.stdout.write(`${folder}${name}: made\n`)
}
const writeAuthority = (name: string, certificate: Uint8Array, pair: KeyPair): void => {
  write(`${name}-cert.pem`, certificatePem(certificate))
  write(`${name}-key.pem`, privateKeyPem(pair), 0o600)
}

const makeAuthorities = (): void => {
  const paaPair = newPair()
  const paa = issueTestPaa(
    { subject: { commonName: 'Imprint Test PAA', vendorId: VENDOR }, serialNumber: newSerialNumber(), validity },
    paaPair,
    signingKey(paaPair),
  )
  const paiPair = newPair()
  const pai = issueCertificate(
    {
      role: 'pai',
      subject: { commonName: 'Imprint Test PAI', vendorId: VENDOR, productId: PRODUCT },
      publicKey: paiPair.publicKey,
      serialNumber: newSerialNumber(),
      validity,
    },
    {
      subject: readCertificate(paa, 'the PAA').subject,
      key: signingKey(paaPair),
      keyIdentifier: keyIdentifier(paaPair.publicKey),
    },
  )
  writeAuthority('test-paa', paa, paaPair)
  writeAuthority('test-pai', pai, paiPair)
}

const makeDeclaration = (): void => {
  const pair = newPair()
  const key = signingKey(pair)
  // Signing certificates of declarations have the form of a PAA that is of no vendor.
  const signer = issueTestPaa(
    { subject: { commonName: 'Imprint Test CD Signing Authority' }, serialNumber: newSerialNumber(), validity },
    pair,
    key,
  )
  const declaration = signDeclaration(
    {
      formatVersion: 1,
      vendorId: VENDOR,
      productIds: [PRODUCT],
      deviceTypeId: DEVICE_TYPE,
      certificateId: 'CSA00000SWC00000-00',
      securityLevel: 0,
      securityInformation: 0,
      versionNumber: 1,
      certificationType: DEVELOPMENT,
    },
    { key, keyIdentifier: keyIdentifier(pair.publicKey) },
  )
  write('test-cd-signer-cert.pem', certificatePem(signer))
  write('test-cd.der', declaration)
}

if (!existsSync(`${folder}test-pai-cert.pem`)) makeAuthorities()
if (!existsSync(`${folder}test-cd.der`)) makeDeclaration()
