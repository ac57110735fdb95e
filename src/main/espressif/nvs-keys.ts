/**
 * Keys of encrypted NVS (ESP-IDF, 'NVS Encryption',
 * https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-reference/storage/nvs_encryption.html): a keys partition of its
 * own, or both keys derived from an HMAC key in eFuse.
 */
import { createHmac } from 'node:crypto'
import type { XtsKeys } from './aes-xts.ts'
import { NvsError, nvsCrc, PAGE_SIZE } from './nvs-entry.ts'

const KEY = 32
const CRC_AT = 2 * KEY
/** What the HMAC key is applied to, eight times over. */
const ENCRYPTION_SEED = Buffer.from('5a5abeae', 'hex')
const TWEAK_SEED = Buffer.from('a5a5dece', 'hex')
const SEED_REPEATS = 8

/** Both keys from 64 bytes of a cryptographic source. */
export const nvsKeysFrom = (bytes: Uint8Array): XtsKeys => {
  if (bytes.length !== 2 * KEY)
    throw new NvsError('keys', `the NVS keys have ${bytes.length} bytes; ${2 * KEY} are needed`)
  return { encryption: Uint8Array.from(bytes.subarray(0, KEY)), tweak: Uint8Array.from(bytes.subarray(KEY)) }
}

/** Both keys from the 32-byte HMAC key that the chip holds in eFuse; such a device has no keys partition. */
export const nvsKeysFromHmac = (hmacKey: Uint8Array): XtsKeys => {
  if (hmacKey.length !== KEY) throw new NvsError('keys', `the HMAC key has ${hmacKey.length} bytes; ${KEY} are needed`)
  const derive = (seed: Buffer): Uint8Array =>
    createHmac('sha256', hmacKey)
      .update(Buffer.concat(Array.from({ length: SEED_REPEATS }, () => seed)))
      .digest()
  return { encryption: derive(ENCRYPTION_SEED), tweak: derive(TWEAK_SEED) }
}

/** The keys partition of 4096 bytes: 64 bytes of keys, their CRC, the rest empty. */
export const writeNvsKeys = ({ encryption, tweak }: XtsKeys): Uint8Array => {
  const bytes = Buffer.alloc(PAGE_SIZE, 0xff)
  bytes.set(encryption)
  bytes.set(tweak, KEY)
  bytes.writeUInt32LE(nvsCrc(bytes.subarray(0, CRC_AT)), CRC_AT)
  return bytes
}

/**
 * Keys from a keys partition, whole or cut off after its CRC; from the bare 64 bytes; or from an HMAC key of 32 bytes.
 *
 * @param name of the file, for the error
 * @throws NvsError when it has another length or its CRC does not match
 */
export const readNvsKeys = (bytes: Uint8Array, name: string): XtsKeys => {
  if (bytes.length === KEY) return nvsKeysFromHmac(bytes)
  if (bytes.length === CRC_AT) return nvsKeysFrom(bytes)
  if (bytes.length < CRC_AT + 4)
    throw new NvsError(
      'keys',
      `${name}: ${bytes.length} bytes are no NVS keys; a keys partition has 4096, bare keys 64, an HMAC key 32`,
    )
  const stored = Buffer.from(bytes).readUInt32LE(CRC_AT)
  if (stored !== nvsCrc(bytes.subarray(0, CRC_AT)))
    throw new NvsError('keys', `${name}: the CRC of the NVS keys does not match: it is no keys partition, or damaged`)
  return nvsKeysFrom(bytes.subarray(0, CRC_AT))
}
