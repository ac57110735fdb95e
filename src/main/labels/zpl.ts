/**
 * A layout as ZPL II. Text is set in the printer's own scalable font where that has the characters, codes are drawn by the printer or
 * sent as dots. Source: Zebra, ZPL II Programming Guide.
 */
import { createBitmap } from './bitmap.ts'
import { drawItems } from './draw.ts'
import { ASCENT, DESCENT } from './fonts.ts'
import type { BarsItem, BoxItem, Layout, LayoutItem, MatrixItem, TextItem } from './layout.ts'
import { fieldData, graphicField } from './zpl-field.ts'
import { inPrinterFont, printerFontWidth } from './zpl-font.ts'

export interface ZplOptions {
  /**
   * graphic (usual): the very modules of the preview, on every firmware; printer: ^BQ, ^BX and ^BC where they can draw what the
   * layout says.
   */
  readonly codes?: 'graphic' | 'printer'
  /** printer (usual): font ^A0, and dots for characters that it may not have; graphic: the bundled face, as in the preview. */
  readonly text?: 'printer' | 'graphic'
}

/** ^BQ draws this many dots below the field's origin. */
const QR_DROP = 10
/** ^BQ, ^BX and ^BY know modules of up to ten dots. */
const LARGEST_MODULE = 10

/** A printer's letter may be made this much narrower before the line is sent as dots. */
const NARROWEST = 0.7

const graphic = (item: LayoutItem, x: number, y: number, width: number, height: number): string => {
  const bitmap = createBitmap(width, height)
  drawItems(bitmap, [item], x, y)
  return `^FO${x},${y}${graphicField(bitmap)}`
}

const JUSTIFICATION = { left: 'L', center: 'C', right: 'R' } as const

/** The printer aligns its own face in the field; letters are made narrower where they might not fit. */
const printerText = (item: TextItem): string | undefined => {
  if (!inPrinterFont(item.text)) return undefined
  const width = Math.min(item.size, Math.floor(item.field.width / printerFontWidth(item.text)))
  if (width < item.size * NARROWEST) return undefined
  const { x, align } = item.field
  const block = align === 'left' ? '' : `^FB${item.field.width},1,0,${JUSTIFICATION[align]}`
  return `^FT${x},${item.baseline}^A0N,${item.size},${width}${block}${fieldData(item.text)}`
}

const text = (item: TextItem, options: ZplOptions): string => {
  const native = options.text === 'graphic' ? undefined : printerText(item)
  if (native !== undefined) return native
  const above = Math.ceil(ASCENT * item.size) + 1
  const below = Math.ceil(DESCENT * item.size) + 1
  const left = Math.max(0, item.x - 1)
  const top = Math.max(0, item.baseline - above)
  return graphic(item, left, top, item.x + item.width + 1 - left, item.baseline + below - top)
}

const matrix = (item: MatrixItem, options: ZplOptions): string => {
  if (options.codes === 'printer' && item.module <= LARGEST_MODULE) {
    if (item.kind === 'qr' && item.y >= QR_DROP)
      return `^FO${item.x},${item.y - QR_DROP}^BQN,2,${item.module},${item.level}${fieldData(`${item.level}A,${item.text}`)}`
    // A tilde or an underscore begins an escape sequence within ^BX, by firmware.
    if (item.kind === 'data-matrix' && !/[~_]/u.test(item.text))
      return `^FO${item.x},${item.y}^BXN,${item.module},200${fieldData(item.text)}`
  }
  const side = item.matrix.size * item.module
  return graphic(item, item.x, item.y, side, side)
}

const bars = (item: BarsItem, options: ZplOptions): string => {
  // '>' begins an invocation within ^BC.
  if (options.codes === 'printer' && item.module <= LARGEST_MODULE && !item.text.includes('>'))
    return `^BY${item.module}^FO${item.x},${item.y}^BCN,${item.height},N,N,N,A${fieldData(item.text)}`
  const width = item.widths.reduce((sum, modules) => sum + modules, 0) * item.module
  return graphic(item, item.x, item.y, width, item.height)
}

const boxField = ({ x, y, width, height, stroke }: BoxItem): string =>
  `^FO${x},${y}^GB${width},${height},${stroke ?? Math.min(width, height)}^FS`

const field = (item: LayoutItem, options: ZplOptions): string => {
  switch (item.kind) {
    case 'text':
      return text(item, options)
    case 'qr':
    case 'data-matrix':
      return matrix(item, options)
    case 'code-128':
      return bars(item, options)
    case 'box':
      return boxField(item)
  }
}

/** One label, `^XA` to `^XZ`: printable ASCII and line ends only. */
export const renderZpl = (layout: Layout, options: ZplOptions = {}): string =>
  [
    `^XA^CI28^LH0,0^PW${layout.width}^LL${layout.height}`,
    ...layout.items.map((item) => field(item, options)),
    '^PQ1^XZ',
    '',
  ].join('\n')
