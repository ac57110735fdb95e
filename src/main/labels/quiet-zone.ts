/** Blank paper around codes: a scanner that finds ink there may not find the code. */
import { CODE_128_QUIET_ZONE } from './codes/code-128.ts'
import { DATA_MATRIX_QUIET_ZONE } from './codes/data-matrix.ts'
import { QR_QUIET_ZONE } from './codes/qr-code.ts'
import type { LayoutItem, LayoutWarning } from './layout-items.ts'

interface Area {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Below its base line a face goes down by about this part of the em. */
const DESCENT = 0.25

const areaOf = (item: LayoutItem): Area => {
  switch (item.kind) {
    case 'text':
      return {
        left: item.x,
        top: item.baseline - item.size,
        right: item.x + item.width,
        bottom: item.baseline + item.size * DESCENT,
      }
    case 'qr':
    case 'data-matrix': {
      const side = item.matrix.size * item.module
      return { left: item.x, top: item.y, right: item.x + side, bottom: item.y + side }
    }
    case 'code-128': {
      const width = item.widths.reduce((sum, modules) => sum + modules, 0) * item.module
      return { left: item.x, top: item.y, right: item.x + width, bottom: item.y + item.height }
    }
    case 'box':
      return { left: item.x, top: item.y, right: item.x + item.width, bottom: item.y + item.height }
  }
}

/** With the quiet zone that the code's standard asks for; undefined for what is no code. */
const zoneOf = (item: LayoutItem): Area | undefined => {
  if (item.kind === 'text' || item.kind === 'box') return undefined
  const { left, top, right, bottom } = areaOf(item)
  // A bar code is read along its bars: what stands above or below does no harm.
  if (item.kind === 'code-128')
    return {
      left: left - CODE_128_QUIET_ZONE * item.module,
      top,
      right: right + CODE_128_QUIET_ZONE * item.module,
      bottom,
    }
  const quiet = (item.kind === 'qr' ? QR_QUIET_ZONE : DATA_MATRIX_QUIET_ZONE) * item.module
  return { left: left - quiet, top: top - quiet, right: right + quiet, bottom: bottom + quiet }
}

const meet = (a: Area, b: Area): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** A frame around a code meets it only where its line runs. */
const meets = (zone: Area, item: LayoutItem): boolean => {
  const area = areaOf(item)
  if (!meet(zone, area)) return false
  if (item.kind !== 'box' || item.stroke === null) return true
  const within =
    zone.left >= area.left + item.stroke &&
    zone.right <= area.right - item.stroke &&
    zone.top >= area.top + item.stroke &&
    zone.bottom <= area.bottom - item.stroke
  return !within
}

/** One warning for each element that stands in a code's quiet zone, or on the code. */
export const quietZoneWarnings = (items: readonly LayoutItem[]): LayoutWarning[] => {
  const found = new Map<string, LayoutWarning>()
  for (const code of items) {
    const zone = zoneOf(code)
    if (!zone) continue
    for (const item of items)
      if (item.element !== code.element && meets(zone, item))
        found.set(`${code.element} ${item.element}`, { code: 'quiet-zone', element: code.element, other: item.element })
  }
  return [...found.values()]
}
