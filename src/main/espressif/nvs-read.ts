/**
 * Reading NVS partitions, of the reference generator and of a running device alike (formats: `nvs-entry.ts`; what a device makes
 * of interrupted writes: ESP-IDF, components/nvs_flash/src/nvs_page.cpp and nvs_pagemanager.cpp).
 */
import type { XtsKeys } from './aes-xts.ts'
import { decryptNvs } from './nvs-encryption.ts'
import { NVS_TYPES, NvsError, PAGE_SIZE, VARIABLE_TYPES, type NvsEntry, type NvsNumberType } from './nvs-entry.ts'
import { readNvsPage, type NvsFinding, type NvsPage, type NvsPageContent, type NvsRawItem } from './nvs-page-read.ts'

/** A value with the place where it (or its blob's index) stands. */
export type NvsPlacedEntry = NvsEntry & {
  readonly page: number
  readonly entry: number
}

export interface NvsPartition {
  readonly pages: readonly NvsPage[]
  /** By index, from 1. */
  readonly namespaces: ReadonlyMap<number, string>
  /** In the order in which they were written. */
  readonly entries: readonly NvsPlacedEntry[]
  readonly findings: readonly NvsFinding[]
}

const NUMBER_TYPES: ReadonlyMap<number, NvsNumberType> = new Map(
  (Object.keys(NVS_TYPES) as NvsNumberType[]).map((name) => [NVS_TYPES[name], name]),
)

const numberOf = (head: DataView, type: NvsNumberType): number | bigint => {
  switch (type) {
    case 'u8':
      return head.getUint8(0)
    case 'i8':
      return head.getInt8(0)
    case 'u16':
      return head.getUint16(0, true)
    case 'i16':
      return head.getInt16(0, true)
    case 'u32':
      return head.getUint32(0, true)
    case 'i32':
      return head.getInt32(0, true)
    case 'u64':
      return head.getBigUint64(0, true)
    case 'i64':
      return head.getBigInt64(0, true)
  }
}

const identityOf = ({ namespace, type, key, chunk }: NvsRawItem): string => `${namespace}/${type}/${chunk}/${key}`

const place = ({ page, entry }: NvsRawItem): string => `page ${page}, entry ${entry}`

/** The items that a device would see, after it has repaired what an interrupted write left behind. */
const surviving = (contents: readonly NvsPageContent[], findings: NvsFinding[]): NvsRawItem[] => {
  const ordered = contents
    .filter(({ page }) => page.sequence !== undefined)
    .toSorted((a, b) => (a.page.sequence ?? 0) - (b.page.sequence ?? 0))
  const newest = ordered.at(-1)
  const freeing = ordered.find(({ page }) => page.state === 'freeing')
  if (freeing) {
    const message = `page ${freeing.page.page} was being freed when the device stopped; it is read, its unfinished copy is not`
    findings.push({ severity: 'note', code: 'page-freeing', message })
  }
  const pages = freeing && newest?.page.state === 'active' ? ordered.slice(0, -1) : ordered
  const kept = new Map<string, NvsRawItem>()
  for (const { page, items } of pages)
    for (const item of items) {
      const identity = identityOf(item)
      const earlier = kept.get(identity)
      if (earlier) {
        // An active page's newer item replaces the older one; so does the very last item written. Else the first is found.
        const inActivePage = earlier.page === page.page && page.state === 'active'
        const isLast = page === newest?.page && item === items.at(-1)
        const winner = inActivePage || isLast ? item : earlier
        const message = `key '${item.key}' is written twice (${place(earlier)}; ${place(item)}); the device takes that of ${place(winner)}`
        findings.push({ severity: 'note', code: 'duplicate', message })
        if (winner === earlier) continue
        kept.delete(identity)
      }
      kept.set(identity, item)
    }
  return [...kept.values()]
}

/** All chunks of a blob in their order, or a finding. */
const blobOf = (index: NvsRawItem, chunks: Map<string, NvsRawItem>, findings: NvsFinding[]): Uint8Array | undefined => {
  const size = index.head.getUint32(0, true)
  const count = index.head.getUint8(4)
  const start = index.head.getUint8(5)
  const parts: Uint8Array[] = []
  let complete = true
  for (let chunk = start; chunk < start + count; chunk++) {
    const identity = identityOf({ ...index, type: VARIABLE_TYPES.blobData, chunk })
    const data = chunks.get(identity)?.data
    chunks.delete(identity)
    if (data) parts.push(data)
    else complete = false
  }
  const blob = Buffer.concat(parts)
  if (complete && blob.length === size) return blob
  const message = `${place(index)}: of the ${size} bytes of blob '${index.key}' only ${blob.length} are there`
  findings.push({ severity: 'error', code: 'chunk-missing', message })
  return undefined
}

