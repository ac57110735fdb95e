/**
 * Secrets at rest: what the records keep of passcodes, verifiers, salts, rotating ids and DAC keys is sealed under the station's key.
 * One small pair, seal and open, so that another kind of vault (an HSM, a token) can stand in its place.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'

export interface Vault {
  /** AES-256-GCM with a fresh nonce; the subject's id is authenticated, so a sealed value cannot be moved to another subject. */
  seal(subject: string, plain: Uint8Array): Uint8Array
  /** @throws VaultError when the key, the subject or the bytes are not those of the sealing */
  open(subject: string, sealed: Uint8Array): Uint8Array
  /** HMAC-SHA256 of a value of a kind, Base64url: equal values have equal marks, and a mark tells nothing without the key. */
  mark(kind: string, value: Uint8Array | string): string
  /** Tells keys apart without giving them away. */
  readonly fingerprint: string
}

export class VaultError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'VaultError'
  }
}

export const STATION_KEY_LENGTH = 32
const VERSION = 1
const NONCE = 12
const TAG = 16

/** @param key 32 random bytes, the station's key */
export const openVault = (key: Uint8Array): Vault => {
  if (key.length !== STATION_KEY_LENGTH)
    throw new VaultError(`the station key has ${key.length} bytes; ${STATION_KEY_LENGTH} are needed`)
  // One key a purpose, so that neither use can weaken the other.
  const derived = (purpose: string): Buffer => createHmac('sha256', key).update(`imprint ${purpose}`).digest()
  const sealKey = derived('seal')
  const markKey = derived('mark')
  return {
    fingerprint: createHash('sha256').update(derived('fingerprint')).digest('hex').slice(0, 16),
    seal(subject, plain) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(subject, 'utf8'))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), body])
    },
    open(subject, sealed) {
      if (sealed.length < 1 + NONCE + TAG || sealed[0] !== VERSION)
        throw new VaultError(`the sealed value of ${subject} is damaged`)
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(1, 1 + NONCE))
          .setAAD(Buffer.from(subject, 'utf8'))
          .setAuthTag(sealed.subarray(1 + NONCE, 1 + NONCE + TAG))
        return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final()])
      } catch {
        throw new VaultError(`the sealed value of ${subject} is damaged, or sealed under another station key`)
      }
    },
    mark: (kind, value) => createHmac('sha256', markKey).update(`${kind}\0`).update(value).digest('base64url'),
  }
}
