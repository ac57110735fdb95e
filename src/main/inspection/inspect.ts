/** Says what a file or a text is and what it holds: the one way in for `imprint inspect`. */
import type { XtsKeys } from '../espressif/aes-xts.ts'
import { PAGE_SIZE } from '../espressif/nvs-entry.ts'
import { readNvs } from '../espressif/nvs-read.ts'
import { isSecureCert } from '../espressif/secure-cert-read.ts'
import { certificatesIn } from '../matter/certificate-read.ts'
import { isPkcs12 } from '../matter/key-file.ts'
import { KeyError } from '../matter/key-pair.ts'
import { readPrivateKeyFile } from '../matter/private-key-read.ts'
import { inspectCertificate } from './inspect-certificate.ts'
import { codeKind, inspectCode } from './inspect-code.ts'
import { inspectDeclaration } from './inspect-declaration.ts'
import { holdsFactoryData, inspectFactory } from './inspect-factory.ts'
import { inspectNvsKeys, inspectPrivateKey, isNvsKeys } from './inspect-key.ts'
import { inspectNvs } from './inspect-nvs.ts'
import { inspectSecureCert } from './inspect-secure-cert.ts'
import type { Inspection, InspectedKind } from './inspection.ts'

export interface InspectOptions {
  /** Of encrypted NVS. */
  readonly keys?: XtsKeys | undefined
  /** For the validity of certificates. */
  readonly now: Date
}

const DER_SEQUENCE = 0x30
const LONGEST_TEXT = 2048

const textOf = (bytes: Uint8Array): string =>
  bytes.length <= LONGEST_TEXT ? Buffer.from(bytes).toString('latin1') : ''

/** The object identifier 1.2.840.113549.1.7.2 at the start. */
const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex')
const isSignedData = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 24)).includes(SIGNED_DATA)

const isPrivateKey = (bytes: Uint8Array): boolean => {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/u.test(Buffer.from(bytes).toString('latin1')) || isPkcs12(bytes)) return true
  try {
    return bytes[0] === DER_SEQUENCE && readPrivateKeyFile(bytes, 'it') !== undefined
  } catch (error) {
    if (error instanceof KeyError) return /encrypted|not a P-256/u.test(error.message)
    throw error
  }
}

/** What the bytes are meant to be, by how they begin. */
export const recognise = (bytes: Uint8Array): InspectedKind => {
  if (isSecureCert(bytes)) return 'esp-secure-cert'
  if (isNvsKeys(bytes)) return 'nvs-keys'
  const code = codeKind(textOf(bytes))
  if (code) return code
  if (isPrivateKey(bytes)) return 'private-key'
  const [certificate] = certificatesIn(bytes)
  if (certificate !== bytes) return 'certificate'
  if (bytes[0] === DER_SEQUENCE) return isSignedData(bytes) ? 'certification-declaration' : 'certificate'
  return bytes.length > 0 && bytes.length % PAGE_SIZE === 0 ? 'nvs' : 'unknown'
}

const unknown = (bytes: Uint8Array): Inspection => ({
  kind: 'unknown',
  title: `${bytes.length} bytes of an unknown kind`,
  facts: [],
  problems: [
    {
      severity: 'error',
      code: 'unknown',
      message:
        'it is no NVS partition, esp_secure_cert image, certificate, private key, Certification Declaration, QR code or manual code',
    },
  ],
  evidence: {},
})

const partition = (bytes: Uint8Array, { keys, now }: InspectOptions): Inspection => {
  const found = readNvs(bytes, keys)
  return holdsFactoryData(found)
    ? inspectFactory(found, bytes.length, keys !== undefined, now)
    : inspectNvs(found, bytes.length, keys !== undefined)
}

/** The things that a file holds: one, but for a PEM file with several certificates. */
export const inspectBytes = (bytes: Uint8Array, options: InspectOptions): Inspection[] => {
  const kind = recognise(bytes)
  switch (kind) {
    case 'esp-secure-cert':
      return [inspectSecureCert(bytes, options.now)]
    case 'nvs-keys':
      return [inspectNvsKeys(bytes)]
    case 'private-key':
      return [inspectPrivateKey(bytes, options.now)]
    case 'certification-declaration':
      return [inspectDeclaration(bytes)]
    case 'certificate':
      return certificatesIn(bytes).map((der) => inspectCertificate(der, options.now))
    case 'qr-code':
    case 'manual-code':
      return [inspectCode(textOf(bytes), kind)]
    case 'nvs':
    case 'factory-partition':
      return [partition(bytes, options)]
    case 'unknown':
      return [unknown(bytes)]
  }
}
