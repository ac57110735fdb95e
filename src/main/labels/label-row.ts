/** Labels side by side on one liner: printed as one piece. */
import { LabelError } from './label-error.ts'
import type { Layout, LayoutItem } from './layout.ts'

export interface Stock {
  /** Labels in a row. */
  readonly across: number
  /** From the left edge of one label to that of the next, mm; at least a label's width. */
  readonly pitch: number
}

const shifted = (item: LayoutItem, by: number): LayoutItem =>
  item.kind === 'text'
    ? { ...item, x: item.x + by, field: { ...item.field, x: item.field.x + by } }
    : { ...item, x: item.x + by }

/**
 * @param layouts one to `stock.across` labels of one template and resolution, from the left
 * @throws LabelError `overflow` when they do not fit the stock
 */
export const composeRow = (layouts: readonly Layout[], stock: Stock): Layout => {
  const [first] = layouts
  if (!first || layouts.length > stock.across)
    throw new LabelError('overflow', `a row of this stock holds 1 to ${stock.across} labels, not ${layouts.length}`)
  const pitch = Math.round(stock.pitch * first.dotsPerMm)
  if (stock.across > 1 && pitch < first.width)
    throw new LabelError(
      'overflow',
      `labels of ${(first.width / first.dotsPerMm).toFixed(1)} mm do not fit a pitch of ${stock.pitch} mm`,
    )
  return {
    ...first,
    width: pitch * (stock.across - 1) + first.width,
    items: layouts.flatMap((layout, column) => layout.items.map((item) => shifted(item, column * pitch))),
    warnings: layouts.flatMap((layout) => layout.warnings),
  }
}
