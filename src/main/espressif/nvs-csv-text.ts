/**
 * The dialect of comma-separated values that the reference generator reads, with the place of every field: Python's csv module in
 * its lenient default (https://docs.python.org/3/library/csv.html), after physical lines that begin with `#` are dropped, also
 * where such a line stands inside a quoted field, and with every line end read as one line feed.
 */
import { NvsError } from './nvs-entry.ts'

/** Both from 1. The column counts characters of the line. */
export interface CsvPlace {
  readonly line: number
  readonly column: number
}

export interface CsvField extends CsvPlace {
  readonly text: string
}

export type CsvRow = readonly CsvField[]

type State = 'start' | 'plain' | 'quoted' | 'quote-in-quoted'

/**
 * Rows of a CSV text; empty lines give none.
 *
 * @param name of the file, for the error
 * @throws NvsError when a quote is never closed
 */
export const readCsvText = (text: string, name: string): CsvRow[] => {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r\n|\r|\n/u)
  const rows: CsvRow[] = []
  let row: CsvField[] = []
  let state = 'start' as State
  let content = ''
  let place: CsvPlace = { line: 1, column: 1 }

  const endField = (): void => {
    row.push({ ...place, text: content })
    content = ''
    state = 'start'
  }
  const accept = (character: string, here: CsvPlace): void => {
    if (state === 'start') place = here
    if (state === 'quoted' && character === '"') state = 'quote-in-quoted'
    else if (state === 'quoted') content += character
    else if (character === ',') endField()
    else if (character === '"' && state === 'start') state = 'quoted'
    else if (character === '"' && state === 'quote-in-quoted') {
      content += '"'
      state = 'quoted'
    } else {
      content += character
      state = 'plain'
    }
  }

  for (const [index, physical] of lines.entries()) {
    if (physical.startsWith('#')) continue
    const line = index + 1
    let column = 1
    for (const character of physical) accept(character, { line, column: column++ })
    if (state === 'quoted') content += '\n'
    else if (row.length > 0 || physical !== '') {
      if (state === 'start') place = { line, column }
      endField()
      rows.push(row)
      row = []
    }
  }
  if (state === 'quoted')
    throw new NvsError('csv', `${name}:${place.line}:${place.column}: the quoted value that begins here never ends`)
  return rows
}
