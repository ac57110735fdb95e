/** What stands encrypted in the flash of a board with flash encryption: encrypted before it is written, decrypted after it is read. */
import type { Chip } from '../../espressif/chips.ts'
import { DATA_SUBTYPE, PARTITION_TYPE, type Partition } from '../../espressif/partition-table.ts'
import { decryptFromFlash, encryptForFlash, FlashEncryptionError } from './flash-encryption.ts'
import { decryptFromEsp32, encryptForEsp32 } from './flash-encryption-esp32.ts'
import type { Region } from './prepare.ts'

/** Units in which a chip writes encrypted flash; what ends within one is filled with blank cells. */
const UNIT = 32

/**
 * Does the chip read a partition through its flash encryption? Apps, the OTA data and the keys of NVS always, others where the table
 * says so; an NVS partition never, which has an encryption of its own.
 *
 * Source: ESP-IDF, 'Flash Encryption' (encrypted partitions) and 'Partition Tables' (flags).
 */
export const isReadEncrypted = ({ type, subtype, encrypted }: Partition): boolean => {
  if (type === PARTITION_TYPE.app) return true
  if (type !== PARTITION_TYPE.data) return encrypted
  if (subtype === DATA_SUBTYPE.ota || subtype === DATA_SUBTYPE.nvsKeys) return true
  return encrypted && subtype !== DATA_SUBTYPE.nvs
}

/** Bootloader and partition table lie outside every partition and are always read encrypted. */
const needsEncryption = ({ offset }: Region, partitions: readonly Partition[]): boolean => {
  const home = partitions.find((partition) => offset >= partition.offset && offset < partition.offset + partition.size)
  return home === undefined || isReadEncrypted(home)
}

const encryptRegion = (region: Region, chip: Chip, key: Uint8Array): Region => {
  const bytes = new Uint8Array(Math.ceil(region.bytes.length / UNIT) * UNIT).fill(0xff)
  bytes.set(region.bytes)
  const encrypt = chip.flashEncryption === 'aes' ? encryptForEsp32 : encryptForFlash
  return { ...region, bytes: encrypt(bytes, region.offset, key) }
}

const refuseKey = (chip: Chip, key: Uint8Array): void => {
  if (!chip.flashKeyLengths.includes(key.length))
    throw new FlashEncryptionError(
      `the flash encryption key has ${key.length} bytes; ${chip.label} takes ${chip.flashKeyLengths.join(' or ')}`,
    )
}

/**
 * The regions as they stand in the flash of a board whose flash encryption key is known.
 *
 * @param key as in the key file that is burned into the chip; which lengths it may have, the chip says
 * @throws FlashEncryptionError
 */
export const encryptedOnHost = (
  regions: readonly Region[],
  partitions: readonly Partition[],
  chip: Chip,
  key: Uint8Array,
): Region[] => {
  refuseKey(chip, key)
  return regions.map((region) => (needsEncryption(region, partitions) ? encryptRegion(region, chip, key) : region))
}

/** What a board with this key sees where these bytes stand in its flash. @throws FlashEncryptionError */
export const decryptedOnHost = (bytes: Uint8Array, address: number, chip: Chip, key: Uint8Array): Uint8Array => {
  refuseKey(chip, key)
  return chip.flashEncryption === 'aes' ? decryptFromEsp32(bytes, address, key) : decryptFromFlash(bytes, address, key)
}

/** The regions with those marked that no chip reads through its flash encryption. */
export const clearMarked = (regions: readonly Region[], partitions: readonly Partition[]): Region[] =>
  regions.map((region) => (needsEncryption(region, partitions) ? region : { ...region, clear: true }))
