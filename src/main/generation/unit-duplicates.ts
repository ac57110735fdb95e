/** Values that two devices of one `--mcsv` would share. */
import { GenerationError } from './generation-error.ts'
import { marksOf } from './claim.ts'
import type { GivenDevice } from './plan.ts'
import { CLAIM_KINDS, type ClaimKind } from './register.ts'
import type { Vault } from '../security/vault.ts'

export const CLAIM_WORDS: Readonly<Record<ClaimKind, string>> = {
  serial: 'serial number',
  passcode: 'passcode with its discriminator',
  salt: 'salt',
  rotatingId: 'rotating id',
  key: 'DAC key',
}

/** What a given device claims for certain: marks under the vault, or the values. */
export const givenMarks = (vault: Vault | undefined, { passcode, data, dac }: GivenDevice) =>
  marksOf(vault, {
    serial: data.serialNumber,
    passcode:
      passcode === undefined || data.discriminator === undefined
        ? undefined
        : { passcode, discriminator: data.discriminator },
    salt: data.salt,
    rotatingId: data.rotatingId,
    dacPublicKey: dac?.publicKey,
  })

/** @throws GenerationError naming both rows */
export const checkDuplicates = (units: readonly GivenDevice[], places: readonly string[]): void => {
  const seen = new Map<string, number>()
  for (const [index, unit] of units.entries()) {
    const marks = givenMarks(undefined, unit)
    for (const kind of CLAIM_KINDS) {
      if (marks[kind] === undefined) continue
      const name = `${kind} ${marks[kind]}`
      const before = seen.get(name)
      if (before !== undefined)
        throw new GenerationError(
          `${places[index]}: the ${CLAIM_WORDS[kind]} is that of ${places[before]}; every device needs its own`,
        )
      seen.set(name, index)
    }
  }
}
