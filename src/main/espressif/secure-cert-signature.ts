/**
 * Signature blocks of esp_secure_cert images (type 8): offset and length of what is signed, the public key, the signature. ECDSA
 * P-256 with SHA-256 is made and checked here; numbers in it are little-endian, as the ROM's curve code wants them.
 */
import { createPublicKey, verify, sign, type KeyObject } from 'node:crypto'
import { verifyingKey } from '../matter/key-pair.ts'
import { SECURE_CERT_SIZE, SECURE_CERT_TYPE, SecureCertError, type SecureCertEntry } from './secure-cert-entry.ts'
import { withIntegrity, writeSecureCert } from './secure-cert-write.ts'

export const SIGNATURE_ALGORITHMS = ['RSA-3072', 'ECDSA P-192', 'ECDSA P-256', 'ECDSA P-384'] as const
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number]

const P256 = 2
const VERSION = 1
const HEAD = 16
const NUMBER = 32
/** Also the curve's id in the block. */
const PUBLIC_KEY = 1 + 2 * NUMBER

export interface SignatureBlock {
  readonly algorithm: SignatureAlgorithm
  /** Of what is signed. */
  readonly offset: number
  readonly length: number
  /** Uncompressed point, for P-256. */
  readonly publicKey: Uint8Array | undefined
  /** r ‖ s, big-endian, for P-256. */
  readonly signature: Uint8Array | undefined
}

/** Both numbers of a pair with their bytes turned around. */
const turned = (pair: Uint8Array): Uint8Array =>
  Buffer.concat([pair.slice(0, NUMBER).reverse(), pair.slice(NUMBER).reverse()])

/** @throws SecureCertError when it is malformed */
export const readSignatureBlock = (data: Uint8Array): SignatureBlock => {
  const bytes = Buffer.from(data)
  const algorithm = SIGNATURE_ALGORITHMS[bytes[12] ?? -1]
  if (bytes.length < HEAD || bytes[0] !== VERSION || !algorithm)
    throw new SecureCertError('the signature block is cut off, or of a version or algorithm that is not known')
  const common = { algorithm, offset: bytes.readUInt32LE(4), length: bytes.readUInt32LE(8) }
  if (algorithm !== SIGNATURE_ALGORITHMS[P256]) return { ...common, publicKey: undefined, signature: undefined }
  if (bytes.length !== HEAD + PUBLIC_KEY + 2 * NUMBER)
    throw new SecureCertError(
      `the signature block has ${bytes.length} bytes; ${HEAD + PUBLIC_KEY + 2 * NUMBER} are needed`,
    )
  return {
    ...common,
    publicKey: Buffer.concat([Uint8Array.of(4), turned(bytes.subarray(HEAD + 1, HEAD + PUBLIC_KEY))]),
    signature: turned(bytes.subarray(HEAD + PUBLIC_KEY)),
  }
}

/** Does the block's own key confirm what is signed? undefined where the algorithm cannot be checked here. */
export const signatureMatches = (image: Uint8Array, block: SignatureBlock): boolean | undefined => {
  const { offset, length, publicKey, signature } = block
  if (!publicKey || !signature) return undefined
  if (offset + length > image.length) return false
  try {
    const key = verifyingKey(publicKey)
    return verify('sha256', image.subarray(offset, offset + length), { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    // The bytes of the key are no point of the curve.
    return false
  }
}

/** The entry that signs the whole image. */
const signatureEntry = (image: Uint8Array, key: KeyObject, subtype: number): SecureCertEntry => {
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' })
  const head = Buffer.alloc(HEAD)
  head[0] = VERSION
  head.writeUInt32LE(image.length, 8)
  head[12] = P256
  const point = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const signature = sign('sha256', image, { key, dsaEncoding: 'ieee-p1363' })
  return {
    type: SECURE_CERT_TYPE.signatureBlock,
    subtype,
    flags: 0,
    data: Buffer.concat([head, Uint8Array.of(P256), turned(point), turned(signature)]),
  }
}

/** After the last entry, as esp-secure-cert-tool leaves it. */
const END_MARK = Uint8Array.of(0xff, 0xff, 0, 0)

/**
 * The image signed by each of the keys, with an integrity entry over all of it.
 *
 * @param integritySubtype one more than that of an integrity entry that is in the image already
 * @throws SecureCertError when the result does not fit
 */
export const signSecureCert = (image: Uint8Array, keys: readonly KeyObject[], integritySubtype = 0): Uint8Array => {
  const signatures = writeSecureCert(keys.map((key, index) => signatureEntry(image, key, index)))
  const whole = withIntegrity(Buffer.concat([image, signatures]), integritySubtype)
  return whole.length + END_MARK.length > SECURE_CERT_SIZE ? whole : Buffer.concat([whole, END_MARK])
}
