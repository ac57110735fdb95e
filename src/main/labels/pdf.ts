/** Layouts as a PDF, a page a label, in true size: codes as vectors, text in the bundled face, of which a subset is embedded. */
import PDFDocument from 'pdfkit'
import { rectanglesOf } from './draw.ts'
import { shapeText } from './fonts.ts'
import type { Layout, TextItem } from './layout.ts'

const POINTS_PER_INCH = 72
const MM_PER_INCH = 25.4

export interface PdfOptions {
  readonly title?: string
  /** Of the document; without it none is written, and equal labels make equal files. */
  readonly created?: Date
}

const drawText = (document: PDFKit.PDFDocument, fonts: Set<string>, item: TextItem, scale: number): void => {
  for (const run of shapeText(item.text, item.weight).runs) {
    if (!fonts.has(run.slice.id)) {
      document.registerFont(run.slice.id, run.slice.file)
      fonts.add(run.slice.id)
    }
    document
      .font(run.slice.id, item.size * scale)
      .text(run.text, (item.x + run.x * item.size) * scale, item.baseline * scale, {
        baseline: 'alphabetic',
        lineBreak: false,
      })
  }
}

const drawPage = (document: PDFKit.PDFDocument, fonts: Set<string>, layout: Layout): void => {
  const scale = POINTS_PER_INCH / MM_PER_INCH / layout.dotsPerMm
  document.addPage({ size: [layout.width * scale, layout.height * scale], margin: 0 })
  for (const item of layout.items)
    if (item.kind === 'text') drawText(document, fonts, item, scale)
    else {
      for (const { x, y, width, height } of rectanglesOf(item))
        document.rect(x * scale, y * scale, width * scale, height * scale)
      document.fill('black')
    }
}

/** @param layouts a page each; at least one */
export const renderPdf = async (layouts: Layout | readonly Layout[], options: PdfOptions = {}): Promise<Uint8Array> => {
  const pages = Array.isArray(layouts) ? (layouts as readonly Layout[]) : [layouts as Layout]
  const document = new PDFDocument({
    autoFirstPage: false,
    info: {
      Title: options.title ?? 'Labels',
      Producer: 'Imprint',
      Creator: 'Imprint',
      CreationDate: options.created ?? new Date(0),
    },
  })
  const parts: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve())
    document.on('error', reject)
  })
  const fonts = new Set<string>()
  for (const page of pages) drawPage(document, fonts, page)
  document.end()
  await ended
  return Buffer.concat(parts)
}
