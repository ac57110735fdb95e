/**
 * The QR code as a picture, as the incumbent draws it: version 2, level M, six dots a module, four modules of margin.
 *
 * The matrix is the package `qrcode`'s, drawn with one mask; the best of the eight is chosen here (`qr-mask.ts`), because a picture
 * must cost next to nothing beside a verifier: the package's own search takes ten times as long.
 */
import { create } from 'qrcode'
import { createBitmap } from '../labels/bitmap.ts'
import { encodePng } from '../labels/png.ts'
import { penalty, type QrLines } from './qr-mask.ts'

const DOTS_A_MODULE = 6
const MARGIN = 4
const VERSION = 2
const SIZE = 17 + 4 * VERSION
const MASKS = 8
/** At 300 dots an inch the symbol is 12.7 mm wide. */
const DOTS_A_MM = 300 / 25.4

/** @throws Error when the text does not fit */
const draw = (text: string, mask: number): QrLines => {
  const { data } = create([{ data: text, mode: 'alphanumeric' }], {
    version: VERSION,
    errorCorrectionLevel: 'M',
    maskPattern: mask as 0,
  }).modules
  const rows = new Int32Array(SIZE)
  const columns = new Int32Array(SIZE)
  for (let row = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++) {
      if (data[row * SIZE + column] !== 1) continue
      rows[row] = (rows[row] ?? 0) | (1 << column)
      columns[column] = (columns[column] ?? 0) | (1 << row)
    }
  return { rows, columns }
}

const flipped = (lines: QrLines, by: QrLines): QrLines => ({
  rows: lines.rows.map((row, at) => row ^ (by.rows[at] ?? 0)),
  columns: lines.columns.map((column, at) => column ^ (by.columns[at] ?? 0)),
})

/** What to flip in a symbol of mask 0 to have it with another mask: data modules and format information, whatever the text. */
const FLIPS: readonly QrLines[] = ((): QrLines[] => {
  const sample = 'MT:0000000000000000000'
  const first = draw(sample, 0)
  return Array.from({ length: MASKS - 1 }, (_, index) => flipped(draw(sample, index + 1), first))
})()

/**
 * Rows of the symbol, from the top; bit 0 is the leftmost module, 1 is dark.
 *
 * @throws Error when the text is not of the kind and length that a QR payload without an extension has
 */
export const qrRows = (text: string): Int32Array => {
  const first = draw(text, 0)
  let best = first
  let fewest = penalty(first)
  for (const flip of FLIPS) {
    const candidate = flipped(first, flip)
    const points = penalty(candidate)
    if (points < fewest) {
      best = candidate
      fewest = points
    }
  }
  return best.rows
}

/** PNG of 198 × 198 dots. */
export const qrPicture = (text: string): Uint8Array => {
  const side = (SIZE + 2 * MARGIN) * DOTS_A_MODULE
  const { bytes, bytesPerRow, ...size } = createBitmap(side, side)
  for (const [row, modules] of qrRows(text).entries()) {
    const top = (row + MARGIN) * DOTS_A_MODULE * bytesPerRow
    for (let column = 0; column < SIZE; column++) {
      if (((modules >> column) & 1) === 0) continue
      const left = (column + MARGIN) * DOTS_A_MODULE
      for (let x = left; x < left + DOTS_A_MODULE; x++)
        bytes[top + (x >> 3)] = (bytes[top + (x >> 3)] ?? 0) | (0x80 >> (x & 7))
    }
    for (let copy = 1; copy < DOTS_A_MODULE; copy++) bytes.copyWithin(top + copy * bytesPerRow, top, top + bytesPerRow)
  }
  return encodePng({ ...size, bytes, bytesPerRow }, DOTS_A_MM)
}
