/** A device that was made elsewhere, as far as it is known, and how the ledger keeps it. */
import { randomUUID } from 'node:crypto'
import type { NewGenerated } from '../records/generation-records.ts'
import type { Vault } from '../security/vault.ts'
import { marksOf } from './claim.ts'
import { plainJson } from './device-secrets.ts'

export interface ImportedUnit {
  /** Where it was found, for errors: a folder, or `file:row`. */
  readonly place: string
  /** Its folder's name, where that is a UUID. */
  readonly id: string | undefined
  /** `AA:BB:CC:00:00:01` */
  readonly mac: string | undefined
  readonly serial: string | undefined
  readonly vendorId: number | undefined
  readonly productId: number | undefined
  readonly passcode: number | undefined
  readonly discriminator: number | undefined
  readonly iterations: number | undefined
  readonly salt: Uint8Array | undefined
  readonly verifier: Uint8Array | undefined
  readonly rotatingId: Uint8Array | undefined
  /** Without its private key where that is only in the chip. */
  readonly dac:
    { readonly certificate: Uint8Array; readonly publicKey: Uint8Array; readonly privateKey?: Uint8Array } | undefined
  readonly qrCode: string | undefined
  readonly manualCode: string | undefined
}

/** The marks of what it claims, equal to those of devices that are made here. */
export const importedMarks = (vault: Vault | undefined, unit: ImportedUnit) =>
  marksOf(vault, {
    serial: unit.serial,
    passcode:
      unit.passcode === undefined || unit.discriminator === undefined
        ? undefined
        : { passcode: unit.passcode, discriminator: unit.discriminator },
    salt: unit.salt,
    rotatingId: unit.rotatingId,
    dacPublicKey: unit.dac?.publicKey,
  })

/** The row of the records, its secrets sealed. */
export const importedRow = (vault: Vault, runId: string, position: number, unit: ImportedUnit): NewGenerated => {
  const id = unit.id ?? randomUUID()
  const marks = importedMarks(vault, unit)
  return {
    id,
    run_id: runId,
    position,
    serial: unit.serial ?? null,
    passcode_mark: marks.passcode ?? null,
    salt_mark: marks.salt ?? null,
    rotating_mark: marks.rotatingId ?? null,
    key_mark: marks.key ?? null,
    mac: unit.mac ?? null,
    dac_certificate: unit.dac?.certificate ?? null,
    sealed: vault.seal(id, Buffer.from(JSON.stringify(plainJson({ ...unit, id, place: undefined })), 'utf8')),
  }
}
