import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decryptFromFlash,
  encryptForFlash,
  FlashEncryptionError,
} from '../../src/main/flashing/images/flash-encryption.ts'

const key = fc.constantFrom(32, 64).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
const blocks = fc.integer({ min: 1, max: 40 }).chain((n) => fc.uint8Array({ minLength: n * 16, maxLength: n * 16 }))
const address = fc.nat(0x3fffff).map((at) => at * 16)

describe('flash encryption', () => {
  test('what is encrypted is decrypted', () => {
    fc.assert(
      fc.property(blocks, address, key, (bytes, at, secret) => {
        expect(decryptFromFlash(encryptForFlash(bytes, at, secret), at, secret)).toEqual(bytes)
      }),
    )
  })

  test('a range is encrypted as it is within a larger one', () => {
    fc.assert(
      fc.property(key, fc.nat(20), fc.integer({ min: 1, max: 20 }), (secret, first, count) => {
        const whole = Uint8Array.from({ length: 41 * 16 }, (_, index) => (index * 7) & 0xff)
        const part = whole.subarray(first * 16, (first + count) * 16)
        const inside = encryptForFlash(whole, 0x10000, secret).subarray(first * 16, (first + count) * 16)
        expect(encryptForFlash(part, 0x10000 + first * 16, secret)).toEqual(inside)
      }),
    )
  })

  test('a key or a range of the wrong size is refused with a sentence', () => {
    expect(() => encryptForFlash(new Uint8Array(16), 0, new Uint8Array(17))).toThrow(FlashEncryptionError)
    expect(() => encryptForFlash(new Uint8Array(15), 0, new Uint8Array(32))).toThrow(/multiples of 16/u)
    expect(() => encryptForFlash(new Uint8Array(16), 8, new Uint8Array(32))).toThrow(/0x8/u)
  })
})
