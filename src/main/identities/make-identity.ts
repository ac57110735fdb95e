/** Making one identity: passcode, discriminator, verifier, rotating id, DAC and key, from a cryptographic source of randomness. */
import { generateKeyPairSync } from 'node:crypto'
import type { Dac } from '../generation/plan.ts'
import { issueCertificate, serialNumberFrom, type Issuer } from '../matter/certificate-issue.ts'
import { keyPairFromScalar, type KeyPair } from '../matter/key-pair.ts'
import { generateDiscriminator, generatePasscode, type RandomBytes } from '../matter/passcode.ts'
import { computeVerifier } from '../matter/spake2p.ts'
import type { NewIdentity } from '../records/identity-records.ts'
import type { Vault } from '../security/vault.ts'
import { sealSecrets, type IdentitySecrets } from './identity.ts'

/** What the identities of an order have in common. */
export interface IdentityPlan {
  readonly orderId: string
  readonly vendorId: number
  readonly productId: number
  readonly iterations: number
  /** Until when the DACs are valid: not longer than their issuer. */
  readonly validTo: Date
}

const SALT_LENGTH = 32
const ROTATING_ID_LENGTH = 16
const SERIAL_NUMBER_LENGTH = 20

const newKeyPair = (): KeyPair => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const { d } = privateKey.export({ format: 'jwk' })
  return keyPairFromScalar(Buffer.from(d ?? '', 'base64url'))
}

/**
 * A DAC under the PAI, with a key of its own.
 *
 * @param id of the identity, a UUID; it is the DAC's common name
 * @param now when it is made; it is valid from then on
 */
export const newDac = (plan: IdentityPlan, issuer: Issuer, id: string, now: Date, randomBytes: RandomBytes): Dac => {
  const pair = newKeyPair()
  const certificate = issueCertificate(
    {
      role: 'dac',
      subject: { commonName: id, vendorId: plan.vendorId, productId: plan.productId },
      publicKey: pair.publicKey,
      serialNumber: serialNumberFrom(randomBytes(SERIAL_NUMBER_LENGTH)),
      validity: { from: now, to: plan.validTo },
    },
    issuer,
  )
  return { certificate, ...pair }
}

export const makeSecrets = (
  plan: IdentityPlan,
  dac: Dac,
  serial: string,
  now: Date,
  randomBytes: RandomBytes,
): IdentitySecrets => {
  const passcode = generatePasscode(randomBytes)
  const salt = randomBytes(SALT_LENGTH)
  return {
    serial,
    passcode,
    discriminator: generateDiscriminator(randomBytes),
    salt,
    iterations: plan.iterations,
    verifier: computeVerifier({ passcode, salt, iterations: plan.iterations }),
    rotatingId: randomBytes(ROTATING_ID_LENGTH),
    dacCertificate: dac.certificate,
    dacPrivateKey: dac.privateKey,
    dacPublicKey: dac.publicKey,
    madeOn: now.toISOString().slice(0, 10),
  }
}

/** Equal for equal passcodes with equal discriminators: how a scanned code finds its unit. */
export const passcodeMark = (vault: Vault, passcode: number, discriminator: number): string =>
  vault.mark('passcode with discriminator', `${passcode} ${discriminator}`)

/** Equal for equal keys of DACs: no DAC is used twice. */
export const dacMark = (vault: Vault, publicKey: Uint8Array): string => vault.mark('DAC public key', publicKey)

/** As the records keep it: secrets sealed, and a mark for each value that must be unique for ever. */
export const sealedIdentity = (vault: Vault, orderId: string, id: string, secrets: IdentitySecrets): NewIdentity => ({
  id,
  order_id: orderId,
  serial: secrets.serial,
  passcode_mark: passcodeMark(vault, secrets.passcode, secrets.discriminator),
  salt_mark: vault.mark('salt', secrets.salt),
  rotating_mark: vault.mark('rotating id', secrets.rotatingId),
  key_mark: dacMark(vault, secrets.dacPublicKey),
  dac_certificate: secrets.dacCertificate,
  sealed: sealSecrets(vault, id, secrets),
})
