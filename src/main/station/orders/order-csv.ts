/** Orders from a table: all rows are read before any order is made. */
import { parse } from 'csv-parse/sync'
import { OrderInput } from '../../../contract/index.ts'
import { ORDER_FIELDS, OrderFieldError, readOrderField, type KnownSources } from './order-fields.ts'

/** What is wrong in a table: its file, row (from 1, the heading is row 1) and column, and what is allowed. */
export class OrderTableError extends Error {
  constructor(file: string, row: number, column: string | null, message: string) {
    super(`${file}, row ${row}${column === null ? '' : `, column '${column}'`}: ${message}`)
    this.name = 'OrderTableError'
  }
}

export interface OrderRow {
  readonly row: number
  readonly input: OrderInput
}

const MOST_ROWS = 500
const COLUMNS = ORDER_FIELDS.map(({ column }) => column)

/** Spreadsheets of many languages write semicolons: the heading, which has no text of its own, tells. */
const delimiterOf = (text: string): string => {
  const heading = /^[^\r\n]*/u.exec(text)?.[0] ?? ''
  return [';', '\t'].find((sign) => heading.includes(sign) && !heading.includes(',')) ?? ','
}

const readRows = (file: string, text: string): string[][] => {
  try {
    return parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
    })
  } catch (error) {
    const row = error instanceof Error && 'records' in error ? Number(error.records) + 1 : 1
    throw new OrderTableError(
      file,
      row,
      null,
      `${error instanceof Error ? error.message : 'is no CSV'}; write it as CSV`,
    )
  }
}

const checkHeading = (file: string, heading: readonly string[]): void => {
  const unknown = heading.find((column) => !COLUMNS.includes(column))
  if (unknown !== undefined)
    throw new OrderTableError(file, 1, unknown, `there is no such column; allowed: ${COLUMNS.join(', ')}`)
  const twice = heading.find((column, index) => heading.indexOf(column) !== index)
  if (twice !== undefined) throw new OrderTableError(file, 1, twice, 'it stands twice; once is allowed')
  const missing = ORDER_FIELDS.find(({ column, optional }) => !optional && !heading.includes(column))
  if (missing) throw new OrderTableError(file, 1, missing.column, 'it is missing; this column is needed')
}

/**
 * @param file its name, for the error
 * @throws OrderTableError at the first row that is wrong
 */
export const readOrderTable = (file: string, text: string, known: KnownSources): OrderRow[] => {
  const [heading, ...rows] = readRows(file, text)
  if (!heading || rows.length === 0)
    throw new OrderTableError(file, 1, null, `there is no order in it; a heading and a row for each order are needed`)
  if (rows.length > MOST_ROWS)
    throw new OrderTableError(
      file,
      MOST_ROWS + 2,
      null,
      `at most ${MOST_ROWS} orders are taken at once; split the table`,
    )
  checkHeading(file, heading)
  const numbers = new Set<string>()
  return rows.map((cells, index) => {
    const row = index + 2
    if (cells.length > heading.length)
      throw new OrderTableError(
        file,
        row,
        null,
        `it has ${cells.length} cells, the heading ${heading.length}; put texts with a comma into quotes`,
      )
    const fields = ORDER_FIELDS.map((field) => {
      const text = cells[heading.indexOf(field.column)] ?? ''
      try {
        return readOrderField(field, text, known)
      } catch (error) {
        if (error instanceof OrderFieldError) throw new OrderTableError(file, row, field.column, error.message)
        throw error
      }
    })
    const input = OrderInput.parse(Object.assign({}, ...fields))
    if (numbers.has(input.number))
      throw new OrderTableError(
        file,
        row,
        'number',
        `${input.number} stands in a row before; each order needs an own number`,
      )
    numbers.add(input.number)
    return { row, input }
  })
}
