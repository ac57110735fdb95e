/**
 * Makes the demo product's test attestation into resources/demo: a PAA and a PAI for vendor FFF1 and product 8000, with our own code.
 * Run once; the files are kept in the repository. They are for tests only: their keys are public.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  certificatePem,
  issueCertificate,
  issueTestPaa,
  NO_EXPIRY,
  serialNumberFrom,
} from '../src/main/matter/certificate-issue.ts'
import { readCertificate } from '../src/main/matter/certificate-read.ts'
import { keyPairFromScalar, privateKeyPem, signingKey, type KeyPair } from '../src/main/matter/key-pair.ts'

const folder = fileURLToPath(new URL('../resources/demo/', import.meta.url))
const VENDOR = 0xfff1
const PRODUCT = 0x8000
const validity = { from: new Date('2026-01-01T00:00:00Z'), to: NO_EXPIRY }

const newPair = (): KeyPair => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return keyPairFromScalar(Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url'))
}
const write = (name: string, certificate: Uint8Array, pair: KeyPair): void => {
  writeFileSync(`${folder}${name}-cert.pem`, certificatePem(certificate))
  writeFileSync(`${folder}${name}-key.pem`, privateKeyPem(pair), { mode: 0o600 })
}

const paaPair = newPair()
const paa = issueTestPaa(
  {
    subject: { commonName: 'Imprint Test PAA', vendorId: VENDOR },
    serialNumber: serialNumberFrom(randomBytes(20)),
    validity,
  },
  paaPair,
  signingKey(paaPair),
)
const readPaa = readCertificate(paa, 'paa')
const paiPair = newPair()
const pai = issueCertificate(
  {
    role: 'pai',
    subject: { commonName: 'Imprint Test PAI', vendorId: VENDOR, productId: PRODUCT },
    publicKey: paiPair.publicKey,
    serialNumber: serialNumberFrom(randomBytes(20)),
    validity,
  },
  {
    subject: readPaa.subject,
    key: signingKey(paaPair),
    keyIdentifier: readPaa.subjectKeyIdentifier ?? new Uint8Array(),
  },
)
write('test-paa', paa, paaPair)
write('test-pai', pai, paiPair)
process.stdout.write(`${folder}: test PAA and PAI made\n`)