const textOf = (item: NvsRawItem, data: Uint8Array, findings: NvsFinding[]): string => {
  const bytes = Buffer.from(data.at(-1) === 0 ? data.subarray(0, -1) : data)
  const text = bytes.toString('utf8')
  if (!bytes.equals(Buffer.from(text, 'utf8')))
    findings.push({ severity: 'note', code: 'text', message: `${place(item)}: string '${item.key}' is not UTF-8` })
  return text
}

const entriesOf = (
  items: readonly NvsRawItem[],
  namespaces: ReadonlyMap<number, string>,
  findings: NvsFinding[],
): NvsPlacedEntry[] => {
  const chunks = new Map(
    items.filter((item) => item.type === VARIABLE_TYPES.blobData).map((item) => [identityOf(item), item]),
  )
  const entries: NvsPlacedEntry[] = []
  for (const item of items) {
    if (item.namespace === 0 || item.type === VARIABLE_TYPES.blobData) continue
    const namespace = namespaces.get(item.namespace)
    if (namespace === undefined) {
      const message = `${place(item)}: key '${item.key}' belongs to namespace ${item.namespace}, which has no name`
      findings.push({ severity: 'error', code: 'namespace-unknown', message })
      continue
    }
    const common = { namespace, key: item.key, page: item.page, entry: item.entry }
    const number = NUMBER_TYPES.get(item.type)
    if (number) entries.push({ ...common, type: number, value: numberOf(item.head, number) })
    else if (item.type === VARIABLE_TYPES.string && item.data)
      entries.push({ ...common, type: 'string', value: textOf(item, item.data, findings) })
    else if (item.type === VARIABLE_TYPES.blobV1 && item.data)
      entries.push({ ...common, type: 'blob', value: Uint8Array.from(item.data) })
    else if (item.type === VARIABLE_TYPES.blobIndex) {
      const value = blobOf(item, chunks, findings)
      if (value) entries.push({ ...common, type: 'blob', value })
    } else {
      const message = `${place(item)}: key '${item.key}' has type 0x${item.type.toString(16)}, which is not known`
      findings.push({ severity: 'error', code: 'unknown-type', message })
    }
  }
  for (const chunk of chunks.values()) {
    const message = `${place(chunk)}: chunk ${chunk.chunk} of blob '${chunk.key}' belongs to no blob; the device will erase it`
    findings.push({ severity: 'note', code: 'chunk-orphan', message })
  }
  return entries
}

/**
 * What an NVS partition holds. Damage is reported among the findings and never thrown.
 *
 * @param bytes a multiple of 4096
 * @param keys of an encrypted partition
 * @throws NvsError when the length is not that of a partition
 */
export const readNvs = (bytes: Uint8Array, keys?: XtsKeys): NvsPartition => {
  if (bytes.length === 0 || bytes.length % PAGE_SIZE !== 0)
    throw new NvsError('size', `${bytes.length} bytes are no NVS partition; a multiple of 4096 is`)
  const clear = keys ? decryptNvs(bytes, keys) : bytes
  const contents = Array.from({ length: clear.length / PAGE_SIZE }, (_, page) =>
    readNvsPage(clear.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE), page),
  )
  const pages = contents.map(({ page }) => page)
  const written = pages.reduce((sum, page) => sum + page.written, 0)
  if (written > 0 && contents.every(({ items }) => items.length === 0)) {
    const message = keys
      ? 'no entry can be read with these keys: they belong to another partition, or it is not encrypted'
      : 'no entry can be read: the partition is encrypted, and its keys are needed'
    return { pages, namespaces: new Map(), entries: [], findings: [{ severity: 'error', code: 'encrypted', message }] }
  }
  const findings = contents.flatMap((content) => content.findings)
  const items = surviving(contents, findings)
  const namespaces = new Map(
    items
      .filter((item) => item.namespace === 0 && item.type === NVS_TYPES.u8)
      .map((item) => [item.head.getUint8(0), item.key]),
  )
  return { pages, namespaces, entries: entriesOf(items, namespaces, findings), findings }
}
