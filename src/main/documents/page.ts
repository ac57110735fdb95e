/** Pages for print: A4, in the bundled face, so that names and words of both languages can be drawn. All in points from the upper left. */
import PDFDocument from 'pdfkit'
import { shapeText, type Weight } from '../labels/fonts.ts'

export const PAGE = { width: 595, height: 842, margin: 48 }
const NAMES = { x: PAGE.margin, width: 150 }
export const VALUES = { x: PAGE.margin + NAMES.width + 10, width: PAGE.width - 2 * PAGE.margin - NAMES.width - 10 }
/** So that a SHA-256 digest stands on one line. */
export const TEXT = 9.3
const LINE = 13
/** For a character that no bundled face has. */
const UNKNOWN = '?'

export type Fact = readonly [name: string, value: string]
/** Draws one line of text from a point on its base line. */
export type Pen = (text: string, x: number, y: number, size: number, weight?: Weight) => void

export interface OpenPage {
  readonly document: PDFKit.PDFDocument
  readonly pen: Pen
  /** Ends the document. */
  close(): Promise<Uint8Array>
}

const drawable = (text: string, weight: Weight): ReturnType<typeof shapeText> => {
  try {
    return shapeText(text, weight)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return drawable(text.replaceAll(error.message, UNKNOWN), weight)
  }
}

const penOn = (document: PDFKit.PDFDocument): Pen => {
  const fonts = new Set<string>()
  return (text, x, y, size, weight = 'regular') => {
    for (const run of drawable(text, weight).runs) {
      if (!fonts.has(run.slice.id)) document.registerFont(run.slice.id, run.slice.file)
      fonts.add(run.slice.id)
      document
        .font(run.slice.id, size)
        .text(run.text, x + run.x * size, y, { baseline: 'alphabetic', lineBreak: false })
    }
  }
}

export const openPage = (title: string): OpenPage => {
  const document = new PDFDocument({
    size: 'A4',
    margin: 0,
    info: { Title: title, Producer: 'Imprint', Creator: 'Imprint' },
  })
  const parts: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve())
    document.on('error', reject)
  })
  return {
    document,
    pen: penOn(document),
    async close() {
      document.end()
      await ended
      return Buffer.concat(parts)
    },
  }
}

/** Lines no wider than the column; broken anywhere, since a digest or a Chinese sentence has no blanks. */
const linesOf = (text: string, width: number): string[] => {
  const lines = ['']
  for (const character of text) {
    const longer = `${lines.at(-1) ?? ''}${character}`
    if (character === '\n') lines.push('')
    else if (drawable(longer, 'regular').width * TEXT > width) lines.push(character)
    else lines[lines.length - 1] = longer
  }
  return lines
}

/** Names in bold with their values beside them; the height where what follows may begin. */
export const drawFacts = (pen: Pen, facts: readonly Fact[], top: number): number => {
  let y = top
  for (const [name, value] of facts) {
    const names = linesOf(name, NAMES.width)
    const values = linesOf(value, VALUES.width)
    for (const [index, line] of names.entries()) pen(line, NAMES.x, y + index * LINE, TEXT, 'bold')
    for (const [index, line] of values.entries()) pen(line, VALUES.x, y + index * LINE, TEXT)
    y += Math.max(names.length, values.length) * LINE + 5
  }
  return y
}

/** The text, or as much of it as the width takes, with an ellipsis. */
export const fitted = (text: string, width: number): string => {
  if (drawable(text, 'regular').width * TEXT <= width) return text
  const characters = [...text]
  while (characters.length > 0 && drawable(`${characters.join('')}…`, 'regular').width * TEXT > width) characters.pop()
  return `${characters.join('')}…`
}
