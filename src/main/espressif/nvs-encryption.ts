/**
 * Encryption of an NVS partition: every entry of 32 bytes by itself, AES-256-XTS with its offset in the partition as tweak. Page
 * headers, entry states and empty entries stay clear (ESP-IDF, 'NVS Encryption').
 */
import { xts, type XtsKeys } from './aes-xts.ts'
import { ENTRIES_PER_PAGE, ENTRY_SIZE, ENTRY_STATES, FIRST_ENTRY, PAGE_SIZE } from './nvs-entry.ts'

const EMPTY = 3

/** Offsets of all entries that were ever written, the erased ones too. */
const usedEntries = (partition: Uint8Array): number[] => {
  const offsets: number[] = []
  for (let page = 0; page + PAGE_SIZE <= partition.length; page += PAGE_SIZE)
    for (let entry = 0; entry < ENTRIES_PER_PAGE; entry++)
      if ((((partition[page + ENTRY_STATES + (entry >> 2)] ?? 0xff) >> ((entry & 3) * 2)) & 3) !== EMPTY)
        offsets.push(page + FIRST_ENTRY + entry * ENTRY_SIZE)
  return offsets
}

const transform = (direction: 'encrypt' | 'decrypt', partition: Uint8Array, keys: XtsKeys): Uint8Array => {
  const offsets = usedEntries(partition)
  const entries = new Uint8Array(offsets.length * ENTRY_SIZE)
  for (const [index, at] of offsets.entries()) entries.set(partition.subarray(at, at + ENTRY_SIZE), index * ENTRY_SIZE)
  const done = xts(direction, keys, entries, ENTRY_SIZE, offsets)
  const bytes = Uint8Array.from(partition)
  for (const [index, at] of offsets.entries())
    bytes.set(done.subarray(index * ENTRY_SIZE, (index + 1) * ENTRY_SIZE), at)
  return bytes
}

/** The partition with its entries encrypted. */
export const encryptNvs = (partition: Uint8Array, keys: XtsKeys): Uint8Array => transform('encrypt', partition, keys)

/** The partition with its entries in clear; with the wrong keys the entries' checksums do not match afterwards. */
export const decryptNvs = (partition: Uint8Array, keys: XtsKeys): Uint8Array => transform('decrypt', partition, keys)
