/**
 * Private keys as PKI providers hand them out: SEC1 (RFC 5915) and PKCS#8 (RFC 5958), encrypted or not, in PEM or DER, and the bare
 * scalar of 32 bytes. Ciphers that protect keys come from node-forge, since Electron's crypto lacks some of them.
 */
import { createHash } from 'node:crypto'
import forge from 'node-forge'
import {
  childrenOf,
  contentOf,
  DerError,
  oidOf,
  readDer,
  smallIntegerOf,
  wholeBitsOf,
  type DerNode,
} from './der-read.ts'
import { keyPairFromScalar, KeyError, type KeyPair } from './key-pair.ts'
import { checkIterations } from './key-iterations.ts'

const EC_PUBLIC_KEY = '1.2.840.10045.2.1'
const P256 = '1.2.840.10045.3.1.7'
const SCALAR = 32
const TAG = { integer: 0x02, octetString: 0x04, oid: 0x06, sequence: 0x30, parameters: 0xa0, publicKey: 0xa1 } as const
const WRONG_PASSWORD = 'the password does not open it'

const checkCurve = (curve: DerNode | undefined): void => {
  if (curve?.tag !== TAG.oid || oidOf(curve, 'the curve') !== P256)
    throw new KeyError('the key is not a P-256 key; Matter attestation allows no other')
}

/** ECPrivateKey of RFC 5915. */
const fromSec1 = (parts: readonly DerNode[], curveKnown: boolean): KeyPair => {
  const scalar = contentOf(parts[1], TAG.octetString, 'the private key')
  const parameters = parts.find((part) => part.tag === TAG.parameters)
  if (parameters) checkCurve(childrenOf(parameters, 'the parameters of the key', TAG.parameters)[0])
  else if (!curveKnown) throw new KeyError('the key does not say its curve; a P-256 key is needed')
  // Some writers drop leading zeros.
  if (scalar.length > SCALAR) throw new KeyError('the private key is not a P-256 key')
  const pair = keyPairFromScalar(Buffer.concat([Buffer.alloc(SCALAR - scalar.length), scalar]))
  const stated = parts.find((part) => part.tag === TAG.publicKey)
  if (stated) {
    const publicKey = wholeBitsOf(childrenOf(stated, 'the public key', TAG.publicKey)[0], 'the public key')
    if (publicKey[0] === 4 && Buffer.compare(publicKey, pair.publicKey) !== 0)
      throw new KeyError('the public key in it does not belong to the private key')
  }
  return pair
}

/** PrivateKeyInfo of RFC 5958. */
const fromPkcs8 = (parts: readonly DerNode[]): KeyPair => {
  const [algorithm, curve] = childrenOf(parts[1], 'the algorithm of the key')
  if (oidOf(algorithm, 'the algorithm of the key') !== EC_PUBLIC_KEY)
    throw new KeyError('the key is not a P-256 key; Matter attestation allows no other')
  checkCurve(curve)
  const inner = readDer(contentOf(parts[2], TAG.octetString, 'the private key'))
  return fromSec1(childrenOf(inner, 'the private key'), true)
}

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** EncryptedPrivateKeyInfo of RFC 5958, with PBES1 or PBES2. */
const decryptPkcs8 = (der: Uint8Array, password: string | undefined): Uint8Array => {
  if (password === undefined) throw new KeyError('it is encrypted; its password is needed', 'password-needed')
  checkIterations(der)
  const encrypted = forge.asn1.fromDer(binary(der))
  // PBES2 takes the password as UTF-8, PKCS#12's own schemes as UTF-16, which forge makes itself.
  for (const text of new Set([forge.util.encodeUtf8(password), password]))
    try {
      const info = forge.pki.decryptPrivateKeyInfo(encrypted, text) as forge.asn1.Asn1 | null
      if (info) return Buffer.from(forge.asn1.toDer(info).getBytes(), 'latin1')
    } catch {
      // A wrong key gives wrong padding, or bytes that are no ASN.1.
    }
  throw new KeyError(WRONG_PASSWORD, 'password-wrong')
}

/** Reads what a password opened: without a checksum, a wrong password may still look like right padding. */
const opened = (read: () => KeyPair): KeyPair => {
  try {
    return read()
  } catch (error) {
    throw error instanceof DerError ? new KeyError(WRONG_PASSWORD, 'password-wrong') : error
  }
}

