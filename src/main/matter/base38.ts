/** Base-38 of the QR code payload (Matter core specification, section 5.1.3.1): three bytes to five characters, little-endian. */
import { OnboardingError } from './onboarding-error.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-.'
/** Characters for 1, 2 and 3 bytes. */
const LENGTHS = [0, 2, 4, 5] as const

export const encodeBase38 = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.subarray(at, at + 3)
    let value = group.reduceRight((sum, byte) => sum * 256 + byte, 0)
    for (let left = LENGTHS[group.length] ?? 0; left > 0; left--) {
      text += ALPHABET[value % 38]
      value = Math.floor(value / 38)
    }
  }
  return text
}

/** @throws OnboardingError for a character outside the alphabet, a length that no bytes have, or a group too large */
export const decodeBase38 = (text: string): Uint8Array => {
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 5) {
    const group = text.slice(at, at + 5)
    const count = LENGTHS.indexOf(group.length as 2)
    if (count < 1)
      throw new OnboardingError(
        'length',
        `the QR payload ends in a group of ${group.length} characters; 2, 4 or 5 are allowed`,
      )
    let value = 0
    for (const character of [...group].reverse()) {
      const digit = ALPHABET.indexOf(character)
      if (digit < 0)
        throw new OnboardingError(
          'character',
          `'${character}' is not allowed in a QR payload; allowed are 0–9, A–Z, '-' and '.'`,
        )
      value = value * 38 + digit
    }
    if (value >= 256 ** count)
      throw new OnboardingError('value', `the group '${group}' of the QR payload is too large for ${count} bytes`)
    for (let index = 0; index < count; index++) bytes.push(Math.floor(value / 256 ** index) % 256)
  }
  return Uint8Array.from(bytes)
}
