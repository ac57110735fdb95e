/** What an NVS partition holds, as JSON and in words. */
import type { NvsFinding, NvsPage } from '../espressif/nvs-page-read.ts'
import type { NvsPartition, NvsPlacedEntry } from '../espressif/nvs-read.ts'
import { MASK, type Fact, type Inspection } from './inspection.ts'

/** Says of an entry whether its value must not be shown. */
export type IsSecret = (entry: NvsPlacedEntry) => boolean

const SHOWN_BYTES = 32

type JsonValue = number | string

interface NvsJson {
  readonly pages: readonly NvsPage[]
  readonly namespaces: readonly { readonly index: number; readonly name: string }[]
  readonly entries: readonly {
    readonly namespace: string
    readonly key: string
    readonly type: NvsPlacedEntry['type']
    readonly value: JsonValue
    readonly bytes?: number
    readonly page: number
    readonly entry: number
  }[]
  readonly findings: readonly NvsFinding[]
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const nothingSecret: IsSecret = () => false

/** Blobs in hexadecimal; 64-bit numbers as text, since JSON's numbers are too narrow for them. */
const jsonValue = (entry: NvsPlacedEntry): JsonValue => {
  if (entry.type === 'blob') return hex(entry.value)
  return typeof entry.value === 'bigint' ? String(entry.value) : entry.value
}

export const nvsJson = (partition: NvsPartition, isSecret: IsSecret = nothingSecret): NvsJson => ({
  pages: partition.pages,
  namespaces: [...partition.namespaces].map(([index, name]) => ({ index, name })),
  entries: partition.entries.map((entry) => ({
    namespace: entry.namespace,
    key: entry.key,
    type: entry.type,
    value: isSecret(entry) ? MASK : jsonValue(entry),
    ...(entry.type === 'blob' ? { bytes: entry.value.length } : {}),
    page: entry.page,
    entry: entry.entry,
  })),
  findings: partition.findings,
})

const shownValue = (entry: NvsPlacedEntry): string => {
  if (entry.type === 'string') return JSON.stringify(entry.value)
  if (entry.type !== 'blob') return String(entry.value)
  const more = entry.value.length > SHOWN_BYTES ? '…' : ''
  return `${entry.value.length} bytes  ${hex(entry.value.subarray(0, SHOWN_BYTES))}${more}`
}

const pageLine = (page: NvsPage): string =>
  page.sequence === undefined
    ? `page ${page.page}: ${page.state}`
    : `page ${page.page}: ${page.state}, sequence ${page.sequence}, version ${page.version ?? 'unknown'}; ` +
      `${page.written} entries written, ${page.erased} erased, ${page.free} free`

/** Pages, then each namespace with its keys, then what is wrong. */
export const nvsText = (partition: NvsPartition, isSecret: IsSecret = nothingSecret): string => {
  const lines = partition.pages.map(pageLine)
  for (const name of new Set(partition.namespaces.values())) {
    lines.push('', name)
    for (const entry of partition.entries.filter((candidate) => candidate.namespace === name))
      lines.push(`  ${entry.key.padEnd(15)}  ${entry.type.padEnd(6)}  ${isSecret(entry) ? MASK : shownValue(entry)}`)
  }
  if (partition.findings.length > 0) lines.push('')
  for (const finding of partition.findings) lines.push(`${finding.severity}: ${finding.message}`)
  return `${lines.join('\n')}\n`
}

/** Keys whose names say that they hold something that should not be read over a shoulder. */
const SECRET_KEY = /key|pass|pswd|psk|pwd|pin|secret|token|pmk|verifier|salt|uid|cred/iu

const factOf = (entry: NvsPlacedEntry): Fact => ({
  name: `${entry.namespace}/${entry.key}`,
  label: `${entry.namespace}/${entry.key}`,
  value: jsonValue(entry),
  words: `${entry.type}  ${shownValue(entry)}`,
  secret: SECRET_KEY.test(entry.key),
})

/** @param size of the partition in bytes */
export const inspectNvs = (partition: NvsPartition, size: number, encrypted: boolean): Inspection => {
  const used = partition.pages.filter(({ sequence }) => sequence !== undefined)
  return {
    kind: 'nvs',
    title: `NVS partition, ${size} bytes${encrypted ? ', encrypted' : ''}`,
    facts: [
      { name: 'pages', label: 'pages', value: used.map(pageLine) },
      ...(partition.namespaces.size > 0
        ? [{ name: 'namespaces', label: 'namespaces', value: [...partition.namespaces.values()] }]
        : []),
      ...partition.entries.map(factOf),
    ],
    problems: partition.findings,
    evidence: {},
  }
}
