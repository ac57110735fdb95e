/**
 * One label in printer dots. Everything that leaves the house (ZPL, PDF, PNG, preview) is drawn from this one model, so that they
 * cannot differ. What does not fit is an error here, before an order starts; nothing is ever clipped.
 */
import { formatManualCode } from '../matter/onboarding-payload.ts'
import { CODE_128_QUIET_ZONE, encodeCode128 } from './codes/code-128.ts'
import { DATA_MATRIX_QUIET_ZONE, encodeDataMatrix } from './codes/data-matrix.ts'
import type { ModuleMatrix } from './codes/module-matrix.ts'
import { encodeQr, QR_QUIET_ZONE, type QrLevel } from './codes/qr-code.ts'
import { fillText, type LabelData } from './label-data.ts'
import { LabelError } from './label-error.ts'
import type { BarsItem, LayoutItem, LayoutWarning, MatrixItem } from './layout-items.ts'
import { quietZoneWarnings } from './quiet-zone.ts'
import { setText } from './text-setting.ts'
import {
  extentOf,
  fieldsOf,
  type Code128Element,
  type LabelElement,
  type LabelTemplate,
  type MatrixElement,
} from './template.ts'

export type * from './layout-items.ts'

export const RESOLUTIONS = [203, 300, 600] as const
export type Dpi = (typeof RESOLUTIONS)[number]

/** Dots a millimetre: a '203 dpi' head has exactly eight. */
export const dotsPerMm = (dpi: Dpi): number => (dpi === 203 ? 8 : dpi / 25.4)

/** All places and sizes are whole dots from the upper left corner. */
export interface Layout {
  readonly template: { readonly name: string; readonly version: number }
  readonly dpi: Dpi
  readonly dotsPerMm: number
  readonly width: number
  readonly height: number
  readonly items: readonly LayoutItem[]
  readonly warnings: readonly LayoutWarning[]
}

/** Phones and hand scanners read smaller modules from clean labels only. */
const SMALLEST_MODULE_MM = 0.25

/** Width of the outline at a Matter mark's place, mm. */
const MARK_OUTLINE_MM = 0.2

interface Grid {
  readonly template: LabelTemplate
  readonly perMm: number
  readonly warnings: LayoutWarning[]
}

const overflow = (grid: Grid, element: LabelElement, text: string, needed: string): LabelError => {
  const { width, height } = extentOf(element)
  const box = `${width} × ${height} mm`
  return new LabelError(
    'overflow',
    `the label's element '${element.name}' has ${box} and '${text}' needs ${needed} ` +
      `(template '${grid.template.name}' version ${grid.template.version}): shorten the text or enlarge the box`,
    { element: element.name, text, box, needed },
  )
}

const notEncodable = (element: LabelElement, text: string, error: unknown): LabelError =>
  new LabelError(
    'not-encodable',
    `the label's element '${element.name}' cannot carry '${text}': ${error instanceof Error ? error.message : String(error)}`,
    { element: element.name, text },
  )

const rounded = (value: number): string => String(Math.ceil(value * 10) / 10)

const warnOfSmallModule = (grid: Grid, element: LabelElement, module: number): void => {
  const moduleMm = module / grid.perMm
  if (moduleMm < SMALLEST_MODULE_MM) grid.warnings.push({ code: 'small-module', element: element.name, moduleMm })
}

const layOutMatrix = (grid: Grid, element: MatrixElement, text: string): MatrixItem => {
  let code: { matrix: ModuleMatrix; level: QrLevel | null }
  try {
    code = element.type === 'qr' ? encodeQr(text) : { matrix: encodeDataMatrix(text), level: null }
  } catch (error) {
    throw notEncodable(element, text, error)
  }
  const quiet = element.type === 'qr' ? QR_QUIET_ZONE : DATA_MATRIX_QUIET_ZONE
  const across = code.matrix.size + 2 * quiet
  const side = Math.floor(element.size * grid.perMm)
  const module = Math.floor(side / across)
  if (module < 1) {
    const needed = rounded(across / grid.perMm)
    throw overflow(grid, element, text, `${needed} × ${needed} mm`)
  }
  warnOfSmallModule(grid, element, module)
  const margin = Math.floor((side - across * module) / 2) + quiet * module
  return {
    kind: element.type,
    element: element.name,
    text,
    x: Math.round(element.x * grid.perMm) + margin,
    y: Math.round(element.y * grid.perMm) + margin,
    module,
    matrix: code.matrix,
    level: code.level,
  }
}

