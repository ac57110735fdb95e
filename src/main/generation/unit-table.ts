/** `--mcsv`: the devices' own values, a row each. Everything is checked before the first device is made. */
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readCsvText, type CsvField, type CsvRow } from '../espressif/nvs-csv-text.ts'
import { valueOf } from '../espressif/nvs-csv-value.ts'
import { PAGE_SIZE } from '../espressif/nvs-entry.ts'
import { writeNvs } from '../espressif/nvs-write.ts'
import { checkVerifier } from './commissioning.ts'
import { GenerationError } from './generation-error.ts'
import { readDac, type DacCheck } from './given-dac.ts'
import { asInput, readInput } from './input-file.ts'
import type { GivenDevice, OwnItem } from './plan.ts'
import { IMPLIED_COLUMNS, unitColumns, type UnitRow } from './unit-columns.ts'
import { readUnitSchema, type SchemaRow } from './unit-schema.ts'

export interface UnitTable {
  readonly units: readonly GivenDevice[]
  /** Where the row of each unit begins, for errors that are found later. */
  readonly places: readonly string[]
  readonly notes: readonly string[]
}

export interface UnitTableContext {
  readonly product: { readonly vendorId: number; readonly productId: number }
  readonly iterations: number
  readonly dynamicPasscode: boolean
  /** Undefined when there is no PAI, so that no row can give a DAC. */
  readonly dacCheck: DacCheck | undefined
}

const beside = (table: string, path: string): string => (existsSync(path) ? path : resolve(dirname(table), path))

/** The field of a row under each column of the header. */
const fieldsOf = (header: CsvRow, row: CsvRow, path: string): Map<string, CsvField> => {
  if (row.length !== header.length)
    throw new GenerationError(
      `${path}:${row[0]?.line}:1: the row has ${row.length} fields, the header has ${header.length}; a field that holds a comma must be quoted`,
    )
  return new Map(header.map((name, index) => [name.text.trim(), row[index] as CsvField]))
}

const checkHeader = (path: string, header: CsvRow | undefined, schema: readonly SchemaRow[]): string[] => {
  if (!header) throw new GenerationError(`--mcsv ${path} is empty; a header with the keys of --csv is needed`)
  const names = new Set<string>()
  for (const { text, line, column } of header) {
    if (names.has(text.trim()))
      throw new GenerationError(`${path}:${line}:${column}: column '${text.trim()}' stands twice`)
    names.add(text.trim())
  }
  const keys = schema.flatMap((row) => (row.kind === 'key' ? [row.key] : []))
  const missing = keys.find((key) => !names.has(key))
  if (missing !== undefined)
    throw new GenerationError(`${path}:1: the header has no column '${missing}', which --csv names`)
  const surplus = [...names].filter((name) => !keys.includes(name) && !IMPLIED_COLUMNS.includes(name))
  return surplus.map((name) => `${path}: column '${name}' is not in --csv and is left out`)
}

const SMALLEST = { size: PAGE_SIZE, version: 2 } as const

const ownItem = (row: Extract<SchemaRow, { kind: 'key' }>, table: string, where: string, text: string): OwnItem => {
  const file = row.type === 'file' ? beside(table, text) : text
  const content = row.type === 'file' ? readInput(where, file) : Buffer.from(text, 'utf8')
  const item = asInput(where, () => {
    const entry = valueOf(row.namespace, row.key, row.encoding, content)
    // Whether a number suits its type is known to the writer only.
    if (typeof entry.value === 'number' || typeof entry.value === 'bigint') writeNvs([entry], SMALLEST)
    return entry
  })
  return { item, type: row.type, encoding: row.encoding, value: row.type === 'file' ? resolve(file) : text }
}

const readUnit = (
  fields: ReadonlyMap<string, CsvField>,
  schema: readonly SchemaRow[],
  path: string,
  context: UnitTableContext,
): GivenDevice => {
  const row: UnitRow = { data: {} }
  const own: OwnItem[] = []
  const columns = unitColumns(context.product)
  const schemaKeys = new Set(schema.flatMap((entry) => (entry.kind === 'key' ? [entry.key] : [])))
  const implied = IMPLIED_COLUMNS.filter((key) => fields.has(key) && !schemaKeys.has(key)).map((key): SchemaRow => ({
    kind: 'key',
    namespace: '',
    key,
    type: 'data',
    encoding: '',
    column: columns.get(key),
  }))
  for (const entry of [...implied, ...schema]) {
    if (entry.kind === 'namespace') {
      const item = { type: 'namespace', namespace: entry.namespace } as const
      own.push({ item, type: 'namespace', encoding: '', value: '' })
      continue
    }
    const field = fields.get(entry.key) as CsvField
    const where = `${path}:${field.line}:${field.column}: ${entry.key}`
    if (!entry.column) {
      own.push(ownItem(entry, path, where, field.text))
      continue
    }
    if (field.text === '')
      throw new GenerationError(`${where} is empty; give a value, or leave the column out to have one made`)
    entry.column.read(row, where, field.text)
  }
  return finishUnit(row, own, path, `${path}:${[...fields.values()][0]?.line}:`, context)
}

const finishUnit = (
  row: UnitRow,
  own: readonly OwnItem[],
  path: string,
  at: string,
  { iterations, dynamicPasscode, dacCheck }: UnitTableContext,
): GivenDevice => {
  const { passcode, dacCertificate, dacKey, data } = row
  if (dynamicPasscode && (passcode !== undefined || data.verifier))
    throw new GenerationError(
      `${at} passcode and verifier are not allowed with --enable-dynamic-passcode: the firmware makes its own`,
    )
  checkVerifier(
    `${at} `,
    { passcode: 'passcode', salt: 'salt', verifier: 'verifier' },
    { passcode, salt: data.salt, verifier: data.verifier },
    data.iterations ?? iterations,
  )
  if ((dacCertificate === undefined) !== (dacKey === undefined))
    throw new GenerationError(`${at} dac-cert and dac-key belong together; one of the columns is missing`)
  if (!dacCertificate || !dacKey) return { passcode, data, own }
  if (!dacCheck) throw new GenerationError(`${at} dac-cert needs the PAI that signed it: --pai --cert FILE`)
  const dac = readDac(dacCertificate.where, beside(path, dacCertificate.path), beside(path, dacKey.path), dacCheck)
  return { passcode, data, dac, own }
}

/** @throws GenerationError that begins with file:row:column, or with file:row */
export const readUnitTable = (schemaPath: string, path: string, context: UnitTableContext): UnitTable => {
  const schema = readUnitSchema(schemaPath, unitColumns(context.product))
  const text = readInput('--mcsv', path).toString('utf8')
  const [header, ...rows] = asInput('--mcsv', () => readCsvText(text, path))
  const notes = checkHeader(path, header, schema)
  const comments = text.match(/^#/gmu)?.length ?? 0
  if (comments > 0) notes.push(`${path}: ${comments} lines that begin with # are left out`)
  if (rows.length === 0) throw new GenerationError(`--mcsv ${path} holds no device; a row each is needed`)
  return {
    units: rows.map((row) => readUnit(fieldsOf(header ?? [], row, path), schema, path, context)),
    places: rows.map((row) => `${path}:${row[0]?.line}`),
    notes,
  }
}
