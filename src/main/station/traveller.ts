/** The traveller: one page for print that goes with the boards of an order, with the barcode that opens it. */
import PDFDocument from 'pdfkit'
import type { OrderDetails } from '../../contract/index.ts'
import { CODE_128_QUIET_ZONE, encodeCode128 } from '../labels/codes/code-128.ts'
import { shapeText, type Weight } from '../labels/fonts.ts'
import { TRAVELLER_WORDS, type TravellerLanguage } from './traveller-words.ts'

/** All in points, from the upper left corner of an A4 page. */
const PAGE = { width: 595, height: 842, margin: 48 }
const NAMES = { x: PAGE.margin, width: 150 }
const VALUES = { x: PAGE.margin + NAMES.width + 10, width: PAGE.width - 2 * PAGE.margin - NAMES.width - 10 }
const BARCODE = { height: 52, most: 260, module: 1.4 }
/** A character that no bundled face has. */
const UNKNOWN = '□'
const MOST_IMAGES = 6
/** So that a digest stands on one line. */
const TEXT = 9.3

type Pen = (text: string, x: number, y: number, size: number, weight?: Weight) => void

const drawable = (text: string, weight: Weight): ReturnType<typeof shapeText> => {
  try {
    return shapeText(text, weight)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return drawable(text.replaceAll(error.message, error.message === UNKNOWN ? '?' : UNKNOWN), weight)
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

/** Lines no wider than the column; broken anywhere, since a digest or a Chinese sentence has no blanks. */
const linesOf = (text: string, size: number, width: number): string[] => {
  const lines = ['']
  for (const character of text) {
    const longer = `${lines.at(-1) ?? ''}${character}`
    if (character === '\n') lines.push('')
    else if (drawable(longer, 'regular').width * size > width) lines.push(character)
    else lines[lines.length - 1] = longer
  }
  return lines
}

const drawBarcode = (document: PDFKit.PDFDocument, text: string, y: number): void => {
  const widths = encodeCode128(text)
  const modules = widths.reduce((sum, width) => sum + width, 0)
  const module = Math.min(BARCODE.module, BARCODE.most / (modules + 2 * CODE_128_QUIET_ZONE))
  let x = PAGE.width - PAGE.margin - modules * module
  for (const [index, width] of widths.entries()) {
    if (index % 2 === 0) document.rect(x, y, width * module, BARCODE.height)
    x += width * module
  }
  document.fill('black')
}

const hex = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')

const factsOf = (order: OrderDetails, language: TravellerLanguage): [string, string][] => {
  const words = TRAVELLER_WORDS[language]
  const { locked } = order
  const images = locked.images.map(({ name, sha256 }): [string, string] => [name, sha256])
  return [
    [words.product, `${order.productName} (${hex(order.vendorId)} · ${hex(order.productCode)})`],
    [words.chip, order.chip],
    [words.quantity, String(order.quantity)],
    [words.due, order.due ?? '–'],
    [words.lot, order.lot || '–'],
    [words.customerReference, order.customerReference || '–'],
    ...(order.notes ? [[words.notes, order.notes] as [string, string]] : []),
    ...(order.manifest === null
      ? [
          [words.firmware, order.firmware ?? '–'] as [string, string],
          [words.release, locked.release ?? '–'] as [string, string],
          ...images.slice(0, MOST_IMAGES),
          [words.pai, locked.paiCertificate ?? '–'] as [string, string],
          [words.declaration, locked.certificationDeclaration ?? '–'] as [string, string],
        ]
      : [[words.manifest, order.manifest] as [string, string]]),
    [words.label, `${locked.label.name} ${words.version} ${locked.label.version}`],
    [words.labelDigest, locked.label.digest],
    ...(order.firstArticle?.approval
      ? [
          [words.firstArticle, `${order.firstArticle.serial ?? ''} · ${order.firstArticle.approval.who}`] as [
            string,
            string,
          ],
        ]
      : []),
  ]
}

const drawFacts = (pen: Pen, facts: readonly [string, string][], top: number): number => {
  let y = top
  for (const [name, value] of facts) {
    const names = linesOf(name, TEXT, NAMES.width)
    const values = linesOf(value, TEXT, VALUES.width)
    for (const [index, line] of names.entries()) pen(line, NAMES.x, y + index * 13, TEXT, 'bold')
    for (const [index, line] of values.entries()) pen(line, VALUES.x, y + index * 13, TEXT)
    y += Math.max(names.length, values.length) * 13 + 5
  }
  return y
}

const drawSignatures = (document: PDFKit.PDFDocument, pen: Pen, language: TravellerLanguage): void => {
  const words = TRAVELLER_WORDS[language]
  const top = PAGE.height - PAGE.margin - words.signatures.length * 34
  pen(words.signOff, PAGE.margin, top - 20, 12, 'bold')
  for (const [index, name] of words.signatures.entries()) {
    const y = top + index * 34 + 16
    pen(name, PAGE.margin, y, 10)
    document.moveTo(VALUES.x, y + 3).lineTo(PAGE.width - PAGE.margin, y + 3)
  }
  document.lineWidth(0.6).stroke('black')
}

/** One page, A4. */
export const travellerPdf = async (order: OrderDetails, language: TravellerLanguage): Promise<Uint8Array> => {
  const words = TRAVELLER_WORDS[language]
  const document = new PDFDocument({
    size: 'A4',
    margin: 0,
    info: { Title: `${words.title} ${order.number}`, Producer: 'Imprint', Creator: 'Imprint' },
  })
  const parts: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve())
    document.on('error', reject)
  })
  const pen = penOn(document)
  pen(words.title, PAGE.margin, PAGE.margin + 12, 14)
  pen(order.number, PAGE.margin, PAGE.margin + 44, 26, 'bold')
  if (order.testBuild) pen('TEST', PAGE.margin, PAGE.margin + 66, 14, 'bold')
  drawBarcode(document, order.number, PAGE.margin)
  drawFacts(pen, factsOf(order, language), PAGE.margin + 100)
  drawSignatures(document, pen, language)
  document.end()
  await ended
  return Buffer.concat(parts)
}
