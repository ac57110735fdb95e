/**
 * The partition table in flash (ESP-IDF, 'Partition Tables',
 * https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-guides/partition-tables.html): rows of 32 bytes, then an MD5 row.
 */
import { createHash } from 'node:crypto'

export interface Partition {
  readonly label: string
  /** 0 app, 1 data. */
  readonly type: number
  readonly subtype: number
  /** Bytes from the start of flash. */
  readonly offset: number
  readonly size: number
  readonly encrypted: boolean
}

export const PARTITION_TYPE = { app: 0, data: 1 } as const
export const DATA_SUBTYPE = {
  ota: 0x00,
  phy: 0x01,
  nvs: 0x02,
  nvsKeys: 0x04,
  undefinedData: 0x06,
  secureCert: 0x3f,
} as const
/** Bytes that the table takes in flash. */
export const TABLE_SIZE = 0xc00
const ROW = 32
const MAGIC = 0x50aa
const MD5_MAGIC = 0xebeb
const END = 0xffff
const ENCRYPTED = 1

/** Why a partition table cannot be read. */
export class PartitionTableError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PartitionTableError'
  }
}

const label = (row: Uint8Array): string => {
  const bytes = row.subarray(12, 28)
  const end = bytes.indexOf(0)
  return Buffer.from(bytes.subarray(0, end === -1 ? 16 : end)).toString('utf8')
}

/**
 * The rows of a partition table.
 *
 * @param bytes of the binary table, with or without its MD5 row
 * @throws PartitionTableError
 */
export const parsePartitionTable = (bytes: Uint8Array): Partition[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const partitions: Partition[] = []
  for (let at = 0; at + ROW <= bytes.length; at += ROW) {
    const magic = view.getUint16(at, true)
    if (magic === END) break
    const row = bytes.subarray(at, at + ROW)
    if (magic === MD5_MAGIC) {
      const digest = createHash('md5').update(bytes.subarray(0, at)).digest()
      if (!digest.equals(row.subarray(16)))
        throw new PartitionTableError('its MD5 does not match: the table is damaged')
      break
    }
    if (magic !== MAGIC) throw new PartitionTableError(`row ${at / ROW + 1} is no partition`)
    partitions.push({
      label: label(row),
      type: view.getUint8(at + 2),
      subtype: view.getUint8(at + 3),
      offset: view.getUint32(at + 4, true),
      size: view.getUint32(at + 8, true),
      encrypted: (view.getUint32(at + 28, true) & ENCRYPTED) !== 0,
    })
  }
  if (partitions.length === 0) throw new PartitionTableError('it holds no partition')
  return partitions
}

/** A binary table of these rows with its MD5 row, padded with 0xFF to its place in flash. */
export const writePartitionTable = (partitions: readonly Partition[]): Uint8Array => {
  const table = new Uint8Array(TABLE_SIZE).fill(0xff)
  const view = new DataView(table.buffer)
  for (const [index, partition] of partitions.entries()) {
    const at = index * ROW
    table.fill(0, at, at + ROW)
    view.setUint16(at, MAGIC, true)
    view.setUint8(at + 2, partition.type)
    view.setUint8(at + 3, partition.subtype)
    view.setUint32(at + 4, partition.offset, true)
    view.setUint32(at + 8, partition.size, true)
    table.set(Buffer.from(partition.label, 'utf8').subarray(0, 16), at + 12)
    view.setUint32(at + 28, partition.encrypted ? ENCRYPTED : 0, true)
  }
  const end = partitions.length * ROW
  view.setUint16(end, MD5_MAGIC, true)
  table.set(createHash('md5').update(table.subarray(0, end)).digest(), end + 16)
  return table
}
