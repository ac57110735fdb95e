/** Writing NVS partitions, byte for byte as the reference generator does (formats: `nvs-entry.ts`). */
import {
  ENTRIES_PER_PAGE,
  ENTRY_SIZE,
  ENTRY_STATES,
  FIRST_ENTRY,
  LONGEST_KEY,
  NVS_TYPES,
  NvsError,
  nvsCrc,
  PAGE_SIZE,
  PAGE_STATE,
  VARIABLE_TYPES,
  type NvsEntry,
  type NvsNumberType,
} from './nvs-entry.ts'

export interface NvsOptions {
  /** Bytes, a multiple of 4096. From 0x3000 up the last page stays reserved; below, only the used pages are given. */
  readonly size: number
  readonly version: 1 | 2
}

/** From this size on a partition can be written by the device, which needs a spare page. */
const WRITABLE_SIZE = 0x3000
const LONGEST_STRING = 3968
const LONGEST_BLOB_V1 = 1984
const NO_CHUNK = 0xff
const NAMESPACE_INDEX = 0
const MOST_NAMESPACES = 254

const LIMITS: Readonly<Record<NvsNumberType, readonly [bigint, bigint]>> = {
  u8: [0n, 0xffn],
  i8: [-0x80n, 0x7fn],
  u16: [0n, 0xffffn],
  i16: [-0x8000n, 0x7fffn],
  u32: [0n, 0xffffffffn],
  i32: [-0x80000000n, 0x7fffffffn],
  u64: [0n, 0xffffffffffffffffn],
  i64: [-0x8000000000000000n, 0x7fffffffffffffffn],
}

interface Page {
  readonly bytes: Uint8Array
  used: number
}

const openPage = (sequence: number, version: 1 | 2): Page => {
  const bytes = new Uint8Array(PAGE_SIZE).fill(0xff)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, PAGE_STATE.active, true)
  view.setUint32(4, sequence, true)
  view.setUint8(8, version === 2 ? 0xfe : 0xff)
  view.setUint32(28, nvsCrc(bytes.subarray(4, 28)), true)
  return { bytes, used: 0 }
}

const markWritten = (page: Page, first: number, count: number): void => {
  for (let entry = first; entry < first + count; entry++) {
    const at = ENTRY_STATES + (entry >> 2)
    // Two bits an entry: 10 is written.
    page.bytes[at] = (page.bytes[at] ?? 0xff) & ~(1 << ((entry & 3) * 2))
  }
}

/**
 * A partition with these entries, in their order. Entries of one namespace need not be together.
 *
 * @throws NvsError naming the key and what is allowed; nothing is written then
 */
