/** Writing esp_secure_cert images, byte for byte as esp-secure-cert-tool does (formats: `secure-cert-entry.ts`). */
import { createHash } from 'node:crypto'
import { nvsCrc } from './nvs-entry.ts'
import {
  SECURE_CERT_SIZE,
  SECURE_CERT_TYPE,
  SecureCertError,
  TLV_FOOTER,
  TLV_HEADER,
  TLV_MAGIC,
  tlvSize,
  type SecureCertEntry,
} from './secure-cert-entry.ts'

/** An image of these entries in their order: the used bytes only. @throws SecureCertError when they do not fit */
export const writeSecureCert = (entries: readonly SecureCertEntry[]): Uint8Array => {
  const size = entries.reduce((sum, { data }) => sum + tlvSize(data.length), 0)
  if (size > SECURE_CERT_SIZE)
    throw new SecureCertError(`the entries take ${size} bytes; ${SECURE_CERT_SIZE} are allowed`)
  const bytes = Buffer.alloc(size)
  let at = 0
  for (const { type, subtype, flags, data } of entries) {
    const end = at + tlvSize(data.length)
    bytes.writeUInt32LE(TLV_MAGIC, at)
    bytes[at + 4] = flags
    bytes[at + 8] = type
    bytes[at + 9] = subtype
    bytes.writeUInt16LE(data.length, at + 10)
    bytes.set(data, at + TLV_HEADER)
    bytes.writeUInt32LE(nvsCrc(bytes.subarray(at, end - TLV_FOOTER)), end - TLV_FOOTER)
    at = end
  }
  return bytes
}

/** The image with an entry that holds the SHA-256 of everything before it. */
export const withIntegrity = (image: Uint8Array, subtype = 0): Uint8Array => {
  const data = createHash('sha256').update(image).digest()
  const entry = writeSecureCert([{ type: SECURE_CERT_TYPE.integrity, subtype, flags: 0, data }])
  if (image.length + entry.length > SECURE_CERT_SIZE)
    throw new SecureCertError(`the image has ${image.length} bytes; there is no room for its integrity entry`)
  return Buffer.concat([image, entry])
}