/** A key in DER, whatever form it has. */
export const privateKeyFromDer = (der: Uint8Array, password: string | undefined): KeyPair => {
  const parts = childrenOf(readDer(der), 'the key')
  if (parts[0]?.tag === TAG.integer && parts[1]?.tag === TAG.octetString) return fromSec1(parts, false)
  if (parts[0]?.tag === TAG.integer && parts[2]?.tag === TAG.octetString) return fromPkcs8(parts)
  if (parts[0]?.tag === TAG.integer && smallIntegerOf(parts[0], 'the version') === 3)
    throw new KeyError('it is a PKCS#12 file; give it as such')
  if (parts[0]?.tag !== TAG.sequence || parts[1]?.tag !== TAG.octetString)
    throw new DerError('it is neither SEC1 nor PKCS#8')
  const clear = decryptPkcs8(der, password)
  return opened(() => fromPkcs8(childrenOf(readDer(clear), 'the key')))
}

// What stands between the lines holds no row of dashes, so that a file of many beginnings is still read in one go.
const PEM = /-----BEGIN (EC |ENCRYPTED |)PRIVATE KEY-----\r?\n((?:(?!-----)[\s\S])*)-----END \1PRIVATE KEY-----/u
const CIPHERS: Readonly<Record<string, { readonly name: forge.cipher.Algorithm; readonly key: number }>> = {
  'AES-128-CBC': { name: 'AES-CBC', key: 16 },
  'AES-192-CBC': { name: 'AES-CBC', key: 24 },
  'AES-256-CBC': { name: 'AES-CBC', key: 32 },
  'DES-EDE3-CBC': { name: '3DES-CBC', key: 24 },
}
const SALT = 8

/** OpenSSL's EVP_BytesToKey with MD5 and one iteration. */
const keyOfPassword = (password: string, salt: Uint8Array, length: number): Uint8Array => {
  let key = Buffer.alloc(0)
  let block = Buffer.alloc(0)
  while (key.length < length) {
    block = createHash('md5').update(block).update(password, 'utf8').update(salt).digest()
    key = Buffer.concat([key, block])
  }
  return key.subarray(0, length)
}

/** A PEM block with `Proc-Type: 4,ENCRYPTED` (RFC 1421), as OpenSSL writes it. */
const decryptTraditional = (info: string, body: Uint8Array, password: string | undefined): Uint8Array => {
  const [cipherName = '', hex = ''] = info.split(',')
  const cipher = CIPHERS[cipherName]
  if (!cipher || !/^(?:[0-9A-Fa-f]{16}|[0-9A-Fa-f]{32})$/u.test(hex))
    throw new KeyError(`it is encrypted with '${cipherName}'; ${Object.keys(CIPHERS).join(', ')} can be read`)
  if (password === undefined) throw new KeyError('it is encrypted; its password is needed', 'password-needed')
  const iv = Buffer.from(hex, 'hex')
  const key = keyOfPassword(password, iv.subarray(0, SALT), cipher.key)
  const decipher = forge.cipher.createDecipher(cipher.name, binary(key))
  decipher.start({ iv: binary(iv) })
  decipher.update(forge.util.createBuffer(binary(body)))
  if (!decipher.finish()) throw new KeyError(WRONG_PASSWORD, 'password-wrong')
  return Buffer.from(decipher.output.getBytes(), 'latin1')
}

const fromPem = (content: string, password: string | undefined): KeyPair => {
  const info = /^DEK-Info: *(\S+)$/mu.exec(content)?.[1]
  const body = Buffer.from(content.replace(/^[\w-]+:.*$/gmu, ''), 'base64')
  if (info === undefined) return privateKeyFromDer(body, password)
  const der = decryptTraditional(info, body, password)
  return opened(() => privateKeyFromDer(der, undefined))
}

/**
 * A P-256 private key from PEM, DER or 32 bare bytes.
 *
 * @param name of the file, for the error
 * @param password of an encrypted key
 * @throws KeyError naming the file and what is allowed
 */
export const readPrivateKeyFile = (bytes: Uint8Array, name: string, password?: string): KeyPair => {
  try {
    if (bytes.length === SCALAR) return keyPairFromScalar(bytes)
    const pem = PEM.exec(binary(bytes))
    return pem ? fromPem(pem[2] ?? '', password) : privateKeyFromDer(bytes, password)
  } catch (error) {
    throw new KeyError(
      error instanceof KeyError
        ? `${name}: ${error.message}`
        : `${name}: no private key could be read; a P-256 key as SEC1 or PKCS#8 in PEM or DER is needed`,
      error instanceof KeyError ? error.code : 'unreadable',
    )
  }
}
