/** Passcode, discriminator, flow, discovery, salt and verifier, as options and as columns. */
import { DISCOVERY, type CommissioningFlow } from '../matter/onboarding-payload.ts'
import { INVALID_PASSCODES, isValidPasscode, LARGEST_DISCRIMINATOR, LARGEST_PASSCODE } from '../matter/passcode.ts'
import { ITERATIONS, SALT_LENGTHS, VERIFIER_LENGTH, verifierFault, verifierMatches } from '../matter/spake2p.ts'
import { GenerationError } from './generation-error.ts'
import { base64Of, refuse, wholeNumber, type Where } from './option-value.ts'

export const passcodeOf = (where: Where, text: string): number => {
  const value = wholeNumber(where, text, 1, LARGEST_PASSCODE)
  if (!isValidPasscode(value))
    throw new GenerationError(
      `${where} is one of the ${INVALID_PASSCODES.size} passcodes that Matter forbids; any other from 1 to ${LARGEST_PASSCODE} is allowed`,
    )
  return value
}

export const discriminatorOf = (where: Where, text: string): number =>
  wholeNumber(where, text, 0, LARGEST_DISCRIMINATOR)

export const iterationsOf = (where: Where, text: string): number =>
  wholeNumber(where, text, ITERATIONS.least, ITERATIONS.most)

export const saltOf = (where: Where, text: string): Uint8Array =>
  base64Of(where, text, SALT_LENGTHS.least, SALT_LENGTHS.most)

export const verifierOf = (where: Where, text: string): Uint8Array => {
  const verifier = base64Of(where, text, VERIFIER_LENGTH, VERIFIER_LENGTH)
  const fault = verifierFault(verifier)
  if (fault !== undefined) throw new GenerationError(`${where} is no verifier: ${fault}`)
  return verifier
}

export const flowOf = (where: Where, text: string): CommissioningFlow =>
  wholeNumber(where, text, 0, 2) as CommissioningFlow

const ALL_DISCOVERY = Object.values(DISCOVERY).reduce((mask, bit) => mask | bit, 0)

export const discoveryOf = (where: Where, text: string): number => {
  const value = wholeNumber(where, text, 0, 0xff)
  if (value === 0 || (value & ~ALL_DISCOVERY) !== 0)
    return refuse(where, text, '2 (BLE), 4 (on-network), 8 (Wi-Fi PAF), 16 (NFC), 32 (Thread) or their sum is')
  return value
}

export interface CommissioningValues {
  readonly passcode?: number | undefined
  readonly salt?: Uint8Array | undefined
  readonly verifier?: Uint8Array | undefined
}

/**
 * A verifier that is given must be the passcode's, or the label would not open the device.
 *
 * @param names how the three values are called where they were given
 */
export const checkVerifier = (
  where: Where,
  names: { readonly passcode: string; readonly salt: string; readonly verifier: string },
  { passcode, salt, verifier }: CommissioningValues,
  iterations: number,
): void => {
  if (!verifier) return
  if (!salt || passcode === undefined)
    throw new GenerationError(`${where}${names.verifier} needs ${names.salt} and ${names.passcode} beside it`)
  if (!verifierMatches(verifier, { passcode, salt, iterations }))
    throw new GenerationError(
      `${where}${names.verifier} does not belong to ${names.passcode}, ${names.salt} and ${iterations} iterations`,
    )
}
