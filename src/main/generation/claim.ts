/** What a device takes for itself for ever: no other device may have any of it. */
import { passcodeMark } from '../identities/make-identity.ts'
import type { Vault } from '../security/vault.ts'
import type { Device } from './device.ts'
import { sealDevice } from './device-secrets.ts'

/** Under a vault the values are marks, which tell nothing; without one they are the values themselves, and go nowhere. */
export interface Claim {
  readonly id: string
  readonly serial: string
  readonly passcode: string | undefined
  readonly salt: string
  readonly rotatingId: string | undefined
  readonly key: string | undefined
  readonly dacCertificate: Uint8Array | undefined
  readonly sealed: Uint8Array | undefined
}

/** The part of a claim that can be marked before there is a device: what a row of `--mcsv` gives. */
export interface ClaimedValues {
  readonly serial?: string | undefined
  readonly passcode?: { readonly passcode: number; readonly discriminator: number } | undefined
  readonly salt?: Uint8Array | undefined
  readonly rotatingId?: Uint8Array | undefined
  readonly dacPublicKey?: Uint8Array | undefined
}

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex')

/** The same marks as those of the line's identities, so that both are unique together. */
export const marksOf = (vault: Vault | undefined, values: ClaimedValues) => ({
  serial: values.serial,
  passcode:
    values.passcode &&
    (vault
      ? passcodeMark(vault, values.passcode.passcode, values.passcode.discriminator)
      : `${values.passcode.passcode} ${values.passcode.discriminator}`),
  salt: values.salt && (vault ? vault.mark('salt', values.salt) : hex(values.salt)),
  rotatingId: values.rotatingId && (vault ? vault.mark('rotating id', values.rotatingId) : hex(values.rotatingId)),
  key: values.dacPublicKey && (vault ? vault.mark('DAC public key', values.dacPublicKey) : hex(values.dacPublicKey)),
})

export const claimOf = (vault: Vault | undefined, device: Device): Claim => {
  const { id, serial, passcode, discriminator, salt, rotatingId, dac } = device
  const marks = marksOf(vault, {
    serial,
    passcode: passcode === undefined ? undefined : { passcode, discriminator },
    salt,
    rotatingId,
    dacPublicKey: dac?.publicKey,
  })
  return {
    ...marks,
    id,
    serial,
    salt: marks.salt ?? '',
    dacCertificate: dac?.certificate,
    sealed: vault && sealDevice(vault, device),
  }
}
