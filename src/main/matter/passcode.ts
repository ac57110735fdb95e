/** The setup passcode (Matter core specification, section 5.1.7) and the discriminator (section 5.1.1.5). */

/** Bytes from a cryptographic source, passed in. */
export type RandomBytes = (length: number) => Uint8Array

export const LARGEST_PASSCODE = 99_999_998
export const LARGEST_DISCRIMINATOR = 0xfff

/** The passcodes that the specification forbids: ten repetitions of one digit and two runs. */
export const INVALID_PASSCODES: ReadonlySet<number> = new Set([
  ...Array.from({ length: 10 }, (_, digit) => digit * 11_111_111),
  12_345_678,
  87_654_321,
])

export const isValidPasscode = (passcode: number): boolean =>
  Number.isInteger(passcode) && passcode >= 1 && passcode <= LARGEST_PASSCODE && !INVALID_PASSCODES.has(passcode)

/** A passcode, each valid one equally likely: candidates of 27 bits are drawn until one is valid. */
export const generatePasscode = (randomBytes: RandomBytes): number => {
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = randomBytes(4)
    const candidate = (a | (b << 8) | (c << 16) | (d << 24)) & 0x7ffffff
    if (isValidPasscode(candidate)) return candidate
  }
}

/** A discriminator of 12 bits. */
export const generateDiscriminator = (randomBytes: RandomBytes): number => {
  const [low = 0, high = 0] = randomBytes(2)
  return (low | (high << 8)) & LARGEST_DISCRIMINATOR
}
