/** What a device takes for itself for ever: no other device may have any of it. */
import { passcodeMark } from '../identities/make-identity.ts'
import type { Vault } from '../security/vault.ts'
import type { Device } from './device.ts'
import { sealDevice } from './device-secrets.ts'

export interface Claim {
  /** Passcode with discriminator: marked under the vault, or as they are where nobody keeps them. */
  readonly passcode: string | undefined
  /** What the ledger keeps of the device; undefined without one. */
  readonly kept: KeptClaim | undefined
}

/** Marks, which tell nothing without the vault's key, and the device itself, sealed. */
export interface KeptClaim {
  readonly id: string
  readonly serial: string
  readonly salt: string
  readonly rotatingId: string | undefined
  readonly key: string | undefined
  readonly dacCertificate: Uint8Array | undefined
  readonly sealed: Uint8Array
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
  const code = passcode === undefined ? undefined : { passcode, discriminator }
  if (!vault) return { passcode: marksOf(undefined, { passcode: code }).passcode, kept: undefined }
  const marks = marksOf(vault, { passcode: code, salt, rotatingId, dacPublicKey: dac?.publicKey })
  return {
    passcode: marks.passcode,
    kept: {
      id,
      serial,
      salt: marks.salt ?? '',
      rotatingId: marks.rotatingId,
      key: marks.key,
      // Copies: what lies in a shared buffer would take the whole of it along to the other thread.
      dacCertificate: dac && Uint8Array.from(dac.certificate),
      sealed: Uint8Array.from(sealDevice(vault, device)),
    },
  }
}
