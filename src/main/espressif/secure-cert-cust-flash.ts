/**
 * The older cust_flash layout of esp_secure_cert (tools/esp_secure_cert/custflash_format.py of esp_secure_cert_mgr): 64 bytes of
 * metadata with checksum and length of each part, then the parts at fixed places.
 */
import { nvsCrc } from './nvs-entry.ts'
import { SECURE_CERT_TYPE, type PlacedSecureCertEntry, type SecureCertFinding } from './secure-cert-entry.ts'

const MAGIC = 0x12345678
const METADATA = 64
/** With the key in clear; with a key for the DS peripheral there are an initialisation vector and two numbers more. */
const MAGIC_AT = { plain: 24, peripheral: 36 } as const
const SMALLEST = 8192

const PARTS = {
  deviceCertificate: { type: SECURE_CERT_TYPE.deviceCertificate, metadata: 0, offset: METADATA, most: 2048 },
  caCertificate: { type: SECURE_CERT_TYPE.caCertificate, metadata: 8, offset: METADATA + 2048, most: 4096 },
  privateKey: { type: SECURE_CERT_TYPE.privateKey, metadata: 16, offset: METADATA + 6144, most: 4096 },
  ciphertext: { type: SECURE_CERT_TYPE.dsData, metadata: 16, offset: METADATA + 6144, most: 1600 },
} as const
type Part = (typeof PARTS)[keyof typeof PARTS]

const layoutOf = (image: Uint8Array): keyof typeof MAGIC_AT | undefined => {
  if (image.length < SMALLEST) return undefined
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength)
  return (Object.keys(MAGIC_AT) as (keyof typeof MAGIC_AT)[]).find(
    (layout) => view.getUint32(MAGIC_AT[layout], true) === MAGIC,
  )
}

export const isCustFlash = (image: Uint8Array): boolean => layoutOf(image) !== undefined

const partOf = (image: Uint8Array, part: Part, findings: SecureCertFinding[]): PlacedSecureCertEntry[] => {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength)
  const length = view.getUint16(part.metadata + 4, true)
  if (length === 0) return []
  if (length > part.most || part.offset + length > image.length) {
    const message = `the part at offset ${part.offset} is said to have ${length} bytes; ${part.most} are allowed`
    findings.push({ severity: 'error', code: 'cut-off', message })
    return []
  }
  const data = Uint8Array.from(image.subarray(part.offset, part.offset + length))
  if (view.getUint32(part.metadata, true) !== nvsCrc(data)) {
    const message = `the checksum of the part at offset ${part.offset} does not match; the device will not read it`
    findings.push({ severity: 'error', code: 'checksum', message })
    return []
  }
  return [{ type: part.type, subtype: 0, flags: 0, data, offset: part.offset }]
}

/** The parts as entries; a key for the DS peripheral as its ciphertext. */
export const readCustFlash = (image: Uint8Array, findings: SecureCertFinding[]): PlacedSecureCertEntry[] => {
  const { deviceCertificate, caCertificate, privateKey, ciphertext } = PARTS
  const key = layoutOf(image) === 'peripheral' ? ciphertext : privateKey
  return [deviceCertificate, caCertificate, key].flatMap((part) => partOf(image, part, findings))
}
