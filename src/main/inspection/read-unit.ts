/** Reading a unit back for inspection: its MAC, its partition table, its manufacturing partition. */
import type { XtsKeys } from '../espressif/aes-xts.ts'
import { NvsError } from '../espressif/nvs-entry.ts'
import { readFactory } from '../espressif/factory-partition-read.ts'
import { readNvs } from '../espressif/nvs-read.ts'
import { parsePartitionTable, PartitionTableError, TABLE_SIZE } from '../espressif/partition-table.ts'
import { findFactory, ReleaseError } from '../firmware/release.ts'
import { RunFailure } from '../flashing/failure.ts'
import type { BoardOnPort } from '../flashing/session/one-board.ts'
import { readFlash } from '../flashing/session/read-flash.ts'
import type { DeviceFacts } from './check-unit.ts'

const PARTITION_TABLE = 0x8000

export interface ReadUnitOptions {
  /** Of the partition; the usual ones are tried without. */
  readonly factoryLabel?: string | undefined
  /** Of encrypted NVS. */
  readonly keys?: XtsKeys | undefined
}

const unreadable = (detail: string): RunFailure =>
  new RunFailure('security-differs', 'verify', detail, { found: detail })

/** @throws RunFailure when the board's flash cannot be read or holds no manufacturing partition */
export const readUnit = async (
  { loader, board, flash }: BoardOnPort,
  options: ReadUnitOptions = {},
): Promise<DeviceFacts> => {
  const where = loader.link.address
  if (!flash) throw unreadable(`${where}: in Secure Download Mode the flash cannot be read`)
  if (board.security.flashEncryption)
    throw unreadable(
      `${where}: flash encryption is on; the partition table, which says where the manufacturing partition is, can only be read by the device itself`,
    )
  const table = await readFlash(loader, PARTITION_TABLE, TABLE_SIZE)
  let factory: { readonly offset: number; readonly size: number }
  try {
    factory = findFactory(parsePartitionTable(table), options.factoryLabel, `${where}: the partition table`)
  } catch (error) {
    if (error instanceof PartitionTableError || error instanceof ReleaseError)
      return { mac: board.mac, factory: {}, faults: [`no manufacturing partition was found: ${error.message}`] }
    throw error
  }
  const bytes = await readFlash(loader, factory.offset, factory.size)
  try {
    const partition = readNvs(bytes, options.keys)
    const found = readFactory(partition.entries)
    const faults = [...partition.findings.map((item) => item.message), ...found.faults]
    return { mac: board.mac, factory: found.data, faults }
  } catch (error) {
    if (error instanceof NvsError)
      return { mac: board.mac, factory: {}, faults: [`the manufacturing partition cannot be read: ${error.message}`] }
    throw error
  }
}
