/** An order's firmware and manufacturing partitions as they shall stand in the flash of boards whose flash encryption key is known. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { BoardChecks } from '../../../contract/index.ts'
import type { XtsKeys } from '../../espressif/aes-xts.ts'
import { CHIPS } from '../../espressif/chips.ts'
import { encryptNvs } from '../../espressif/nvs-encryption.ts'
import { NvsError } from '../../espressif/nvs-entry.ts'
import { readNvsKeys, writeNvsKeys } from '../../espressif/nvs-keys.ts'
import { DATA_SUBTYPE, PARTITION_TYPE } from '../../espressif/partition-table.ts'
import { FaultError, faultOf } from '../../fault-error.ts'
import { fileFault, type FileKind } from '../../file-fault.ts'
import type { Release } from '../../firmware/release.ts'
import { FlashEncryptionError } from '../../flashing/images/flash-encryption.ts'
import { clearMarked, encryptedOnHost } from '../../flashing/images/host-encryption.ts'
import type { Region } from '../../flashing/images/prepare.ts'

type KeyField = 'flashKey' | 'nvsKeys'

/** Why a key cannot be used; names the file and says what to do. */
export class KeyFileError extends FaultError {
  readonly field: KeyField
  constructor(field: KeyField, ...fault: Parameters<typeof faultOf>) {
    super('KeyFileError', faultOf(...fault))
    this.field = field
  }
}

const KIND: Record<KeyField, FileKind> = { flashKey: 'flash-key', nvsKeys: 'nvs-keys' }

/** Lengths that some chip's key has, bytes. */
const KEY_LENGTHS = [...new Set(Object.values(CHIPS).flatMap(({ flashKeyLengths }) => flashKeyLengths))].toSorted(
  (a, b) => a - b,
)

const readKeyFile = (field: KeyField, file: string): Promise<Uint8Array> =>
  readFile(file).catch((error: unknown) => {
    throw new KeyFileError(field, ...fileFault(error, file, KIND[field]))
  })

/** The key as it was burned into the boards. @throws KeyFileError */
export const readFlashKey = async (file: string): Promise<Uint8Array> => {
  const key = await readKeyFile('flashKey', file)
  if (!KEY_LENGTHS.includes(key.length))
    throw new KeyFileError('flashKey', 'flash-key-size', { file, size: key.length, lengths: KEY_LENGTHS.join(' / ') })
  return key
}

/** What names a key in records and on screen, never the key itself: its SHA-256, as `sha256sum` prints it of the file. */
export const keyFingerprint = (key: Uint8Array): string => createHash('sha256').update(key).digest('hex')

/** The keys of encrypted NVS, as `imprint nvs` and ESP-IDF make them. @throws KeyFileError */
export const readNvsKeyFile = async (file: string): Promise<{ bytes: Uint8Array; keys: XtsKeys }> => {
  const bytes = await readKeyFile('nvsKeys', file)
  try {
    return { bytes, keys: readNvsKeys(bytes, file) }
  } catch (error) {
    throw error instanceof NvsError
      ? new KeyFileError('nvsKeys', 'nvs-keys-unreadable', { file }, error.message)
      : error
  }
}

/** A key of the chip's own, from which it derives those of NVS: it has no partition for them. */
const HMAC_KEY = 32

interface NvsEncryption {
  readonly fingerprint: string
  readonly keys: XtsKeys
  /** What stands in the keys partition; undefined where the chip derives the keys. */
  readonly partition: Region | undefined
}

type Firmware = Pick<Release, 'name' | 'chip' | 'partitions' | 'images'>

const readNvsEncryption = async (file: string, { name, partitions, images }: Firmware): Promise<NvsEncryption> => {
  const { bytes, keys } = await readNvsKeyFile(file)
  const fingerprint = keyFingerprint(bytes)
  if (bytes.length === HMAC_KEY) return { fingerprint, keys, partition: undefined }
  const home = partitions.find(({ type, subtype }) => type === PARTITION_TYPE.data && subtype === DATA_SUBTYPE.nvsKeys)
  if (!home) throw new KeyFileError('nvsKeys', 'nvs-keys-no-partition', { file, name })
  const carried = images.find(({ offset }) => offset === home.offset)
  if (carried) throw new KeyFileError('nvsKeys', 'nvs-keys-in-build', { file, name, image: carried.name })
  return { fingerprint, keys, partition: { name: home.label, offset: home.offset, bytes: writeNvsKeys(keys) } }
}

/** Regions as they are written, given as they are read by the firmware. */
export type AsWritten = (regions: readonly Region[]) => readonly Region[]

/** What is needed to read an order's units back, kept in memory only. */
export interface ReadingKeys {
  readonly flashKey: Uint8Array | undefined
  readonly keys: XtsKeys | undefined
}

export interface OrderEncryption {
  /** Null where all is written as it is. */
  readonly flashKey: string | null
  /** Null where NVS is not encrypted. */
  readonly nvsKeys: string | null
  readonly asWritten: AsWritten
  /** A unit's own regions as they are written, from its manufacturing partition. */
  readonly ownAsWritten: (factory: Region) => readonly Region[]
  readonly reading: ReadingKeys
}

const readFlashEncryption = async (
  file: string | null,
  { chip, partitions }: Firmware,
): Promise<Pick<OrderEncryption, 'flashKey' | 'asWritten'> & { readonly key: Uint8Array | undefined }> => {
  if (file === null) return { flashKey: null, asWritten: (regions) => clearMarked(regions, partitions), key: undefined }
  const key = await readFlashKey(file)
  const asWritten: AsWritten = (regions) => encryptedOnHost(regions, partitions, chip, key)
  try {
    asWritten([])
  } catch (error) {
    throw error instanceof FlashEncryptionError
      ? new KeyFileError('flashKey', 'flash-key-unfit', { file }, error.message)
      : error
  }
  return { flashKey: keyFingerprint(key), asWritten, key }
}

/** @throws KeyFileError also where the chip takes no key of that length, or the release no NVS keys */
export const readEncryption = async (
  files: Pick<BoardChecks, 'flashKey' | 'nvsKeys'>,
  firmware: Firmware,
): Promise<OrderEncryption> => {
  const { key, ...flash } = await readFlashEncryption(files.flashKey, firmware)
  const nvs = files.nvsKeys === null ? undefined : await readNvsEncryption(files.nvsKeys, firmware)
  const ownOf = (factory: Region): readonly Region[] =>
    nvs
      ? [{ ...factory, bytes: encryptNvs(factory.bytes, nvs.keys) }, ...(nvs.partition ? [nvs.partition] : [])]
      : [factory]
  return {
    ...flash,
    nvsKeys: nvs?.fingerprint ?? null,
    ownAsWritten: (factory) => flash.asWritten(ownOf(factory)),
    reading: { flashKey: key, keys: nvs?.keys },
  }
}
