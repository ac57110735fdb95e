/** The Verhoeff check digit of the manual pairing code (Matter core specification, section 5.1.4.1.5). */

/** Multiplication in the dihedral group D5, written out as arithmetic: 0–4 are rotations, 5–9 reflections. */
const multiply = (a: number, b: number): number => {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5)
  return b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const

/** The permutation applied `times` times. */
const permute = (digit: number, times: number): number => {
  let result = digit
  for (let round = 0; round < times % 8; round++) result = PERMUTATION[result] ?? 0
  return result
}

const INVERSE = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9] as const

/** The digit to append to a string of decimal digits. */
export const verhoeffDigit = (digits: string): string => {
  let check = 0
  for (let index = 0; index < digits.length; index++)
    check = multiply(check, permute(Number(digits[digits.length - 1 - index]), index + 1))
  return String(INVERSE[check])
}
