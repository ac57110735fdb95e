/**
 * Reading esp_secure_cert images: TLV, as it is written today or padded to the partition, and the older cust_flash layout, which is
 * still in the field (formats: `secure-cert-entry.ts`, `secure-cert-cust-flash.ts`).
 */
import { createHash } from 'node:crypto'
import { nvsCrc } from './nvs-entry.ts'
import { isCustFlash, readCustFlash } from './secure-cert-cust-flash.ts'
import {
  KEY_FLAG,
  SECURE_CERT_TYPE,
  SecureCertError,
  TLV_FOOTER,
  TLV_HEADER,
  TLV_MAGIC,
  tlvSize,
  type PlacedSecureCertEntry,
  type SecureCertFinding,
} from './secure-cert-entry.ts'
import { readSignatureBlock, signatureMatches } from './secure-cert-signature.ts'

export interface SecureCertImage {
  readonly format: 'tlv' | 'cust-flash'
  readonly entries: readonly PlacedSecureCertEntry[]
  readonly findings: readonly SecureCertFinding[]
}

/** What may follow the last entry: empty flash, nothing, or the mark of the signing tool. */
const END_MARKS: ReadonlySet<number> = new Set([0xffffffff, 0x0000ffff])

const readTlv = (image: Uint8Array, findings: SecureCertFinding[]): PlacedSecureCertEntry[] => {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength)
  const entries: PlacedSecureCertEntry[] = []
  let at = 0
  while (at + 4 <= image.length) {
    const magic = view.getUint32(at, true)
    if (END_MARKS.has(magic)) break
    if (magic !== TLV_MAGIC) {
      const message = `at offset ${at} stands no entry (0x${magic.toString(16)}); what follows is not read`
      findings.push({ severity: 'error', code: 'stray', message })
      break
    }
    const length = at + TLV_HEADER <= image.length ? view.getUint16(at + 10, true) : 0
    const end = at + tlvSize(length)
    if (end > image.length) {
      const message = `the entry at offset ${at} is cut off: ${end - at} bytes are needed, ${image.length - at} are there`
      findings.push({ severity: 'error', code: 'cut-off', message })
      break
    }
    const [flags, type, subtype] = [view.getUint8(at + 4), view.getUint8(at + 8), view.getUint8(at + 9)]
    if (type === SECURE_CERT_TYPE.end) break
    if (view.getUint32(end - TLV_FOOTER, true) === nvsCrc(image.subarray(at, end - TLV_FOOTER)))
      entries.push({
        type,
        subtype,
        flags,
        data: Uint8Array.from(image.subarray(at + TLV_HEADER, at + TLV_HEADER + length)),
        offset: at,
      })
    else {
      const message = `the checksum of entry ${type}/${subtype} at offset ${at} does not match; the device will not read it`
      findings.push({ severity: 'error', code: 'checksum', message })
    }
    at = end
  }
  return entries
}

const integrityFindings = (image: Uint8Array, { data, offset }: PlacedSecureCertEntry): SecureCertFinding[] => {
  const digest = createHash('sha256').update(image.subarray(0, offset)).digest()
  const message = 'the integrity entry does not hold the SHA-256 of what is before it'
  return digest.equals(data) ? [] : [{ severity: 'error', code: 'integrity', message }]
}

const signatureFindings = (image: Uint8Array, { data, subtype }: PlacedSecureCertEntry): SecureCertFinding[] => {
  try {
    const block = readSignatureBlock(data)
    const matches = signatureMatches(image, block)
    if (matches === undefined) {
      const message = `signature block ${subtype} is of ${block.algorithm} and is not checked`
      return [{ severity: 'note', code: 'signature-unchecked', message }]
    }
    const message = `the signature of block ${subtype} does not match the image`
    return matches ? [] : [{ severity: 'error', code: 'signature', message }]
  } catch (error) {
    if (!(error instanceof SecureCertError)) throw error
    return [{ severity: 'error', code: 'signature', message: error.message }]
  }
}

const entryFindings = (image: Uint8Array, entry: PlacedSecureCertEntry): SecureCertFinding[] => {
  if (entry.type === SECURE_CERT_TYPE.integrity) return integrityFindings(image, entry)
  if (entry.type === SECURE_CERT_TYPE.signatureBlock) return signatureFindings(image, entry)
  const inPeripheral = (entry.flags & KEY_FLAG.ecdsaPeripheral) !== 0
  if (entry.type !== SECURE_CERT_TYPE.privateKey || !inPeripheral || entry.data.length === 0) return []
  const message = 'the private key is said to be in the ECDSA peripheral, but the image holds it in clear as well'
  return [{ severity: 'error', code: 'key-in-clear', message }]
}

const duplicateFindings = (entries: readonly PlacedSecureCertEntry[]): SecureCertFinding[] =>
  entries
    .filter(({ type, subtype }, index) =>
      entries.slice(0, index).some((earlier) => earlier.type === type && earlier.subtype === subtype),
    )
    .map(({ type, subtype, offset }) => ({
      severity: 'note',
      code: 'duplicate',
      message: `entry ${type}/${subtype} stands again at offset ${offset}; the device takes the first`,
    }))

/** Does it begin as an esp_secure_cert image does, in either layout? */
export const isSecureCert = (bytes: Uint8Array): boolean =>
  (bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true) === TLV_MAGIC) ||
  isCustFlash(bytes)

/**
 * What an esp_secure_cert image holds. Damage is reported among the findings and never thrown.
 *
 * @throws SecureCertError when it is no such image at all
 */
export const readSecureCert = (image: Uint8Array): SecureCertImage => {
  if (!isSecureCert(image)) throw new SecureCertError('it does not begin as an esp_secure_cert image')
  const findings: SecureCertFinding[] = []
  if (isCustFlash(image)) {
    const entries = readCustFlash(image, findings)
    return { format: 'cust-flash', entries, findings }
  }
  const entries = readTlv(image, findings)
  findings.push(...duplicateFindings(entries), ...entries.flatMap((entry) => entryFindings(image, entry)))
  return { format: 'tlv', entries, findings }
}
