/**
 * What Imprint needs of the host that runs it. Electron's cryptography is BoringSSL, which lacks much of OpenSSL, so only one short
 * list of algorithms is used, and it is tried before anything depends on it.
 */
import { createCipheriv, createECDH, createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'

const NEEDS: Readonly<Record<string, () => unknown>> = {
  'SHA-256': () => createHash('sha256').digest(),
  MD5: () => createHash('md5').digest(),
  HMAC: () => createHmac('sha256', 'k').digest(),
  PBKDF2: () => pbkdf2Sync('p', 's', 1, 32, 'sha256'),
  'AES-256-ECB': () => createCipheriv('aes-256-ecb', randomBytes(32), null),
  'AES-256-CBC': () => createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16)),
  'AES-256-CTR': () => createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)),
  'AES-256-GCM': () => createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12)),
  'ECDH on P-256': () => createECDH('prime256v1').generateKeys(),
  'node:sqlite': () => createRequire(import.meta.url)('node:sqlite') as unknown,
}

/** Names of what the host lacks; empty on one that will do. */
export const missingFromHost = (): string[] =>
  Object.entries(NEEDS).flatMap(([name, attempt]) => {
    try {
      attempt()
      return []
    } catch {
      return [name]
    }
  })
