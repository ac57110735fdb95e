/** `--csv`: which keys the columns of `--mcsv` are, `key,type,encoding` or `namespace,namespace,` a row. */
import { FACTORY_NAMESPACES } from '../espressif/factory-partition.ts'
import { readCsvText, type CsvField } from '../espressif/nvs-csv-text.ts'
import { LONGEST_KEY, NvsError } from '../espressif/nvs-entry.ts'
import { valueOf } from '../espressif/nvs-csv-value.ts'
import { GenerationError } from './generation-error.ts'
import { asInput, readInput } from './input-file.ts'
import { FORBIDDEN_COLUMNS, type UnitColumn } from './unit-columns.ts'

export type SchemaRow =
  | { readonly kind: 'namespace'; readonly namespace: string }
  | {
      readonly kind: 'key'
      readonly namespace: string
      readonly key: string
      readonly type: 'data' | 'file'
      readonly encoding: string
      /** Of a key that means something; undefined for the user's own. */
      readonly column: UnitColumn | undefined
    }

const checkName = (at: string, what: string, name: string): void => {
  const length = Buffer.byteLength(name)
  if (length === 0 || length > LONGEST_KEY)
    throw new GenerationError(`${at}: ${what} '${name}' has ${length} bytes; 1 to ${LONGEST_KEY} are allowed`)
}

/** An encoding is known when it makes something of a value, or finds fault with the value only. */
const checkEncoding = (at: string, key: string, encoding: string): void => {
  try {
    valueOf(FACTORY_NAMESPACES.factory, key, encoding, Buffer.from('0'))
  } catch (error) {
    if (error instanceof NvsError && error.code === 'csv')
      throw new GenerationError(`${at}: key '${key}': ${error.message}`)
  }
}

/** @throws GenerationError that begins with file:row:column */
export const readUnitSchema = (path: string, columns: ReadonlyMap<string, UnitColumn>): SchemaRow[] => {
  const rows = asInput('--csv', () => readCsvText(readInput('--csv', path).toString('utf8'), path))
  const at = (field: CsvField | undefined): string => `${path}:${field?.line ?? 1}:${field?.column ?? 1}`
  const seen = new Map<string, string>()
  let namespace: string = FACTORY_NAMESPACES.factory
  return rows.map((row): SchemaRow => {
    const [keyField, typeField, encodingField] = row
    const [key = '', type = '', encoding = ''] = row.map(({ text }) => text.trim())
    if (type === 'namespace') {
      checkName(at(keyField), 'namespace', key)
      namespace = key
      return { kind: 'namespace', namespace }
    }
    if (type !== 'data' && type !== 'file')
      throw new GenerationError(
        `${at(typeField ?? keyField)}: type '${type}' is not known; namespace, data and file are`,
      )
    checkName(at(keyField), 'key', key)
    const before = seen.get(key)
    // The columns of --mcsv are found by the key alone.
    if (before !== undefined) throw new GenerationError(`${at(keyField)}: key '${key}' stands at ${before} already`)
    seen.set(key, at(keyField))
    const forbidden = namespace === FACTORY_NAMESPACES.factory ? FORBIDDEN_COLUMNS[key] : undefined
    if (forbidden !== undefined)
      throw new GenerationError(`${at(keyField)}: key '${key}' is not allowed as a column: ${forbidden}`)
    const column =
      namespace === (key === 'mqtt_host' ? FACTORY_NAMESPACES.rainmaker : FACTORY_NAMESPACES.factory)
        ? columns.get(key)
        : undefined
    if (column?.encoding !== undefined && column.encoding !== encoding.toLowerCase())
      throw new GenerationError(
        `${at(encodingField ?? keyField)}: encoding '${encoding}' is not allowed for key '${key}'; ${column.encoding} is`,
      )
    if (!column) checkEncoding(at(encodingField ?? keyField), key, encoding)
    return { kind: 'key', namespace, key, type, encoding, column }
  })
}
