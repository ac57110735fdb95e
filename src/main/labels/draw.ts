/** A layout as the bitmap that a printer burns. */
import { createBitmap, fillRect, stamp, type Bitmap } from './bitmap.ts'
import { darkRuns } from './codes/module-matrix.ts'
import { shapeText } from './fonts.ts'
import { rasterGlyph } from './glyph-raster.ts'
import type { Layout, LayoutItem, TextItem } from './layout.ts'

/** Black rectangles of everything but text. */
export const rectanglesOf = (
  item: Exclude<LayoutItem, TextItem>,
): { x: number; y: number; width: number; height: number }[] => {
  switch (item.kind) {
    case 'qr':
    case 'data-matrix':
      return darkRuns(item.matrix).map(({ column, row, length }) => ({
        x: item.x + column * item.module,
        y: item.y + row * item.module,
        width: length * item.module,
        height: item.module,
      }))
    case 'code-128': {
      let x = item.x
      return item.widths.flatMap((modules, index) => {
        const bar = { x, y: item.y, width: modules * item.module, height: item.height }
        x += bar.width
        return index % 2 === 0 ? [bar] : []
      })
    }
    case 'box': {
      const { x, y, width, height, stroke } = item
      if (stroke === null || 2 * stroke >= Math.min(width, height)) return [{ x, y, width, height }]
      const inner = height - 2 * stroke
      return [
        { x, y, width, height: stroke },
        { x, y: y + height - stroke, width, height: stroke },
        { x, y: y + stroke, width: stroke, height: inner },
        { x: x + width - stroke, y: y + stroke, width: stroke, height: inner },
      ]
    }
  }
}

const drawText = (bitmap: Bitmap, item: TextItem, left: number, top: number): void => {
  for (const run of shapeText(item.text, item.weight).runs)
    for (const { glyph, x } of run.glyphs) {
      const raster = rasterGlyph(run.slice, glyph, item.size)
      stamp(
        bitmap,
        raster.bitmap,
        item.x - left + Math.round((run.x + x) * item.size) + raster.left,
        item.baseline - top + raster.top,
      )
    }
}

/** Draws items into a bitmap whose upper left corner is the layout's dot (left, top). */
export const drawItems = (bitmap: Bitmap, items: readonly LayoutItem[], left = 0, top = 0): void => {
  for (const item of items)
    if (item.kind === 'text') drawText(bitmap, item, left, top)
    else for (const { x, y, width, height } of rectanglesOf(item)) fillRect(bitmap, x - left, y - top, width, height)
}

export const drawLabel = (layout: Layout): Bitmap => {
  const bitmap = createBitmap(layout.width, layout.height)
  drawItems(bitmap, layout.items)
  return bitmap
}