const layOutBars = (grid: Grid, element: Code128Element, text: string): BarsItem => {
  let widths: number[]
  try {
    widths = encodeCode128(text)
  } catch (error) {
    throw notEncodable(element, text, error)
  }
  const across = widths.reduce((sum, width) => sum + width, 0) + 2 * CODE_128_QUIET_ZONE
  const width = Math.floor(element.width * grid.perMm)
  const module = Math.floor(width / across)
  if (module < 1) throw overflow(grid, element, text, `${rounded(across / grid.perMm)} × ${element.height} mm`)
  warnOfSmallModule(grid, element, module)
  return {
    kind: 'code-128',
    element: element.name,
    text,
    x: Math.round(element.x * grid.perMm) + Math.floor((width - across * module) / 2) + CODE_128_QUIET_ZONE * module,
    y: Math.round(element.y * grid.perMm),
    height: Math.floor(element.height * grid.perMm),
    module,
    widths,
  }
}

const layOutElement = (grid: Grid, element: LabelElement, data: LabelData): LayoutItem[] => {
  const dots = (mm: number): number => Math.round(mm * grid.perMm)
  const stroke = (mm: number): number => Math.max(1, dots(mm))
  const at = { element: element.name, x: dots(element.x), y: dots(element.y) }
  switch (element.type) {
    case 'text':
    case 'manual-code': {
      const lines =
        element.type === 'manual-code'
          ? data.manualCode === ''
            ? []
            : formatManualCode(data.manualCode)
          : [fillText(element.text, data, element.name).trim()]
      if (lines.every((line) => line === '')) return []
      const set = setText(element, lines, grid.perMm)
      if (!set.fits) throw overflow(grid, element, lines.join(' '), `${rounded(set.width)} × ${rounded(set.height)} mm`)
      return set.lines.map((line) => ({
        kind: 'text',
        element: element.name,
        weight: element.weight,
        field: { x: at.x, width: Math.floor(element.width * grid.perMm), align: element.align },
        ...line,
        x: at.x + line.x,
        baseline: at.y + line.baseline,
      }))
    }
    case 'qr':
    case 'data-matrix': {
      const text = fillText(element.text, data, element.name)
      return text === '' ? [] : [layOutMatrix(grid, element, text)]
    }
    case 'code-128': {
      const text = fillText(element.text, data, element.name)
      return text === '' ? [] : [layOutBars(grid, element, text)]
    }
    case 'matter-mark':
      return [
        {
          kind: 'box',
          ...at,
          width: dots(element.width),
          height: dots(element.height),
          stroke: stroke(MARK_OUTLINE_MM),
        },
      ]
    case 'rectangle':
      return [
        {
          kind: 'box',
          ...at,
          width: dots(element.width),
          height: dots(element.height),
          stroke: element.stroke === null ? null : stroke(element.stroke),
        },
      ]
    case 'line': {
      const { width, height } = extentOf(element)
      return [{ kind: 'box', ...at, width: stroke(width), height: stroke(height), stroke: null }]
    }
  }
}

const asLabelError = (error: unknown): LabelError => {
  if (error instanceof LabelError) return error
  throw error
}

/**
 * Every element laid out by itself: what fits is drawn, what does not is said. For whoever edits a template; what is printed comes
 * from `layOutLabel`.
 *
 * @returns the layout without the elements at fault, and the faults: `overflow`, `no-glyph`, `not-encodable`, `unknown-field`, or
 *   `template` when the label needs a mark (DEMO or TEST) that the template has no place for
 */
export const layOutEach = (
  template: LabelTemplate,
  data: LabelData,
  dpi: Dpi,
): { layout: Layout; faults: LabelError[] } => {
  const faults: LabelError[] = []
  if (data.mark !== null && !fieldsOf(template).has('mark'))
    faults.push(
      new LabelError(
        'template',
        `the template '${template.name}' version ${template.version} has no place for the mark ${data.mark}; ` +
          `a text with {mark} is needed`,
        { template: template.name, mark: data.mark },
      ),
    )
  const perMm = dotsPerMm(dpi)
  const grid: Grid = { template, perMm, warnings: [] }
  const items = template.elements.flatMap((element) => {
    try {
      return layOutElement(grid, element, data)
    } catch (error) {
      faults.push(asLabelError(error))
      return []
    }
  })
  const layout: Layout = {
    template: { name: template.name, version: template.version },
    dpi,
    dotsPerMm: perMm,
    width: Math.round(template.width * perMm),
    height: Math.round(template.height * perMm),
    items,
    warnings: [...grid.warnings, ...quietZoneWarnings(items)],
  }
  return { layout, faults }
}

/** @throws LabelError the first fault that `layOutEach` finds */
export const layOutLabel = (template: LabelTemplate, data: LabelData, dpi: Dpi): Layout => {
  const { layout, faults } = layOutEach(template, data, dpi)
  if (faults[0]) throw faults[0]
  return layout
}
