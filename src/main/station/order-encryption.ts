/** An order's firmware and manufacturing partitions as they shall stand in the flash of boards whose flash encryption key is known. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { CHIPS, type Chip } from '../espressif/chips.ts'
import type { Partition } from '../espressif/partition-table.ts'
import { FlashEncryptionError } from '../flashing/images/flash-encryption.ts'
import { clearMarked, encryptedOnHost } from '../flashing/images/host-encryption.ts'
import type { Region } from '../flashing/images/prepare.ts'

/** Why the key cannot be used; names the file and says what to do. */
export class FlashKeyError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FlashKeyError'
  }
}

/** Lengths that some chip's key has, bytes. */
const KEY_LENGTHS = [...new Set(Object.values(CHIPS).flatMap(({ flashKeyLengths }) => flashKeyLengths))].toSorted(
  (a, b) => a - b,
)

/** The key as it was burned into the boards. @throws FlashKeyError */
export const readFlashKey = async (file: string): Promise<Uint8Array> => {
  const key = await readFile(file).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    throw new FlashKeyError(
      code === 'EACCES'
        ? `${file}: the flash encryption key may not be read by this user; give it access`
        : code === 'EISDIR'
          ? `${file} is a folder; give the file of the flash encryption key`
          : `${file}: the flash encryption key is missing; give its path`,
    )
  })
  if (!KEY_LENGTHS.includes(key.length))
    throw new FlashKeyError(
      `${file} has ${key.length} bytes, a flash encryption key ${KEY_LENGTHS.slice(0, -1).join(', ')} or ${KEY_LENGTHS.at(-1)}; give the file that espsecure made`,
    )
  return key
}

/** What names a key in records and on screen, never the key itself: its SHA-256, as `sha256sum` prints it of the file. */
export const keyFingerprint = (key: Uint8Array): string => createHash('sha256').update(key).digest('hex')

/** Regions as they are written, given as they are read by the firmware. */
export type AsWritten = (regions: readonly Region[]) => readonly Region[]

export interface OrderEncryption {
  /** Null where all is written as it is. */
  readonly fingerprint: string | null
  readonly asWritten: AsWritten
}

/**
 * @param file of the key; null to write all as it is, or as the chip encrypts it
 * @throws FlashKeyError also where the chip takes no key of that length
 */
export const readEncryption = async (
  file: string | null,
  { chip, partitions }: { readonly chip: Chip; readonly partitions: readonly Partition[] },
): Promise<OrderEncryption> => {
  if (file === null) return { fingerprint: null, asWritten: (regions) => clearMarked(regions, partitions) }
  const key = await readFlashKey(file)
  const asWritten: AsWritten = (regions) => encryptedOnHost(regions, partitions, chip, key)
  try {
    asWritten([])
  } catch (error) {
    throw error instanceof FlashEncryptionError ? new FlashKeyError(`${file}: ${error.message}`) : error
  }
  return { fingerprint: keyFingerprint(key), asWritten }
}
