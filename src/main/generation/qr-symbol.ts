/**
 * The symbol of a QR payload: version 2, level M, of the eight masks the one that suits it best (`qr-mask.ts`).
 *
 * All comes from the package `qrcode`, but once only: a symbol is linear in its bits, error correction and mask included. So the
 * symbol of a text is that of a sample with the part of each bit flipped in which the two differ. That takes a fiftieth of the time of
 * drawing it, and a symbol must cost next to nothing beside a verifier.
 */
import { create } from 'qrcode'
import { penalty, type QrLines } from './qr-mask.ts'

const VERSION = 2
export const QR_SIZE = 17 + 4 * VERSION
const MASKS = 8

type Segment =
  { readonly data: string; readonly mode: 'alphanumeric' } | { readonly data: Uint8ClampedArray; readonly mode: 'byte' }

/** @throws Error when the text does not fit */
const draw = (segment: Segment, mask: number): QrLines => {
  const { data } = create([segment], {
    version: VERSION,
    errorCorrectionLevel: 'M',
    maskPattern: mask as 0,
  }).modules
  const rows = new Int32Array(QR_SIZE)
  const columns = new Int32Array(QR_SIZE)
  for (let row = 0; row < QR_SIZE; row++)
    for (let column = 0; column < QR_SIZE; column++) {
      if (data[row * QR_SIZE + column] !== 1) continue
      rows[row] = (rows[row] ?? 0) | (1 << column)
      columns[column] = (columns[column] ?? 0) | (1 << row)
    }
  return { rows, columns }
}
const drawText = (text: string, mask: number): QrLines => draw({ data: text, mode: 'alphanumeric' }, mask)

const flip = (lines: QrLines, by: QrLines): void => {
  for (let line = 0; line < QR_SIZE; line++) {
    lines.rows[line] = (lines.rows[line] ?? 0) ^ (by.rows[line] ?? 0)
    lines.columns[line] = (lines.columns[line] ?? 0) ^ (by.columns[line] ?? 0)
  }
}
const copyOf = ({ rows, columns }: QrLines): QrLines => ({ rows: rows.slice(), columns: columns.slice() })
const flipped = (lines: QrLines, by: QrLines): QrLines => {
  const result = copyOf(lines)
  flip(result, by)
  return result
}

/** A payload without an extension has this many characters. */
const LENGTH = 22
const SAMPLE = 'MT:'.padEnd(LENGTH, '0')
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]))
/** Two characters are one number (ISO/IEC 18004, section 7.4.4). */
const BITS_A_PAIR = 11
const PAIRS = LENGTH / 2

/** undefined for a character that alphanumeric mode does not have. */
const pairsOf = (text: string): number[] | undefined => {
  const pairs: number[] = []
  for (let at = 0; at < LENGTH; at += 2) {
    const [first, second] = [VALUES.get(text[at] ?? ''), VALUES.get(text[at + 1] ?? '')]
    if (first === undefined || second === undefined) return undefined
    pairs.push(first * ALPHABET.length + second)
  }
  return pairs
}
const SAMPLE_PAIRS = pairsOf(SAMPLE) ?? []

/** What symbols are made of. */
export interface SymbolParts {
  /** The sample with mask 0. */
  readonly first: QrLines
  /** What to flip in a symbol of mask 0 to have it with another mask: data modules and format information, whatever the text. */
  readonly maskFlips: readonly QrLines[]
  /** What each bit of the pairs flips in the symbol. */
  readonly bitFlips: readonly QrLines[]
}

const drawParts = (): SymbolParts => {
  const first = drawText(SAMPLE, 0)
  // Bytes allow to set any bit of the data; they begin after 12 bits of mode and length, the pairs after 13.
  const bytes = new Uint8ClampedArray(26)
  const empty = draw({ data: bytes, mode: 'byte' }, 0)
  return {
    first,
    maskFlips: Array.from({ length: MASKS - 1 }, (_, index) => flipped(drawText(SAMPLE, index + 1), first)),
    bitFlips: Array.from({ length: PAIRS * BITS_A_PAIR }, (_, index) => {
      const bit = index + 1
      bytes.fill(0)
      bytes[bit >> 3] = 0x80 >> (bit & 7)
      return flipped(draw({ data: bytes, mode: 'byte' }, 0), empty)
    }),
  }
}

let parts: SymbolParts | undefined

/** Drawn once, which takes as long as some hundred symbols: a thread may have them from another. */
export const symbolParts = (): SymbolParts => (parts ??= drawParts())

/** @param drawn what another thread's `symbolParts` gave */
export const takeSymbolParts = (drawn: SymbolParts): void => {
  parts = drawn
}

const symbolOf = (text: string, { first, bitFlips }: SymbolParts): QrLines => {
  const pairs = text.length === LENGTH ? pairsOf(text) : undefined
  if (!pairs) return drawText(text, 0)
  const symbol = copyOf(first)
  for (let pair = 0; pair < PAIRS; pair++) {
    const differs = (pairs[pair] ?? 0) ^ (SAMPLE_PAIRS[pair] ?? 0)
    for (let bit = 0; bit < BITS_A_PAIR; bit++) {
      const part = bitFlips[pair * BITS_A_PAIR + bit]
      if ((differs >> (BITS_A_PAIR - 1 - bit)) & 1 && part) flip(symbol, part)
    }
  }
  return symbol
}

/**
 * Rows of the symbol, from the top; bit 0 is the leftmost module, 1 is dark.
 *
 * @throws Error when the text does not fit, or holds what alphanumeric mode does not have
 */
export const qrRows = (text: string): Int32Array => {
  const drawn = symbolParts()
  const first = symbolOf(text, drawn)
  let best = first
  let fewest = penalty(first)
  for (const mask of drawn.maskFlips) {
    const candidate = flipped(first, mask)
    const points = penalty(candidate)
    if (points < fewest) {
      best = candidate
      fewest = points
    }
  }
  return best.rows
}
