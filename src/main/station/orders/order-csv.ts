/** Orders from a table: all rows are read before any order is made. */
import { parse } from 'csv-parse/sync'
import { OrderInput, type InputFault } from '../../../contract/index.ts'
import { FaultError, faultOf } from '../../fault-error.ts'
import { ORDER_FIELDS, OrderFieldError, readOrderField, type KnownSources } from './order-fields.ts'

/** What is wrong in a table: its file, row (from 1, the heading is row 1) and column, and what is allowed. */
export class OrderTableError extends FaultError {
  constructor(file: string, row: number, column: string | null, fault: InputFault) {
    super('OrderTableError', { ...fault, place: { file, row, ...(column === null ? {} : { column }) } })
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
      faultOf('table-no-csv', {}, error instanceof Error ? error.message : undefined),
    )
  }
}

const checkHeading = (file: string, heading: readonly string[]): void => {
  const unknown = heading.find((column) => !COLUMNS.includes(column))
  if (unknown !== undefined)
    throw new OrderTableError(file, 1, unknown, faultOf('column-unknown', { columns: COLUMNS.join(', ') }))
  const twice = heading.find((column, index) => heading.indexOf(column) !== index)
  if (twice !== undefined) throw new OrderTableError(file, 1, twice, faultOf('column-twice'))
  const missing = ORDER_FIELDS.find(({ column, optional }) => !optional && !heading.includes(column))
  if (missing) throw new OrderTableError(file, 1, missing.column, faultOf('column-missing'))
}

/**
 * @param file its name, for the error
 * @throws OrderTableError at the first row that is wrong
 */
export const readOrderTable = (file: string, text: string, known: KnownSources): OrderRow[] => {
  const [heading, ...rows] = readRows(file, text)
  if (!heading || rows.length === 0) throw new OrderTableError(file, 1, null, faultOf('table-empty'))
  if (rows.length > MOST_ROWS)
    throw new OrderTableError(file, MOST_ROWS + 2, null, faultOf('table-too-long', { most: MOST_ROWS }))
  checkHeading(file, heading)
  const numbers = new Set<string>()
  return rows.map((cells, index) => {
    const row = index + 2
    if (cells.length > heading.length)
      throw new OrderTableError(
        file,
        row,
        null,
        faultOf('table-cells', { cells: cells.length, heading: heading.length }),
      )
    const fields = ORDER_FIELDS.map((field) => {
      const text = cells[heading.indexOf(field.column)] ?? ''
      try {
        return readOrderField(field, text, known)
      } catch (error) {
        if (error instanceof OrderFieldError) throw new OrderTableError(file, row, field.column, error.fault)
        throw error
      }
    })
    const input = OrderInput.parse(Object.assign({}, ...fields))
    if (numbers.has(input.number))
      throw new OrderTableError(file, row, 'number', faultOf('number-twice', { number: input.number }))
    numbers.add(input.number)
    return { row, input }
  })
}
