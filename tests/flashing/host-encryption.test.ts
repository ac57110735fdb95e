import { createDecipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHIPS } from '../../src/main/espressif/chips.ts'
import { DATA_SUBTYPE, type Partition } from '../../src/main/espressif/partition-table.ts'
import { decryptFromFlash, FlashEncryptionError } from '../../src/main/flashing/images/flash-encryption.ts'
import { decryptFromEsp32, encryptForEsp32 } from '../../src/main/flashing/images/flash-encryption-esp32.ts'
import { encryptedOnHost } from '../../src/main/flashing/images/host-encryption.ts'
import type { Region } from '../../src/main/flashing/images/prepare.ts'

const sample = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 37 + (at >> 5)) & 0xff)
const KEY = sample(32)

describe("the ESP32's flash encryption", () => {
  const key = fc.constantFrom(24, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
  const blocks = fc.integer({ min: 1, max: 12 }).chain((n) => fc.uint8Array({ minLength: n * 16, maxLength: n * 16 }))
  const address = fc.nat(0xfffff).map((at) => at * 16)

  test('what is encrypted is decrypted', () => {
    fc.assert(
      fc.property(blocks, address, key, (bytes, at, secret) => {
        expect(decryptFromEsp32(encryptForEsp32(bytes, at, secret), at, secret)).toEqual(bytes)
      }),
    )
  })

  test('a range is encrypted as it is within a larger one', () => {
    const whole = encryptForEsp32(sample(0x200), 0x10000, KEY)
    for (const at of [0, 16, 32, 48])
      expect(encryptForEsp32(sample(0x200).subarray(at), 0x10000 + at, KEY)).toEqual(whole.subarray(at))
  })

  test('at address 0 the key is that of the file: AES decryption of each block in reverse order', () => {
    const block = sample(16)
    const aes = createDecipheriv('aes-256-ecb', KEY, null).setAutoPadding(false)
    const wanted = aes.update(Uint8Array.from(block).reverse()).reverse()
    expect(Buffer.from(encryptForEsp32(block, 0, KEY)).equals(wanted)).toBe(true)
  })

  test('every bit of the address from 32 bytes to 8 MB changes the ciphertext, those above do not', () => {
    const at = (address: number): string => Buffer.from(encryptForEsp32(sample(16), address, KEY)).toString('hex')
    const all = new Set([at(0)])
    for (let bit = 5; bit <= 23; bit++) all.add(at(2 ** bit))
    expect(all.size).toBe(20)
    expect(at(2 ** 24)).toBe(at(0))
  })

  test('a key or a range of the wrong size is refused with a sentence', () => {
    expect(() => encryptForEsp32(sample(16), 0, sample(64))).toThrow(/24 or 32 are allowed/u)
    expect(() => encryptForEsp32(sample(15), 0, KEY)).toThrow(FlashEncryptionError)
  })
})

describe('a release for boards with flash encryption', () => {
  const partition = (label: string, type: number, subtype: number, offset: number, encrypted = false): Partition => ({
    ...{ label, type, subtype, offset, encrypted },
    size: 0x1000,
  })
  const partitions = [
    partition('nvs', 1, DATA_SUBTYPE.nvs, 0x10000, true),
    partition('nvs_keys', 1, DATA_SUBTYPE.nvsKeys, 0x11000),
    partition('otadata', 1, DATA_SUBTYPE.ota, 0x12000),
    partition('spiffs', 1, 0x82, 0x13000),
    partition('assets', 1, 0x82, 0x14000, true),
    partition('esp_secure_cert', 0x3f, 6, 0x15000, true),
    partition('ota_0', 0, 0x10, 0x20000),
  ]
  const region = (name: string, offset: number, length = 0x40): Region => ({ name, offset, bytes: sample(length) })
  const regions = [
    region('bootloader', 0),
    region('table', 0x8000),
    ...partitions.map(({ label, offset }) => region(label, offset)),
  ]

  test('stands encrypted where the chip reads it through its encryption, and as it is elsewhere', () => {
    const done = encryptedOnHost(regions, partitions, CHIPS.esp32c3, KEY)
    const clear = done.filter(({ bytes }, index) =>
      Buffer.from(bytes).equals(regions[index]?.bytes ?? new Uint8Array()),
    )
    expect(clear.map(({ name }) => name)).toEqual(['nvs', 'spiffs'])
    for (const { name, offset, bytes } of done)
      if (name !== 'nvs' && name !== 'spiffs') expect(decryptFromFlash(bytes, offset, KEY)).toEqual(sample(0x40))
  })

  test('is filled up to whole units, and the ESP32 has an encryption of its own', () => {
    const [done] = encryptedOnHost([region('app', 0x20000, 33)], partitions, CHIPS.esp32, KEY)
    const filled = new Uint8Array(64).fill(0xff)
    filled.set(sample(33))
    expect(done && decryptFromEsp32(done.bytes, 0x20000, KEY)).toEqual(filled)
  })

  test('is refused with a key that the chip cannot hold', () => {
    expect(() => encryptedOnHost(regions, partitions, CHIPS.esp32c3, sample(64))).toThrow(
      /64 bytes; ESP32-C3 takes 32/u,
    )
  })
})
