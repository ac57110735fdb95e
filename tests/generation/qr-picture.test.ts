import fc from 'fast-check'
import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { create } from 'qrcode'
import { describe, expect, test } from 'vitest'
import { qrPicture } from '../../src/main/generation/qr-picture.ts'
import { qrRows } from '../../src/main/generation/qr-symbol.ts'
import { encodeQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { isValidPasscode } from '../../src/main/matter/passcode.ts'

const payload = fc
  .record({
    vendorId: fc.integer({ min: 1, max: 0xffff }),
    productId: fc.integer({ min: 1, max: 0xffff }),
    flow: fc.constantFrom(0 as const, 1 as const, 2 as const),
    discovery: fc.constantFrom(2, 4, 6, 34),
    discriminator: fc.integer({ min: 0, max: 0xfff }),
    passcode: fc.integer({ min: 1, max: 99_999_998 }).filter(isValidPasscode),
  })
  .map(encodeQrPayload)

describe('the picture of a QR code', () => {
  test('is read as its text', () => {
    fc.assert(
      fc.property(payload, (text) => {
        const { data, width, height } = PNG.sync.read(Buffer.from(qrPicture(text)))
        expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(text)
      }),
      { numRuns: 15 },
    )
  })

  test('has a symbol of one of the eight masks, as the package draws it', () => {
    fc.assert(
      fc.property(payload, (text) => {
        const rows = qrRows(text)
        const symbols = Array.from({ length: 8 }, (_, maskPattern) => {
          const options = { version: 2, errorCorrectionLevel: 'M' as const, maskPattern: maskPattern as 0 }
          const { data, size } = create([{ data: text, mode: 'alphanumeric' }], options).modules
          return Array.from({ length: size }, (_, row) =>
            Array.from({ length: size }, (_, column) => (data[row * size + column] ?? 0) << column).reduce(
              (a, b) => a | b,
            ),
          )
        })
        expect(symbols).toContainEqual([...rows])
      }),
      { numRuns: 10 },
    )
  })

  test('is refused for a text that does not fit', () => {
    expect(() => qrPicture('MT:'.padEnd(60, 'A'))).toThrow(/.+/u)
  })
})
