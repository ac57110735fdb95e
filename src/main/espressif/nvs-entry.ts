/**
 * The NVS format's vocabulary (ESP-IDF, 'Non-Volatile Storage Library',
 * https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-reference/storage/nvs_flash.html#internals). Little-endian.
 */
import { crc32 } from 'node:zlib'

export const NVS_TYPES = {
  u8: 0x01,
  i8: 0x11,
  u16: 0x02,
  i16: 0x12,
  u32: 0x04,
  i32: 0x14,
  u64: 0x08,
  i64: 0x18,
} as const

export type NvsNumberType = keyof typeof NVS_TYPES

export type NvsEntry = { readonly namespace: string; readonly key: string } & (
  | { readonly type: NvsNumberType; readonly value: number | bigint }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'blob'; readonly value: Uint8Array }
)

/** Opens a namespace before a key is put into it, as a namespace row of the reference generator does. */
export interface NvsNamespace {
  readonly type: 'namespace'
  readonly namespace: string
}

/** What a partition is written from. */
export type NvsItem = NvsEntry | NvsNamespace

export const PAGE_SIZE = 0x1000
export const ENTRY_SIZE = 32
export const ENTRIES_PER_PAGE = 126
export const ENTRY_STATES = 32
export const FIRST_ENTRY = 64
export const LONGEST_KEY = 15

/** A page's life: bits are only ever cleared. Anything else, and a page whose header's CRC is wrong, is corrupt. */
export const PAGE_STATE = {
  empty: 0xffffffff,
  active: 0xfffffffe,
  full: 0xfffffffc,
  freeing: 0xfffffff8,
  corrupt: 0xfffffff0,
} as const
export const VARIABLE_TYPES = { string: 0x21, blobV1: 0x41, blobData: 0x42, blobIndex: 0x48 } as const
/** The chunk index of everything that is not a chunk of a version 2 blob. */
export const NO_CHUNK = 0xff

/** Every checksum of the format: zlib's crc32 with a start value of 0xFFFFFFFF, which is not the usual CRC-32. */
export const nvsCrc = (bytes: Uint8Array): number => crc32(bytes, 0xffffffff)

const POLYNOMIAL = 0xedb88320
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/**
 * The checksum of the entry at this offset: its 32 bytes but for the checksum itself, which is in bytes 4 to 7. For so few bytes a
 * table here is quicker than two calls into zlib, and a partition holds a hundred entries.
 */
export const entryCrc = (bytes: Uint8Array, at: number): number => {
  let crc = 0
  for (let index = at; index < at + ENTRY_SIZE; index = index === at + 3 ? at + 8 : index + 1)
    crc = (CRC_TABLE[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

/** Why an NVS partition cannot be written or read. */
export class NvsError extends Error {
  readonly code: 'key' | 'value' | 'size' | 'full' | 'corrupt' | 'csv' | 'keys'
  /** The place of the item at fault in the list that was to be written. */
  readonly item: number | undefined
  constructor(code: NvsError['code'], message: string, item?: number) {
    super(message)
    this.name = 'NvsError'
    this.code = code
    this.item = item
  }
}
