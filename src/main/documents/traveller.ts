/** The traveller: one page for print that goes with the boards of an order, with the barcode that opens it. */
import type { Language, OrderDetails } from '../../contract/index.ts'
import { CODE_128_QUIET_ZONE, encodeCode128 } from '../labels/codes/code-128.ts'
import { drawFacts, type Fact, openPage, PAGE, type Pen, VALUES } from './page.ts'
import { TRAVELLER_WORDS } from './traveller-words.ts'

const BARCODE = { height: 52, most: 260, module: 1.4 }
const MOST_IMAGES = 6

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

const writtenFacts = ({ firmware, locked }: OrderDetails, language: Language): readonly Fact[] => {
  const words = TRAVELLER_WORDS[language]
  const images = locked.images.map(({ name, sha256 }): Fact => [name, sha256])
  return [
    [words.firmware, firmware ?? '–'],
    [words.release, locked.release ?? '–'],
    ...images.slice(0, MOST_IMAGES),
    [words.pai, locked.paiCertificate ?? '–'],
    [words.declaration, locked.certificationDeclaration ?? '–'],
    ...(locked.nvsKeys === null ? [] : [[words.nvsKeys, locked.nvsKeys] as const]),
    ...(locked.flashKey === null ? [] : [[words.flashKey, locked.flashKey] as const]),
  ]
}

const factsOf = (order: OrderDetails, language: Language): Fact[] => {
  const words = TRAVELLER_WORDS[language]
  const { locked } = order
  return [
    [words.product, `${order.productName} (${hex(order.vendorId)} · ${hex(order.productCode)})`],
    [words.chip, order.chip],
    [words.quantity, String(order.quantity)],
    [words.due, order.due ?? '–'],
    [words.lot, order.lot || '–'],
    [words.customerReference, order.customerReference || '–'],
    ...(order.notes ? [[words.notes, order.notes] as const] : []),
    ...(order.manifest === null ? writtenFacts(order, language) : [[words.manifest, order.manifest] as const]),
    [words.label, `${locked.label.name} ${words.version} ${locked.label.version}`],
    [words.labelDigest, locked.label.digest],
    ...(order.firstArticle?.rejections ?? []).map(
      ({ serial, who }) => [words.rejectedArticle, `${serial} · ${who}`] as const,
    ),
    ...(order.firstArticle?.approval
      ? [[words.firstArticle, `${order.firstArticle.serial ?? ''} · ${order.firstArticle.approval.who}`] as const]
      : []),
  ]
}

const drawSignatures = (document: PDFKit.PDFDocument, pen: Pen, language: Language): void => {
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
export const travellerPdf = async (order: OrderDetails, language: Language): Promise<Uint8Array> => {
  const words = TRAVELLER_WORDS[language]
  const page = openPage(`${words.title} ${order.number}`)
  const { document, pen } = page
  pen(words.title, PAGE.margin, PAGE.margin + 12, 14)
  pen(order.number, PAGE.margin, PAGE.margin + 44, 26, 'bold')
  if (order.testBuild) pen('TEST', PAGE.margin, PAGE.margin + 66, 14, 'bold')
  drawBarcode(document, order.number, PAGE.margin)
  drawFacts(pen, factsOf(order, language), PAGE.margin + 100)
  drawSignatures(document, pen, language)
  return page.close()
}
