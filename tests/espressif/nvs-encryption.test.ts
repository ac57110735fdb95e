import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { xts } from '../../src/main/espressif/aes-xts.ts'
import { decryptNvs, encryptNvs } from '../../src/main/espressif/nvs-encryption.ts'
import { NvsError } from '../../src/main/espressif/nvs-entry.ts'
import { nvsKeysFrom, nvsKeysFromHmac, readNvsKeys, writeNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { hmacVector, readVector, vectorNamed } from './nvs-vectors.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('AES-256-XTS', () => {
  test('equals the implementation of OpenSSL, where there is one, for units of any length', () => {
    fc.assert(
      fc.property(
        key,
        key,
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(0xffffffff), { minLength: 1, maxLength: 4 }),
        (encryption, tweak, blocks, tweaks) => {
          fc.pre(Buffer.compare(encryption, tweak) !== 0)
          const unit = blocks * 16
          const data = Buffer.alloc(unit * tweaks.length, 0x5a)
          const theirs = tweaks.map((number, index) => {
            const iv = Buffer.alloc(16)
            iv.writeUInt32LE(number)
            return createCipheriv('aes-256-xts', Buffer.concat([encryption, tweak]), iv).update(
              data.subarray(index * unit, (index + 1) * unit),
            )
          })
          const ours = xts('encrypt', { encryption, tweak }, data, unit, tweaks)
          expect(Buffer.from(ours).equals(Buffer.concat(theirs))).toBe(true)
          expect(Buffer.from(xts('decrypt', { encryption, tweak }, ours, unit, tweaks)).equals(data)).toBe(true)
        },
      ),
    )
  })

  test('IEEE 1619-2018, vector 10', () => {
    const encryption = Buffer.from('2718281828459045235360287471352662497757247093699959574966967627', 'hex')
    const tweak = Buffer.from('3141592653589793238462643383279502884197169399375105820974944592', 'hex')
    const plain = Uint8Array.from({ length: 512 }, (_, index) => index & 0xff)
    const cipher = Buffer.from(xts('encrypt', { encryption, tweak }, plain, 512, [0xff]))
    expect(cipher.subarray(0, 16).toString('hex')).toBe('1c3b3a102f770386e4836c99e370cf9b')
  })

  test('anything but whole units of whole blocks is refused', () => {
    const keys = { encryption: new Uint8Array(32), tweak: new Uint8Array(32) }
    expect(() => xts('encrypt', keys, new Uint8Array(24), 24, [0])).toThrow(RangeError)
    expect(() => xts('encrypt', keys, new Uint8Array(32), 32, [0, 1])).toThrow(RangeError)
  })
})

describe('NVS keys', () => {
  test('a keys partition equals the reference and is read back', () => {
    const bytes = readVector('keys_fixed.bin')
    expect(Buffer.from(writeNvsKeys(readNvsKeys(bytes, 'keys'))).equals(bytes)).toBe(true)
    expect(readNvsKeys(bytes.subarray(0, 64), 'keys')).toEqual(readNvsKeys(bytes, 'keys'))
  })

  test('keys derived from an HMAC key equal the reference', () => {
    if (!hmacVector) throw new Error('the vector is missing')
    const keys = nvsKeysFromHmac(Buffer.from(hmacVector.hmac_key, 'hex'))
    expect(Buffer.concat([keys.encryption, keys.tweak]).toString('hex')).toBe(hmacVector.derived_xts_keys)
    expect(Buffer.from(writeNvsKeys(keys)).equals(readVector(hmacVector.keys_partition))).toBe(true)
    expect(readNvsKeys(Buffer.from(hmacVector.hmac_key, 'hex'), 'hmac.bin')).toEqual(keys)
    expect(() => nvsKeysFromHmac(new Uint8Array(31))).toThrow(/31 bytes; 32 are needed/u)
  })

  test('a keys partition with any wrong bit is refused', () => {
    fc.assert(
      fc.property(fc.nat(67), fc.nat(7), (at, bit) => {
        const bytes = Uint8Array.from(readVector('keys_fixed.bin'))
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        expect(() => readNvsKeys(bytes, 'my-keys.bin')).toThrow(/^my-keys\.bin: the CRC/u)
      }),
    )
    expect(() => readNvsKeys(new Uint8Array(60), 'k')).toThrow(NvsError)
  })
})

describe('NVS encryption', () => {
  test('decrypting is the inverse, and headers, states and empty entries stay clear', () => {
    const clear = readVector(vectorNamed('chip_factory_full').bin)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        const keys = nvsKeysFrom(bytes)
        const encrypted = Buffer.from(encryptNvs(clear, keys))
        expect(encrypted.equals(clear)).toBe(false)
        for (let page = 0; page < clear.length; page += 4096)
          expect(encrypted.subarray(page, page + 64).equals(clear.subarray(page, page + 64))).toBe(true)
        expect(encrypted.subarray(0x5000).every((byte) => byte === 0xff)).toBe(true)
        expect(Buffer.from(decryptNvs(encrypted, keys)).equals(clear)).toBe(true)
      }),
      { numRuns: 10 },
    )
  })
})
