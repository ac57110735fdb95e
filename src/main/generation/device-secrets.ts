/** A device as the ledger keeps it: sealed, and complete, so that its files can be written again exactly. */
import { z } from 'zod'
import type { Vault } from '../security/vault.ts'
import type { Device } from './device.ts'

const bytes = z.base64().transform((text): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64')))

const Secrets = z.object({
  id: z.string(),
  serial: z.string(),
  passcode: z.number().int().optional(),
  discriminator: z.number().int(),
  iterations: z.number().int(),
  salt: bytes,
  verifier: bytes.optional(),
  rotatingId: bytes.optional(),
  dac: z.object({ certificate: bytes, privateKey: bytes, publicKey: bytes }).optional(),
  nvsKeys: bytes.optional(),
  secureCertRandom: bytes.optional(),
})

/** For JSON: byte strings as Base64. Not by a replacer, because a Buffer has a JSON form of its own, which comes before it. */
export const plainJson = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plainJson)
  return Object.fromEntries(Object.entries(value).map(([name, part]: [string, unknown]) => [name, plainJson(part)]))
}

export const sealDevice = (vault: Vault, device: Device): Uint8Array =>
  vault.seal(device.id, Buffer.from(JSON.stringify(plainJson(device)), 'utf8'))

/** @throws VaultError when the value is damaged or belongs to another device or key */
export const openDevice = (vault: Vault, id: string, sealed: Uint8Array): Device => {
  const { passcode, verifier, rotatingId, dac, nvsKeys, secureCertRandom, ...rest } = Secrets.parse(
    JSON.parse(Buffer.from(vault.open(id, sealed)).toString('utf8')),
  )
  return { ...rest, passcode, verifier, rotatingId, dac, nvsKeys, secureCertRandom }
}
