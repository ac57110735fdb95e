/** Writing NVS partitions, byte for byte as the reference generator does (formats: `nvs-entry.ts`). */
import type { XtsKeys } from './aes-xts.ts'
import { encryptNvs } from './nvs-encryption.ts'
import { NvsError, PAGE_SIZE, VARIABLE_TYPES, type NvsItem } from './nvs-entry.ts'
import { NvsPages } from './nvs-pages.ts'

export interface NvsOptions {
  /** Bytes, a multiple of 4096. From 0x3000 up the last page stays reserved; below, only the used pages are given. */
  readonly size: number
  /** 1 keeps each blob within one page, 2 splits it into chunks. */
  readonly version: 1 | 2
  /** Encrypts the entries. */
  readonly keys?: XtsKeys | undefined
}

/** With the NUL; a longer one would need a page of 126 entries for itself, and one entry always stays free. */
const LONGEST_STRING = 3968
/** Strings and blobs alike. */
const LONGEST_IN_VERSION_1 = 1984
const NAMESPACE_INDEX = 0
const MOST_NAMESPACES = 254

/**
 * A partition with these items, in their order. Entries of one namespace need not be together.
 *
 * @throws NvsError naming the key and what is allowed; nothing is written then
 */
export const writeNvs = (items: readonly NvsItem[], { size, version, keys }: NvsOptions): Uint8Array => {
  if (!Number.isInteger(size) || size <= 0 || size % PAGE_SIZE !== 0)
    throw new NvsError('size', `a partition of ${size} bytes is not allowed; a multiple of 4096 is`)
  const pages = new NvsPages(size, version)
  const namespaces = new Map<string, number>()

  const open = (name: string): number => {
    const known = namespaces.get(name)
    if (known !== undefined) return known
    const index = namespaces.size + 1
    if (index > MOST_NAMESPACES) throw new NvsError('full', `more than ${MOST_NAMESPACES} namespaces are not possible`)
    pages.putNumber(NAMESPACE_INDEX, name, 'u8', index)
    namespaces.set(name, index)
    return index
  }

  const put = (item: NvsItem): void => {
    const namespace = open(item.namespace)
    if (item.type === 'namespace') return
    if (item.type === 'string') {
      const longest = version === 1 ? LONGEST_IN_VERSION_1 : LONGEST_STRING
      pages.putWhole(namespace, item.key, VARIABLE_TYPES.string, Buffer.from(`${item.value}\0`, 'utf8'), longest)
    } else if (item.type !== 'blob') pages.putNumber(namespace, item.key, item.type, item.value)
    else if (version === 2) pages.putChunked(namespace, item.key, item.value)
    else pages.putWhole(namespace, item.key, VARIABLE_TYPES.blobV1, item.value, LONGEST_IN_VERSION_1)
  }

  for (const [index, item] of items.entries())
    try {
      put(item)
    } catch (error) {
      throw error instanceof NvsError ? new NvsError(error.code, error.message, index) : error
    }
  const bytes = pages.partition()
  return keys ? encryptNvs(bytes, keys) : bytes
}
