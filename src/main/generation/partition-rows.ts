/** The manufacturing partition as rows: what its CSV, the summary and the image are all made from, so that they cannot disagree. */
import { FACTORY_NAMESPACES, factoryEntries, type FactoryData } from '../espressif/factory-partition.ts'
import type { NvsEntry, NvsItem } from '../espressif/nvs-entry.ts'
import type { OwnItem } from './plan.ts'

export interface PartitionRow {
  readonly item: NvsItem
  /** `namespace`, `data` or `file` */
  readonly type: string
  readonly encoding: string
  readonly value: string
}

/** The user's own keys in the factory namespace come before the first of these, as the incumbent has them. */
const LATE_KEY = /^(?:cal-types|locale-sz|locale\/|fl-|sm-|st-|product-label$|product-url$|loc-capability$)/u

/** Where each file of a device is, absolute, for the rows that name it. */
export type FilePlaces = Readonly<Partial<Record<string, string>>>

const rowOf = (entry: NvsEntry, files: FilePlaces): PartitionRow => {
  const { type, value } = entry
  if (type !== 'blob') return { item: entry, type: 'data', encoding: type, value: String(value) }
  const place = files[entry.key]
  return place === undefined
    ? { item: entry, type: 'data', encoding: 'hex2bin', value: Buffer.from(value).toString('hex') }
    : { item: entry, type: 'file', encoding: 'binary', value: place }
}

/**
 * Rows in the incumbent's order: a namespace's row before its keys. An own key that is there already takes the other's place.
 *
 * @param files by NVS key
 */
export const partitionRows = (data: FactoryData, own: readonly OwnItem[], files: FilePlaces): PartitionRow[] => {
  const byNamespace = new Map<string, PartitionRow[]>()
  const within = (namespace: string): PartitionRow[] => {
    const rows = byNamespace.get(namespace) ?? []
    byNamespace.set(namespace, rows)
    return rows
  }
  for (const entry of factoryEntries(data)) within(entry.namespace).push(rowOf(entry, files))
  for (const row of own) {
    const rows = within(row.item.namespace)
    const { item } = row
    if (item.type === 'namespace') continue
    const known = rows.findIndex((other) => other.item.type !== 'namespace' && other.item.key === item.key)
    const late =
      item.namespace === FACTORY_NAMESPACES.factory
        ? rows.findIndex((other) => other.item.type !== 'namespace' && LATE_KEY.test(other.item.key))
        : -1
    if (known >= 0) rows[known] = row
    else if (late >= 0) rows.splice(late, 0, row)
    else rows.push(row)
  }
  return [...byNamespace].flatMap(([namespace, rows]) => [
    { item: { type: 'namespace', namespace } as const, type: 'namespace', encoding: '', value: '' },
    ...rows,
  ])
}

/** The keys of the rows, without their namespaces. */
export const keyedRows = (rows: readonly PartitionRow[]): { key: string; value: string }[] =>
  rows.flatMap(({ item, value }) => (item.type === 'namespace' ? [] : [{ key: item.key, value }]))
