/**
 * How well a mask suits a QR symbol of version 2: penalty points (ISO/IEC 18004, section 7.8.3). A line of 25 modules is one number,
 * so that a whole line is judged by a few operations on bits.
 */

export interface QrLines {
  /** Bit 0 is the leftmost module, 1 is dark. */
  readonly rows: Int32Array
  /** The same modules once more, bit 0 is the topmost. */
  readonly columns: Int32Array
}

const SIZE = 25
const ALL = 2 ** SIZE - 1
/** A finder's 1:1:3:1:1 with four light modules on one side. */
const FINDER_LIKE = [0b10111010000, 0b00001011101] as const
const FINDER_LENGTH = 11

const countBits = (value: number): number => {
  const pairs = value - ((value >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Bit i: are modules i and i+1 alike? */
const alike = (line: number): number => ~(line ^ (line >>> 1)) & (ALL >>> 1)

/** Three points for five alike in a row, one more for each that follows. */
const runPoints = (line: number): number => {
  const pairs = alike(line)
  const fives = pairs & (pairs >>> 1) & (pairs >>> 2) & (pairs >>> 3)
  return countBits(fives) + 2 * countBits(fives & ~(fives << 1))
}

/** Forty points for each place where the line looks like a finder. */
const finderPoints = (line: number): number => {
  // What both patterns have in common comes first; most lines have it nowhere.
  const candidates = (ALL >>> (FINDER_LENGTH - 1)) & (line >>> 4) & ~(line >>> 5) & (line >>> 6)
  let places = 0
  for (const pattern of FINDER_LIKE) {
    let found = candidates
    for (let bit = 0; bit < FINDER_LENGTH && found !== 0; bit++)
      found &= (pattern >>> bit) & 1 ? line >>> bit : ~(line >>> bit)
    if (found !== 0) places += countBits(found)
  }
  return 40 * places
}

export const penalty = ({ rows, columns }: QrLines): number => {
  let points = 0
  let dark = 0
  for (let index = 0; index < SIZE; index++) {
    const row = rows[index] ?? 0
    const column = columns[index] ?? 0
    points += runPoints(row) + finderPoints(row) + runPoints(column) + finderPoints(column)
    dark += countBits(row)
    if (index === SIZE - 1) break
    // Three points for each square of four alike.
    const same = ~(row ^ (rows[index + 1] ?? 0)) & ALL
    points += 3 * countBits(alike(row) & same & (same >>> 1))
  }
  // Ten points for each five per cent away from as much dark as light.
  return points + 10 * Math.floor(Math.abs((dark * 20) / (SIZE * SIZE) - 10))
}
