/** What an identity is made of, and how its secrets are kept. */
import { z } from 'zod'
import type { Vault } from '../security/vault.ts'

const bytes = z.base64().transform((text): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64')))

/** Kept sealed, as JSON; byte strings as Base64. */
const IdentitySecrets = z.object({
  serial: z.string(),
  passcode: z.number().int(),
  discriminator: z.number().int(),
  salt: bytes,
  iterations: z.number().int(),
  /** w0 ‖ L, 97 bytes. */
  verifier: bytes,
  /** 16 bytes. */
  rotatingId: bytes,
  dacCertificate: bytes,
  dacPrivateKey: bytes,
  dacPublicKey: bytes,
  /** `YYYY-MM-DD`: part of the manufacturing partition, so it is fixed with the rest. */
  madeOn: z.string(),
})
export type IdentitySecrets = z.output<typeof IdentitySecrets>

/** Sealed under the vault's key for the identity of this id. */
export const sealSecrets = (vault: Vault, id: string, secrets: IdentitySecrets): Uint8Array => {
  // Not by a replacer: a Buffer has a JSON form of its own, which comes before it.
  const kept = Object.entries(secrets).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  ])
  return vault.seal(id, Buffer.from(JSON.stringify(Object.fromEntries(kept)), 'utf8'))
}

/** @throws VaultError when the value is damaged or belongs to another identity or key */
export const openSecrets = (vault: Vault, id: string, sealed: Uint8Array): IdentitySecrets =>
  IdentitySecrets.parse(JSON.parse(Buffer.from(vault.open(id, sealed)).toString('utf8')))
