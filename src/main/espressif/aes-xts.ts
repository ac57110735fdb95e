/**
 * AES-256 in XTS mode (IEEE 1619-2018) for whole blocks of 16 bytes, as flash encryption of NVS entries needs it.
 *
 * Electron's crypto has no XTS, so it is built from `aes-256-ecb`: one call encrypts the tweaks of all units, one call the blocks
 * between the two exclusive ors.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'

const BLOCK = 16
/** x^128 = x^7 + x^2 + x + 1. */
const REDUCTION = 0x87

export interface XtsKeys {
  /** 32 bytes. */
  readonly encryption: Uint8Array
  /** 32 bytes. */
  readonly tweak: Uint8Array
}

const ecb = (direction: 'encrypt' | 'decrypt', key: Uint8Array, blocks: Uint8Array): Uint8Array => {
  const cipher =
    direction === 'encrypt' ? createCipheriv('aes-256-ecb', key, null) : createDecipheriv('aes-256-ecb', key, null)
  cipher.setAutoPadding(false)
  const bytes = cipher.update(blocks)
  cipher.final()
  return bytes
}

/** The masks of all blocks: the encrypted tweak of each unit, doubled in GF(2^128) from block to block. */
const masksOf = (key: Uint8Array, tweaks: readonly number[], blocksPerUnit: number): Uint8Array => {
  const plain = Buffer.alloc(tweaks.length * BLOCK)
  for (const [unit, tweak] of tweaks.entries()) plain.writeUInt32LE(tweak, unit * BLOCK)
  const first = ecb('encrypt', key, plain)
  const masks = new Uint8Array(tweaks.length * blocksPerUnit * BLOCK)
  for (let unit = 0; unit < tweaks.length; unit++) {
    let at = unit * blocksPerUnit * BLOCK
    masks.set(first.subarray(unit * BLOCK, (unit + 1) * BLOCK), at)
    for (let block = 1; block < blocksPerUnit; block++, at += BLOCK) {
      let carry = 0
      for (let index = at; index < at + BLOCK; index++) {
        const byte = masks[index] ?? 0
        masks[index + BLOCK] = ((byte << 1) & 0xff) | carry
        carry = byte >> 7
      }
      if (carry) masks[at + BLOCK] = (masks[at + BLOCK] ?? 0) ^ REDUCTION
    }
  }
  return masks
}

/**
 * Encrypts or decrypts units of equal size, one after the other in `data`.
 *
 * @param data a multiple of `unitSize` bytes, which is itself a multiple of 16
 * @param tweaks a number below 2^32 for each unit, little-endian in the tweak block
 */
export const xts = (
  direction: 'encrypt' | 'decrypt',
  keys: XtsKeys,
  data: Uint8Array,
  unitSize: number,
  tweaks: readonly number[],
): Uint8Array => {
  if (unitSize % BLOCK !== 0 || data.length !== tweaks.length * unitSize)
    throw new RangeError(
      `${data.length} bytes are not ${tweaks.length} units of ${unitSize} bytes, in whole blocks of 16`,
    )
  const masks = masksOf(keys.tweak, tweaks, unitSize / BLOCK)
  const whiten = (bytes: Uint8Array): Uint8Array => {
    const white = new Uint8Array(bytes.length)
    for (let index = 0; index < bytes.length; index++) white[index] = (bytes[index] ?? 0) ^ (masks[index] ?? 0)
    return white
  }
  return whiten(ecb(direction, keys.encryption, whiten(data)))
}
