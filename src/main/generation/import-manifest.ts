/** A manifest of devices that are provisioned already: a CSV file with a header, a device a row. */
import type { FaultPlace } from '../../contract/index.ts'
import { readCsvText, type CsvField } from '../espressif/nvs-csv-text.ts'
import { passcodeOf, discriminatorOf, iterationsOf, saltOf, verifierOf } from './commissioning.ts'
import { faultOf } from '../fault-error.ts'
import { GenerationError } from './generation-error.ts'
import { knownCodes, type Placed } from './imported-codes.ts'
import type { ImportedUnit } from './imported-unit.ts'
import { asInput, readInput } from './input-file.ts'
import { hexOf, textOf, wholeNumber } from './option-value.ts'

/** Names of the columns, in any case of letters; the incumbent's summary is such a file, too. */
const COLUMNS = {
  mac: ['mac', 'mac_address', 'mac address'],
  serial: ['serial', 'serial-num', 'serial_number', 'serial number'],
  qrCode: ['qrcode', 'qr_code', 'qr code'],
  manualCode: ['manualcode', 'manual_code', 'manual code'],
  passcode: ['passcode', 'pincode'],
  discriminator: ['discriminator'],
  vendorId: ['vendor-id', 'vid'],
  productId: ['product-id', 'pid'],
  iterations: ['iteration-count'],
  salt: ['salt'],
  verifier: ['verifier'],
  rotatingId: ['rd-id-uid'],
} as const
type Column = keyof typeof COLUMNS

const ROTATING_ID_BYTES = 16

/** `AABBCC000001`, `aa-bb-…` and `AA:BB:…` as the records keep it. */
export const macOf = (where: string, text: string, place?: FaultPlace): string => {
  const digits = text.replace(/[:-]/gu, '').toUpperCase()
  if (!/^[0-9A-F]{12}$/u.test(digits) || !/^(?:[^:-]+|..(?:[:-]..){5})$/u.test(text))
    throw new GenerationError(
      `${where} '${text}' is no MAC; twelve hexadecimal digits are, such as AA:BB:CC:00:00:01`,
      { ...faultOf('manifest-mac', { text }), ...(place ? { place } : {}) },
    )
  return digits.match(/../gu)?.join(':') ?? ''
}

/** The field's value by a rule, with its place; undefined where the column is missing or the field empty. */
const placed = <T>(
  fields: ReadonlyMap<Column, CsvField>,
  path: string,
  column: Column,
  parse: (where: string, text: string, place: FaultPlace) => T,
): Placed<T> | undefined => {
  const field = fields.get(column)
  if (!field || field.text.trim() === '') return undefined
  const where = `${path}:${field.line}:${field.column}`
  const place = { file: path, row: field.line, column: COLUMNS[column][0] }
  return { where, value: parse(`${where}: ${COLUMNS[column][0]}`, field.text.trim(), place) }
}

const unitOf = (fields: ReadonlyMap<Column, CsvField>, path: string, line: number): ImportedUnit => {
  const get = <T>(
    column: Column,
    parse: (where: string, text: string, place: FaultPlace) => T,
  ): Placed<T> | undefined => placed(fields, path, column, parse)
  const code = (_: string, text: string): string => text
  const qrCode = get('qrCode', code)
  const manualCode = get('manualCode', code)
  const id = (where: string, text: string): number => wholeNumber(where, text, 1, 0xffff)
  const codes = knownCodes({
    qrCode,
    manualCode,
    passcode: get('passcode', passcodeOf),
    discriminators: [get('discriminator', discriminatorOf)],
    vendorId: get('vendorId', id),
    productId: get('productId', id),
  })
  const mac = get('mac', macOf)?.value
  const serial = get('serial', textOf)?.value
  if (mac === undefined && serial === undefined)
    throw new GenerationError(`${path}:${line}: the row has neither a MAC nor a serial number; one of them is needed`, {
      ...faultOf('manifest-nameless'),
      place: { file: path, row: line },
    })
  return {
    ...codes,
    place: `${path}:${line}`,
    id: undefined,
    mac,
    serial,
    iterations: get('iterations', iterationsOf)?.value,
    salt: get('salt', saltOf)?.value,
    verifier: get('verifier', verifierOf)?.value,
    rotatingId: get('rotatingId', (where, text) => hexOf(where, text, ROTATING_ID_BYTES))?.value,
    dac: undefined,
    qrCode: qrCode?.value,
    manualCode: manualCode?.value,
  }
}

/** @throws GenerationError that begins with file:row, and with :column where a field is at fault */
export const readManifest = (path: string): ImportedUnit[] => {
  const [header, ...rows] = asInput('', () => readCsvText(readInput('MANIFEST', path).toString('utf8'), path))
  const columns = new Map<number, Column>()
  for (const [index, { text }] of (header ?? []).entries())
    for (const column of Object.keys(COLUMNS) as Column[])
      if ((COLUMNS[column] as readonly string[]).includes(text.trim().toLowerCase())) columns.set(index, column)
  const found = new Set(columns.values())
  if (!found.has('mac') && !found.has('serial'))
    throw new GenerationError(`${path}:1: the header has neither 'mac' nor 'serial'; one of them is needed`, {
      ...faultOf('manifest-heading'),
      place: { file: path, row: 1 },
    })
  return rows.map((row) => {
    const line = row[0]?.line ?? 0
    if (row.length !== header?.length)
      throw new GenerationError(`${path}:${line}: the row has ${row.length} fields, the header has ${header?.length}`, {
        ...faultOf('manifest-fields', { fields: row.length, heading: header?.length ?? 0 }),
        place: { file: path, row: line },
      })
    const fields = new Map(
      row.flatMap((field, index) => {
        const column = columns.get(index)
        return column === undefined ? [] : [[column, field] as const]
      }),
    )
    return unitOf(fields, path, line)
  })
}
