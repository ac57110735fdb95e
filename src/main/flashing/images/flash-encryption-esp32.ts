/**
 * Flash encryption of the ESP32, done on the host: AES-256 by blocks of 16 bytes in reverse order, every 32 bytes of flash under a key
 * of their own, in which bits of the address are folded. The chip decrypts with AES's encryption, so encrypting is AES's decryption.
 *
 * Source: ESP32 technical reference manual, chapter 'External Memory Encryption and Decryption' (key derivation from the address).
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { FlashEncryptionError } from './flash-encryption.ts'

const BLOCK = 16
/** Bytes of flash under one key. */
const UNIT = 32
const KEY = 32
const KEY_BITS = 256
/** A key of three quarters (coding scheme 3/4 of the eFuses), and the part of it that fills the rest. */
const SHORT_KEY = 24
const FILL = [8, 16] as const

const LOWEST_ADDRESS_BIT = 5
const HIGHEST_ADDRESS_BIT = 23

/** From a bit of the address down to the lowest that counts. */
const down = (from: number): number[] =>
  Array.from({ length: from - LOWEST_ADDRESS_BIT + 1 }, (_, index) => from - index)

/** The bit of the address for each bit of the key, highest first: four ranges, as FLASH_CRYPT_CONFIG switches them on (all, 0xF). */
const ADDRESS_BITS: readonly number[] = [14, 12, 10, 8].flatMap((last) => [
  ...down(HIGHEST_ADDRESS_BIT),
  ...down(HIGHEST_ADDRESS_BIT),
  ...down(HIGHEST_ADDRESS_BIT),
  ...down(last),
])

const keyAt = (key: Uint8Array, address: number): Uint8Array => {
  const derived = Uint8Array.from(key)
  for (let bit = 0; bit < KEY_BITS; bit++)
    if (((address >>> (ADDRESS_BITS[bit] ?? 0)) & 1) !== 0)
      derived[bit >> 3] = (derived[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7))
  return derived
}

const wholeKey = (key: Uint8Array): Uint8Array => {
  if (key.length === KEY) return key
  if (key.length === SHORT_KEY) return Buffer.concat([key, key.subarray(...FILL)])
  throw new FlashEncryptionError(
    `the flash encryption key has ${key.length} bytes; for the ESP32 ${SHORT_KEY} or ${KEY} are allowed`,
  )
}

const reverseBlocks = (bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; at += BLOCK) bytes.subarray(at, at + BLOCK).reverse()
}

const transform = (bytes: Uint8Array, address: number, key: Uint8Array, decrypt: boolean): Uint8Array => {
  const whole = wholeKey(key)
  if (address % BLOCK !== 0 || bytes.length % BLOCK !== 0)
    throw new FlashEncryptionError(
      `${bytes.length} bytes at 0x${address.toString(16)} cannot be encrypted; address and length have to be multiples of ${BLOCK}`,
    )
  const out = Uint8Array.from(bytes)
  reverseBlocks(out)
  for (let at = 0; at < out.length;) {
    const end = Math.min(at + UNIT - ((address + at) % UNIT), out.length)
    const create = decrypt ? createCipheriv : createDecipheriv
    const cipher = create('aes-256-ecb', keyAt(whole, address + at), null).setAutoPadding(false)
    out.set(cipher.update(out.subarray(at, end)), at)
    at = end
  }
  reverseBlocks(out)
  return out
}

/**
 * Encrypts what is to stand at an address of an ESP32's flash, as the chip with this key would.
 *
 * @param key 32 bytes, or 24 of a chip with the coding scheme 3/4
 * @throws FlashEncryptionError
 */
export const encryptForEsp32 = (bytes: Uint8Array, address: number, key: Uint8Array): Uint8Array =>
  transform(bytes, address, key, false)

/** What an ESP32 with this key sees at an address. @throws FlashEncryptionError */
export const decryptFromEsp32 = (bytes: Uint8Array, address: number, key: Uint8Array): Uint8Array =>
  transform(bytes, address, key, true)
