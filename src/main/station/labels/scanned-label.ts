import { passcodeMark } from '../../identities/make-identity.ts'
import { unworded } from '../../fault-error.ts'
import { OnboardingError } from '../../matter/onboarding-error.ts'
import { parseQrPayload } from '../../matter/onboarding-payload.ts'
import type { LabelRow } from '../../records/label-records.ts'
import type { DataFolder } from '../data-folder.ts'
import { RequestRefusal } from '../request-refusal.ts'

/**
 * The current label whose QR code was scanned; undefined when no unit of this station has that code.
 *
 * @throws RequestRefusal when the text is no Matter QR code
 */
export const findScanned = async (
  { records, vault }: Pick<DataFolder, 'records' | 'vault'>,
  scanned: string,
): Promise<LabelRow | undefined> => {
  try {
    const { passcode, discriminator } = parseQrPayload(scanned.trim())
    return await records.ask('labelOfPasscode', { mark: passcodeMark(vault, passcode, discriminator) })
  } catch (error) {
    if (error instanceof OnboardingError)
      throw new RequestRefusal('invalid', 'not-a-label', {}, unworded(error.message))
    throw error
  }
}
