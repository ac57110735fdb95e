/** P-256 keys as the device needs them: a scalar of 32 bytes and a point of 65. */
import { createECDH, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'
import { bits, der, integer, octets, oid, sequence } from './der.ts'

export interface KeyPair {
  /** Big-endian, 32 bytes. */
  readonly privateKey: Uint8Array
  /** Uncompressed, 65 bytes. */
  readonly publicKey: Uint8Array
}

/** Why a private key cannot be used. */
export class KeyError extends Error {
  readonly code: 'unreadable' | 'password-needed' | 'password-wrong'
  constructor(message: string, code: KeyError['code'] = 'unreadable') {
    super(message)
    this.name = 'KeyError'
    this.code = code
  }
}

/** @throws KeyError when the bytes are no scalar of P-256 */
export const keyPairFromScalar = (scalar: Uint8Array): KeyPair => {
  const curve = createECDH('prime256v1')
  try {
    curve.setPrivateKey(scalar)
  } catch {
    throw new KeyError('the private key is not a P-256 key')
  }
  return { privateKey: Uint8Array.from(scalar), publicKey: Uint8Array.from(curve.getPublicKey()) }
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

const jwk = ({ privateKey, publicKey }: KeyPair) => ({
  kty: 'EC',
  crv: 'P-256',
  d: base64url(privateKey),
  x: base64url(publicKey.subarray(1, 33)),
  y: base64url(publicKey.subarray(33)),
})

/** For signing with node:crypto. Make it once per issuer: the import costs more than a signature. */
export const signingKey = (pair: KeyPair): KeyObject => createPrivateKey({ key: jwk(pair), format: 'jwk' })

export const verifyingKey = (publicKey: Uint8Array): KeyObject => {
  const { kty, crv, x, y } = jwk({ privateKey: new Uint8Array(0), publicKey })
  return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
}

/** ECDSA with SHA-256, DER-encoded. */
export const ecdsaSign = (key: KeyObject, message: Uint8Array): Uint8Array => sign('sha256', message, key)

/** SEC1 (RFC 5915) in PEM form. */
export const privateKeyPem = (pair: KeyPair): string =>
  signingKey(pair).export({ format: 'pem', type: 'sec1' }) as string

const P256 = der(0xa0, oid('1.2.840.10045.3.1.7'))

/** SEC1 (RFC 5915) in DER: 121 bytes. */
export const privateKeyDer = ({ privateKey, publicKey }: KeyPair): Uint8Array =>
  sequence(integer(1), octets(privateKey), P256, der(0xa1, bits(publicKey)))
