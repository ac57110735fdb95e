/** The reference generator's CSV: `key,type,encoding,value` with rows of type namespace, data and file. */
import { NvsError, type NvsItem } from './nvs-entry.ts'
import { readCsvText, type CsvField, type CsvPlace, type CsvRow } from './nvs-csv-text.ts'
import { valueOf } from './nvs-csv-value.ts'
import { wifiDerivation } from './nvs-wifi.ts'
import { writeNvs, type NvsOptions } from './nvs-write.ts'

const COLUMNS = ['key', 'type', 'encoding', 'value'] as const
type Column = (typeof COLUMNS)[number]

/** An item with the places that an error about it should name. */
export interface NvsCsvItem {
  readonly item: NvsItem
  readonly keyAt: CsvPlace
  readonly valueAt: CsvPlace
}

const located = (name: string, { line, column }: CsvPlace, error: unknown, what: string): unknown =>
  error instanceof NvsError ? new NvsError(error.code, `${name}:${line}:${column}: ${what}${error.message}`) : error

const columnsOf = (header: CsvRow | undefined, name: string): Record<Column, number> => {
  const names = header?.map((field) => field.text.trim()) ?? []
  const missing = COLUMNS.filter((column) => !names.includes(column))
  if (missing.length > 0)
    throw new NvsError(
      'csv',
      `${name}:${header?.[0]?.line ?? 1}:1: the header has no column '${missing.join("', '")}'; 'key,type,encoding,value' is needed`,
    )
  return Object.fromEntries(COLUMNS.map((column) => [column, names.indexOf(column)])) as Record<Column, number>
}

/**
 * The items of a CSV file in its order.
 *
 * @param name of the file, for errors
 * @param readFile gives the content of a file that a row names, or throws
 * @throws NvsError that begins with file:line:column
 */
export const readNvsCsv = (text: string, name: string, readFile: (path: string) => Uint8Array): NvsCsvItem[] => {
  const [header, ...rows] = readCsvText(text, name)
  const columns = columnsOf(header, name)
  const derive = wifiDerivation()
  const items: NvsCsvItem[] = []
  let namespace: string | undefined
  for (const row of rows) {
    const first = row[0] as CsvField
    const field = (column: Column): CsvField =>
      row[columns[column]] ?? { text: '', line: row.at(-1)?.line ?? first.line, column: row.at(-1)?.column ?? 1 }
    const fail = (at: CsvPlace, message: string): never => {
      throw new NvsError('csv', `${name}:${at.line}:${at.column}: ${message}`)
    }
    const surplus = row.slice(header?.length).find((extra) => extra.text !== '')
    if (surplus)
      fail(surplus, `the row has more fields than the header has columns; a value that holds a comma must be quoted`)
    const key = field('key')
    const type = field('type')
    const value = field('value')
    const place = { keyAt: key, valueAt: value }
    if (type.text === 'namespace') {
      namespace = key.text
      items.push({ item: { type: 'namespace', namespace }, ...place })
      continue
    }
    if (type.text !== 'data' && type.text !== 'file')
      return fail(type, `key '${key.text}': type '${type.text}' is not known; namespace, data and file are`)
    if (namespace === undefined) return fail(key, `key '${key.text}': a namespace row must come first`)
    if (columns.value >= row.length) fail(value, `key '${key.text}': the row has no value`)
    const content = ((): Uint8Array => {
      if (type.text === 'data') return Buffer.from(value.text, 'utf8')
      try {
        return readFile(value.text)
      } catch (error) {
        return fail(
          value,
          `key '${key.text}': '${value.text}' cannot be read (${error instanceof Error ? error.message : 'unknown'})`,
        )
      }
    })()
    const encoding = field('encoding')
    const { before, after } = derive(namespace, key.text, value.text)
    items.push(...before.map((item) => ({ item, ...place })))
    try {
      items.push({ item: valueOf(namespace, key.text, encoding.text, content), ...place })
    } catch (error) {
      const at = error instanceof NvsError && error.code === 'csv' ? encoding : value
      throw located(name, at, error, `key '${key.text}': `)
    }
    items.push(...after.map((item) => ({ item, ...place })))
  }
  return items
}

/**
 * The partition of a CSV file.
 *
 * @param name of the file, for errors
 * @param readFile gives the content of a file that a row names, or throws
 * @throws NvsError that begins with file:line:column where a row is at fault
 */
export const generateNvs = (
  text: string,
  name: string,
  readFile: (path: string) => Uint8Array,
  options: NvsOptions,
): Uint8Array => {
  const items = readNvsCsv(text, name, readFile)
  try {
    return writeNvs(
      items.map(({ item }) => item),
      options,
    )
  } catch (error) {
    const at = error instanceof NvsError && error.item !== undefined ? items[error.item] : undefined
    if (!at) throw error
    throw located(name, (error as NvsError).code === 'key' ? at.keyAt : at.valueAt, error, '')
  }
}
