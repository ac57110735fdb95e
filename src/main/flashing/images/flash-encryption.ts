/**
 * Flash encryption of the chips from the ESP32-S2 on, done on the host, so that a line can write content that is encrypted already:
 * AES-XTS over units of 128 bytes, each under its flash address, with the bytes of every unit in reverse.
 *
 * Sources: IEEE 1619-2007 (XTS); ESP32-C3 technical reference manual, chapter 'External Memory Encryption and Decryption'. XTS is
 * built on AES-ECB, for Electron's cryptography has no XTS.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

const UNIT = 128
const BLOCK = 16
const SHORT_KEY = 16
/** The field polynomial of the tweak's multiplication. */
const POLYNOMIAL = 0x87

/** Why something cannot be encrypted: says what was found and what is allowed. */
export class FlashEncryptionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FlashEncryptionError'
  }
}

const ecb = (key: Uint8Array, bytes: Uint8Array, decrypt: boolean): Buffer => {
  const name = `aes-${key.length * 8}-ecb`
  const cipher = decrypt ? createDecipheriv(name, key, null) : createCipheriv(name, key, null)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}

/** Multiplies a tweak by α in place, little-endian. */
const multiply = (tweak: Uint8Array): void => {
  let carry = 0
  for (let at = 0; at < BLOCK; at++) {
    const byte = tweak[at] ?? 0
    tweak[at] = ((byte << 1) | carry) & 0xff
    carry = byte >> 7
  }
  if (carry !== 0) tweak[0] = (tweak[0] ?? 0) ^ POLYNOMIAL
}

/** The tweak of every block of whole units from this address on. */
const tweaks = (key: Uint8Array, address: number, units: number): Uint8Array => {
  const numbers = Buffer.alloc(units * BLOCK)
  for (let unit = 0; unit < units; unit++) numbers.writeUInt32LE((address + unit * UNIT) >>> 0, unit * BLOCK)
  const first = ecb(key, numbers, false)
  const all = new Uint8Array(units * UNIT)
  for (let unit = 0; unit < units; unit++) {
    const tweak = first.subarray(unit * BLOCK, (unit + 1) * BLOCK)
    for (let at = 0; at < UNIT; at += BLOCK) {
      all.set(tweak, unit * UNIT + at)
      multiply(tweak)
    }
  }
  return all
}

const reverseUnits = (bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; at += UNIT) bytes.subarray(at, at + UNIT).reverse()
}

/** The chip makes both halves of a short key by SHA-256. */
const wholeKey = (key: Uint8Array): Uint8Array => {
  if (key.length === SHORT_KEY) return createHash('sha256').update(key).digest()
  if (key.length === 32 || key.length === 64) return key
  throw new FlashEncryptionError(`the flash encryption key has ${key.length} bytes; 16, 32 or 64 are allowed`)
}

const transform = (bytes: Uint8Array, address: number, given: Uint8Array, decrypt: boolean): Uint8Array => {
  const key = wholeKey(given)
  if (address % BLOCK !== 0 || bytes.length % BLOCK !== 0)
    throw new FlashEncryptionError(
      `${bytes.length} bytes at 0x${address.toString(16)} cannot be encrypted; address and length have to be multiples of ${BLOCK}`,
    )
  const half = key.length / 2
  const before = address % UNIT
  const units = Math.ceil((before + bytes.length) / UNIT)
  const whole = new Uint8Array(units * UNIT)
  whole.set(bytes, before)
  reverseUnits(whole)
  const masks = tweaks(key.subarray(half), address - before, units)
  const masked = whole.map((byte, at) => byte ^ (masks[at] ?? 0))
  const out = ecb(key.subarray(0, half), masked, decrypt).map((byte, at) => byte ^ (masks[at] ?? 0))
  reverseUnits(out)
  return Uint8Array.from(out.subarray(before, before + bytes.length))
}

/**
 * Encrypts what is to stand at an address of the flash, as the chip with this key would.
 *
 * @param key 32 bytes (XTS-AES-128) or 64 (XTS-AES-256), as in the key file; 16 of a chip with short keys
 * @throws FlashEncryptionError
 */
export const encryptForFlash = (bytes: Uint8Array, address: number, key: Uint8Array): Uint8Array =>
  transform(bytes, address, key, false)

/** What a chip with this key sees at an address. @throws FlashEncryptionError */
export const decryptFromFlash = (bytes: Uint8Array, address: number, key: Uint8Array): Uint8Array =>
  transform(bytes, address, key, true)
