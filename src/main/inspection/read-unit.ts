/**
 * Reading a unit back for inspection: its MAC, its partition table, its manufacturing partition; where its flash is encrypted, as the
 * unit itself sees them.
 */
import type { XtsKeys } from '../espressif/aes-xts.ts'
import { CHIPS } from '../espressif/chips.ts'
import { NvsError } from '../espressif/nvs-entry.ts'
import { readFactory } from '../espressif/factory-partition-read.ts'
import { readNvsKeys } from '../espressif/nvs-keys.ts'
import { readNvs } from '../espressif/nvs-read.ts'
import {
  DATA_SUBTYPE,
  parsePartitionTable,
  PARTITION_TYPE,
  PartitionTableError,
  TABLE_SIZE,
  type Partition,
} from '../espressif/partition-table.ts'
import { findFactory, ReleaseError } from '../firmware/release.ts'
import { RunFailure } from '../flashing/failure.ts'
import { FlashEncryptionError } from '../flashing/images/flash-encryption.ts'
import { decryptedOnHost, isReadEncrypted } from '../flashing/images/host-encryption.ts'
import type { BoardOnPort } from '../flashing/session/one-board.ts'
import { readFlash } from '../flashing/session/read-flash.ts'
import type { DeviceFacts } from './check-unit.ts'

const PARTITION_TABLE = 0x8000

export interface ReadUnitOptions {
  /** Of the partition; the usual ones are tried without. */
  readonly factoryLabel?: string | undefined
  /** Under which its flash is encrypted, as in the key file. */
  readonly flashKey?: Uint8Array | undefined
  /** Of encrypted NVS; without, those of the unit's own keys partition. */
  readonly keys?: XtsKeys | undefined
}

const unreadable = (detail: string): RunFailure =>
  new RunFailure('security-differs', 'verify', detail, { found: detail })

/** What the unit sees in its flash, through its flash encryption or past it. */
type Seen = (offset: number, size: number, encrypted: boolean) => Promise<Uint8Array>

/** @throws RunFailure when this computer cannot see the same */
const asSeen = ({ loader, board }: BoardOnPort, flashKey: Uint8Array | undefined): Seen => {
  if (!board.security.flashEncryption) return (offset, size) => readFlash(loader, offset, size)
  const where = loader.link.address
  if (!flashKey)
    throw unreadable(
      `${where}: flash encryption is on; the partition table, which says where the manufacturing partition is, can only be read by the device itself`,
    )
  const clear = (bytes: Uint8Array, offset: number): Uint8Array => {
    try {
      return decryptedOnHost(bytes, offset, CHIPS[board.chip], flashKey)
    } catch (error) {
      throw error instanceof FlashEncryptionError ? unreadable(`${where}: ${error.message}`) : error
    }
  }
  return async (offset, size, encrypted) => {
    const bytes = await readFlash(loader, offset, size)
    return encrypted ? clear(bytes, offset) : bytes
  }
}

/** Its own keys, where it has some. */
const keysOnUnit = async (seen: Seen, partitions: readonly Partition[]): Promise<XtsKeys | undefined> => {
  const home = partitions.find(({ type, subtype }) => type === PARTITION_TYPE.data && subtype === DATA_SUBTYPE.nvsKeys)
  if (!home) return undefined
  try {
    return readNvsKeys(await seen(home.offset, home.size, isReadEncrypted(home)), home.label)
  } catch (error) {
    // A blank one: the NVS is not encrypted, or its keys come from elsewhere.
    if (error instanceof NvsError) return undefined
    throw error
  }
}

/** @throws RunFailure when the board's flash cannot be read */
export const readUnit = async (onPort: BoardOnPort, options: ReadUnitOptions = {}): Promise<DeviceFacts> => {
  const { loader, board, flash } = onPort
  const where = loader.link.address
  if (!flash) throw unreadable(`${where}: in Secure Download Mode the flash cannot be read`)
  const seen = asSeen(onPort, options.flashKey)
  const table = await seen(PARTITION_TABLE, TABLE_SIZE, true)
  let partitions: readonly Partition[]
  let factory: Partition
  try {
    partitions = parsePartitionTable(table)
    factory = findFactory(partitions, options.factoryLabel, `${where}: the partition table`)
  } catch (error) {
    if (!(error instanceof PartitionTableError || error instanceof ReleaseError)) throw error
    const underKey = board.security.flashEncryption ? ' under the flash encryption key that was given' : ''
    return {
      mac: board.mac,
      factory: {},
      faults: [`no manufacturing partition was found${underKey}: ${error.message}`],
    }
  }
  const bytes = await seen(factory.offset, factory.size, isReadEncrypted(factory))
  const keys = options.keys ?? (await keysOnUnit(seen, partitions))
  try {
    const partition = readNvs(bytes, keys)
    const found = readFactory(partition.entries)
    const faults = [...partition.findings.map((item) => item.message), ...found.faults]
    return { mac: board.mac, factory: found.data, faults }
  } catch (error) {
    if (error instanceof NvsError)
      return { mac: board.mac, factory: {}, faults: [`the manufacturing partition cannot be read: ${error.message}`] }
    throw error
  }
}