export const writeNvs = (entries: readonly NvsEntry[], { size, version }: NvsOptions): Uint8Array => {
  if (size <= 0 || size % PAGE_SIZE !== 0)
    throw new NvsError('size', `a partition of ${size} bytes is not allowed; a multiple of 4096 is`)
  const readOnly = size < WRITABLE_SIZE
  const mostPages = size / PAGE_SIZE - (readOnly ? 0 : 1)
  const pages: Page[] = [openPage(0, version)]
  let page = pages[0] as Page

  const nextPage = (): void => {
    if (pages.length === mostPages)
      throw new NvsError('full', `the entries do not fit into ${size} bytes; a larger partition is needed`)
    new DataView(page.bytes.buffer).setUint32(0, PAGE_STATE.full, true)
    page = openPage(pages.length, version)
    pages.push(page)
  }

  /** An entry of 32 bytes, its data area filled by the caller. */
  const entryOf = (
    namespace: number,
    type: number,
    span: number,
    chunk: number,
    key: string,
  ): DataView<ArrayBuffer> => {
    const bytes = new Uint8Array(ENTRY_SIZE).fill(0xff)
    bytes.set([namespace, type, span, chunk])
    bytes.fill(0, 8, 24)
    bytes.set(Buffer.from(key, 'latin1'), 8)
    return new DataView(bytes.buffer)
  }

  const place = (entry: DataView<ArrayBuffer>, data: Uint8Array = new Uint8Array(0)): void => {
    const bytes = new Uint8Array(entry.buffer)
    entry.setUint32(4, nvsCrc(Buffer.concat([bytes.subarray(0, 4), bytes.subarray(8)])), true)
    const at = FIRST_ENTRY + page.used * ENTRY_SIZE
    page.bytes.set(bytes, at)
    page.bytes.set(data, at + ENTRY_SIZE)
    const count = 1 + Math.ceil(data.length / ENTRY_SIZE)
    markWritten(page, page.used, count)
    page.used += count
  }

  const primitive = (namespace: number, key: string, type: NvsNumberType, value: number | bigint): void => {
    const [least, most] = LIMITS[type]
    const number = typeof value === 'bigint' ? value : Number.isInteger(value) ? BigInt(value) : undefined
    if (number === undefined || number < least || number > most)
      throw new NvsError('value', `key '${key}': ${value} is not allowed as ${type}; ${least} to ${most} are`)
    if (page.used >= ENTRIES_PER_PAGE) nextPage()
    const entry = entryOf(namespace, NVS_TYPES[type], 1, NO_CHUNK, key)
    const width = Number(type.slice(1)) / 8
    for (let index = 0; index < width; index++)
      entry.setUint8(24 + index, Number((number >> BigInt(8 * index)) & 0xffn))
    place(entry)
  }

  const variable = (namespace: number, key: string, type: number, data: Uint8Array, most: number): void => {
    const needed = 1 + Math.ceil(data.length / ENTRY_SIZE)
    if (data.length > most || needed >= ENTRIES_PER_PAGE)
      throw new NvsError('value', `key '${key}': ${data.length} bytes are too long; ${most} are allowed`)
    if (page.used + needed >= ENTRIES_PER_PAGE) nextPage()
    const entry = entryOf(namespace, type, needed, NO_CHUNK, key)
    entry.setUint16(24, data.length, true)
    entry.setUint32(28, nvsCrc(data), true)
    place(entry, data)
  }

  const blob = (namespace: number, key: string, data: Uint8Array): void => {
    if (page.used >= ENTRIES_PER_PAGE) nextPage()
    let chunks = 0
    for (let at = 0; ;) {
      const room = (ENTRIES_PER_PAGE - page.used - 1) * ENTRY_SIZE
      const chunk = data.subarray(at, at + room)
      const entry = entryOf(namespace, VARIABLE_TYPES.blobData, 1 + Math.ceil(chunk.length / ENTRY_SIZE), chunks, key)
      entry.setUint16(24, chunk.length, true)
      entry.setUint32(28, nvsCrc(chunk), true)
      place(entry, chunk)
      chunks++
      at += chunk.length
      // The index needs an entry too, so it may stand on the next page.
      if (at < data.length || room - chunk.length < ENTRY_SIZE) nextPage()
      if (at >= data.length) break
    }
    const index = entryOf(namespace, VARIABLE_TYPES.blobIndex, 1, NO_CHUNK, key)
    index.setUint32(24, data.length, true)
    index.setUint8(28, chunks)
    index.setUint8(29, 0)
    place(index)
  }

  const checkKey = (key: string, what: string): void => {
    if (key.length === 0 || Buffer.byteLength(key) > LONGEST_KEY)
      throw new NvsError('key', `${what} '${key}' has ${Buffer.byteLength(key)} bytes; 1 to ${LONGEST_KEY} are allowed`)
  }

  const namespaces = new Map<string, number>()
  for (const entry of entries) {
    checkKey(entry.key, 'key')
    let namespace = namespaces.get(entry.namespace)
    if (namespace === undefined) {
      checkKey(entry.namespace, 'namespace')
      namespace = namespaces.size + 1
      if (namespace > MOST_NAMESPACES)
        throw new NvsError('full', `more than ${MOST_NAMESPACES} namespaces are not possible`)
      namespaces.set(entry.namespace, namespace)
      primitive(NAMESPACE_INDEX, entry.namespace, 'u8', namespace)
    }
    if (entry.type === 'string')
      variable(namespace, entry.key, VARIABLE_TYPES.string, Buffer.from(`${entry.value}\0`, 'utf8'), LONGEST_STRING)
    else if (entry.type === 'blob' && version === 1)
      variable(namespace, entry.key, VARIABLE_TYPES.blobV1, entry.value, LONGEST_BLOB_V1)
    else if (entry.type === 'blob') blob(namespace, entry.key, entry.value)
    else primitive(namespace, entry.key, entry.type, entry.value)
  }

  const bytes = new Uint8Array(readOnly ? pages.length * PAGE_SIZE : size).fill(0xff)
  pages.forEach(({ bytes: content }, index) => bytes.set(content, index * PAGE_SIZE))
  return bytes
}
