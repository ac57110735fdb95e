import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBitmap, fillRect } from '../../src/main/labels/bitmap.ts'
import { encodeCode128 } from '../../src/main/labels/codes/code-128.ts'
import { encodeDataMatrix } from '../../src/main/labels/codes/data-matrix.ts'
import { darkRuns, type ModuleMatrix } from '../../src/main/labels/codes/module-matrix.ts'
import { encodeQr } from '../../src/main/labels/codes/qr-code.ts'
import { pictureOfBitmap, readCodes } from './decode.ts'

const MODULE = 4
const QUIET = 4

const drawMatrix = (matrix: ModuleMatrix) => {
  const side = (matrix.size + 2 * QUIET) * MODULE
  const bitmap = createBitmap(side, side)
  for (const { column, row, length } of darkRuns(matrix))
    fillRect(bitmap, (QUIET + column) * MODULE, (QUIET + row) * MODULE, length * MODULE, MODULE)
  return pictureOfBitmap(bitmap)
}

const drawBars = (widths: readonly number[]) => {
  const quiet = 10
  const bitmap = createBitmap((widths.reduce((sum, width) => sum + width, 0) + 2 * quiet) * MODULE, 60)
  let x = quiet * MODULE
  widths.forEach((width, index) => {
    if (index % 2 === 0) fillRect(bitmap, x, 0, width * MODULE, 60)
    x += width * MODULE
  })
  return pictureOfBitmap(bitmap)
}

const ascii = (maxLength: number) => fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength })
/** Zero-sum letters and runs of digits, where encoders change their mode. */
const mixed = fc
  .array(fc.oneof(fc.stringMatching(/^[A-Za-z .-]{1,4}$/u), fc.stringMatching(/^\d{1,8}$/u)), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(''))

describe('codes, read by an independent reader', () => {
  test('every text survives a Data Matrix, at every size of symbol', async () => {
    const sides = new Set<number>()
    await fc.assert(
      fc.asyncProperty(fc.oneof(ascii(100), mixed), async (text) => {
        const matrix = encodeDataMatrix(text)
        sides.add(matrix.size)
        const codes = await readCodes(drawMatrix(matrix), ['DataMatrix'])
        // Read backwards, bars may spell something else as well.
        expect(codes.map((code) => code.text)).toContain(text)
      }),
      { numRuns: 150 },
    )
    for (const length of [3, 5, 8, 12, 18, 22, 30, 36, 44, 62, 86, 114, 144, 174]) {
      const text = 'x'.repeat(length)
      const matrix = encodeDataMatrix(text)
      sides.add(matrix.size)
      expect((await readCodes(drawMatrix(matrix), ['DataMatrix'])).map((code) => code.text)).toEqual([text])
    }
    expect([...sides].toSorted((a, b) => a - b)).toEqual([10, 12, 14, 16, 18, 20, 22, 24, 26, 32, 36, 40, 44, 48])
  })

  test('every printable text survives Code 128', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(ascii(30), mixed), async (text) => {
        const codes = await readCodes(drawBars(encodeCode128(text)), ['Code128'])
        // Read backwards, bars may spell something else as well.
        expect(codes.map((code) => code.text)).toContain(text)
      }),
      { numRuns: 150 },
    )
  })

  test('pairs of digits take half the width of Code 128', () => {
    const modules = (text: string): number => encodeCode128(text).reduce((sum, width) => sum + width, 0)
    expect(modules('12345678')).toBe(11 * (1 + 4 + 1) + 13)
    expect(modules('ABCDEFGH')).toBe(11 * (1 + 8 + 1) + 13)
  })

  test('a Matter payload is a QR code of version 2 at level Q', async () => {
    const code = encodeQr('MT:Y.K9042C00KA0648G00')
    expect(code).toMatchObject({ version: 2, level: 'Q', matrix: { size: 25 } })
    expect(await readCodes(drawMatrix(code.matrix))).toEqual([{ format: 'QRCode', text: 'MT:Y.K9042C00KA0648G00' }])
  })

  test('the level of a QR code is M or better, and never makes it larger', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(ascii(60), fc.stringMatching(/^MT:[0-9A-Z.-]{19,40}$/u)), async (text) => {
        const first = encodeQr(text)
        const again = encodeQr(text)
        expect(again.matrix).toEqual(first.matrix)
        expect(['M', 'Q', 'H']).toContain(first.level)
        expect((await readCodes(drawMatrix(first.matrix), ['QRCode'])).map((code) => code.text)).toEqual([text])
      }),
      { numRuns: 100 },
    )
  })

  test('what a code cannot carry is refused in one sentence', () => {
    expect(() => encodeDataMatrix('')).toThrow(RangeError)
    expect(() => encodeDataMatrix('标签')).toThrow(/ASCII/u)
    expect(() => encodeDataMatrix('x'.repeat(175))).toThrow(/needs 175/u)
    expect(() => encodeCode128('Müller')).toThrow(/printable ASCII/u)
    expect(() => encodeCode128('')).toThrow(RangeError)
  })
})
