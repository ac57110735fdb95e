/** Lines of CSV as Python's csv module writes them: a field is quoted when it holds a comma, a quote or the end of a line. */

export type LineEnd = '\n' | '\r\n'

const field = (value: string): string => (/[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** A row of one empty field is `""`, so that it is not taken for an empty line. */
export const csvLine = (values: readonly string[], end: LineEnd): string =>
  `${values.length === 1 && values[0] === '' ? '""' : values.map(field).join(',')}${end}`
