/** Labels from a table of units, such as the `units.csv` of an unattended run. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { encodeManualCode, parseQrPayload } from '../matter/onboarding-payload.ts'
import type { LabelData } from './label-data.ts'

/** What is wrong in a table, with its file, row (from 1, the heading is row 1) and column. */
export class UnitsTableError extends Error {
  constructor(file: string, row: number, column: string, message: string) {
    super(`${file}:${row}:${column}: ${message}`)
    this.name = 'UnitsTableError'
  }
}

/** What the table does not say. */
export interface OrderFacts {
  readonly productName: string
  readonly vendorName: string
  readonly orderNumber: string
  readonly date: string
  /** Undefined: TEST for the vendor IDs FFF1 to FFF4, which are for tests only, and no mark for others. */
  readonly mark: LabelData['mark'] | undefined
}

const COLUMNS = ['serial', 'mac', 'slot', 'outcome', 'attempts', 'qrcode', 'manualcode'] as const
type Column = (typeof COLUMNS)[number]
/** Those that a label cannot do without. */
const NEEDED: readonly Column[] = ['serial', 'mac', 'qrcode', 'manualcode']
/** Outcomes that have a label. */
const LABELLED = new Set(['pass', 'unverified', ''])

const mac = z
  .string()
  .regex(/^([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$/u, 'is no MAC address; twelve hexadecimal digits are')
const Row = z.object({
  serial: z
    .string()
    .min(1, 'is empty; each unit needs a serial number')
    .max(64, 'has more than 64 characters')
    .regex(/^\P{Cc}*$/u, 'holds a control character; letters, digits and signs that can be printed are allowed'),
  mac,
  slot: z
    .string()
    .regex(/^([1-9]\d{0,3})?$/u, 'is no slot; a number from 1 is, or nothing')
    .transform((text) => (text === '' ? null : Number(text))),
  manualcode: z.string().transform((text) => text.replace(/[\s-]/gu, '')),
})

const TEST_VENDORS = { first: 0xfff1, last: 0xfff4 }

/** A unit that has a label, and where it stands in its table. */
export interface TableUnit extends LabelData {
  readonly row: number
}

const textOf = (bytes: Uint8Array, file: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UnitsTableError(file, 1, '1', 'the table is not UTF-8; save it as CSV in UTF-8')
  }
}

const readRows = (text: string, file: string): string[][] => {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true, relax_column_count: true })
  } catch (error) {
    const lines = error instanceof Error && 'lines' in error ? Number(error.lines) : 1
    const quoted = error instanceof Error && 'code' in error && error.code === 'CSV_QUOTE_NOT_CLOSED'
    throw new UnitsTableError(
      file,
      lines,
      '1',
      quoted
        ? 'a quotation mark is opened and never closed; close it, or double it within a text'
        : 'the row is no CSV',
    )
  }
}

const checkHeading = (heading: readonly string[], file: string): void => {
  for (const column of NEEDED)
    if (!heading.includes(column))
      throw new UnitsTableError(
        file,
        1,
        column,
        `the column is missing; the table has ${heading.join(', ') || 'none'}, and ${NEEDED.join(', ')} are needed, with commas between`,
      )
  const twice = heading.find((column, at) => column !== '' && heading.indexOf(column) !== at)
  if (twice !== undefined) throw new UnitsTableError(file, 1, twice, 'the column stands twice; once is allowed')
}

/**
 * Reads units that have a label; rows of boards that failed are left out. Columns that are not known become the label's own fields.
 *
 * @param file its name, for errors
 * @throws UnitsTableError
 */
export const readUnitsTable = (bytes: Uint8Array, file: string, facts: OrderFacts): TableUnit[] => {
  const [heading = [], ...rows] = readRows(textOf(bytes, file), file)
  checkHeading(heading, file)
  if (rows.length === 0) throw new UnitsTableError(file, 2, '1', 'there is no unit; a row for each is needed')
  const seen = new Map<string, number>()
  return rows.flatMap((cells, index) => {
    const row = index + 2
    const cell = (column: string): string => cells[heading.indexOf(column)] ?? ''
    const fail = (column: string, message: string): UnitsTableError => new UnitsTableError(file, row, column, message)
    if (cells.length !== heading.length)
      throw fail(
        '1',
        `the row has ${cells.length} cells, the heading ${heading.length}; put texts with a comma into quotes`,
      )
    if (!LABELLED.has(cell('outcome'))) return []
    const parsed = Row.safeParse(Object.fromEntries([...COLUMNS].map((column) => [column, cell(column)])))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const column = String(issue?.path[0] ?? '1')
      throw fail(column, `'${cell(column)}' ${issue?.message ?? 'is not allowed'}`)
    }
    const unit = parsed.data
    const before = seen.get(unit.serial.toLowerCase())
    if (before !== undefined) throw fail('serial', `'${unit.serial}' is the serial of row ${before} too`)
    seen.set(unit.serial.toLowerCase(), row)
    let payload
    try {
      payload = parseQrPayload(cell('qrcode'))
    } catch (error) {
      throw fail('qrcode', error instanceof Error ? error.message : 'is no onboarding payload')
    }
    const manualCode = encodeManualCode(payload)
    if (unit.manualcode !== manualCode)
      throw fail('manualcode', `'${cell('manualcode')}' is not the manual pairing code of this row's QR code`)
    const test = payload.vendorId >= TEST_VENDORS.first && payload.vendorId <= TEST_VENDORS.last
    const known = new Set<string>(COLUMNS)
    return [
      {
        ...facts,
        row,
        mark: facts.mark ?? (test ? 'TEST' : null),
        serial: unit.serial,
        mac: unit.mac,
        slot: unit.slot,
        vendorId: payload.vendorId,
        productId: payload.productId,
        qr: cell('qrcode'),
        manualCode,
        fields: Object.fromEntries(heading.flatMap((name, at) => (known.has(name) ? [] : [[name, cells[at] ?? '']]))),
      },
    ]
  })
}
