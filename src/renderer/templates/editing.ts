/** Changes of a label template, each a new value; millimetres all. What is printed and whether it fits is the station's business. */
import type { LabelElement, LabelTemplate } from '../../contract/index.ts'

export type ElementType = LabelElement['type']

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const ELEMENT_TYPES: readonly ElementType[] = [
  'text',
  'manual-code',
  'qr',
  'data-matrix',
  'code-128',
  'matter-mark',
  'rectangle',
  'line',
]

export const NUMBER_FIELDS = ['x', 'y', 'width', 'height', 'size', 'smallest', 'lines', 'length', 'stroke'] as const
export type NumberField = (typeof NUMBER_FIELDS)[number]

const BOX: readonly NumberField[] = ['x', 'y', 'width', 'height']
export const FIELDS_OF: Record<ElementType, readonly NumberField[]> = {
  text: [...BOX, 'size', 'smallest', 'lines'],
  'manual-code': [...BOX, 'size', 'smallest'],
  qr: ['x', 'y', 'size'],
  'data-matrix': ['x', 'y', 'size'],
  'code-128': BOX,
  'matter-mark': BOX,
  rectangle: [...BOX, 'stroke'],
  line: ['x', 'y', 'length', 'stroke'],
}
/** Fields that may be left empty. */
export const OPTIONAL: ReadonlySet<NumberField> = new Set<NumberField>(['smallest'])

/** Smallest side that a drag leaves, mm. */
const SMALLEST = 1

/** Hundredths of a millimetre: finer than any printer's dot. */
export const rounded = (mm: number): number => Math.round(mm * 100) / 100

export const boxOf = (element: LabelElement): Box => {
  const { x, y } = element
  switch (element.type) {
    case 'qr':
    case 'data-matrix':
      return { x, y, width: element.size, height: element.size }
    case 'line':
      return element.direction === 'horizontal'
        ? { x, y, width: element.length, height: element.stroke }
        : { x, y, width: element.stroke, height: element.length }
    default:
      return { x, y, width: element.width, height: element.height }
  }
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, Math.max(low, high)))

/** Moved, but not beyond the label's edges. */
export const moved = (template: LabelTemplate, element: LabelElement, dx: number, dy: number): LabelElement => {
  const { x, y, width, height } = boxOf(element)
  return {
    ...element,
    x: rounded(clamp(x + dx, 0, template.width - width)),
    y: rounded(clamp(y + dy, 0, template.height - height)),
  }
}

/** Made larger or smaller at its lower right corner, but not beyond the label's edges. */
export const resized = (template: LabelTemplate, element: LabelElement, dx: number, dy: number): LabelElement => {
  const { x, y, width, height } = boxOf(element)
  const right = template.width - x
  const bottom = template.height - y
  switch (element.type) {
    case 'qr':
    case 'data-matrix':
      return { ...element, size: rounded(clamp(width + Math.max(dx, dy), SMALLEST, Math.min(right, bottom))) }
    case 'line':
      return element.direction === 'horizontal'
        ? { ...element, length: rounded(clamp(width + dx, SMALLEST, right)) }
        : { ...element, length: rounded(clamp(height + dy, SMALLEST, bottom)) }
    default:
      return {
        ...element,
        width: rounded(clamp(width + dx, SMALLEST, right)),
        height: rounded(clamp(height + dy, SMALLEST, bottom)),
      }
  }
}

export const replaced = (template: LabelTemplate, name: string, element: LabelElement): LabelTemplate => ({
  ...template,
  elements: template.elements.map((each) => (each.name === name ? element : each)),
})

/** One field changed; an optional one that is emptied goes. */
export const withNumber = (element: LabelElement, field: NumberField, value: number | null): LabelElement => {
  const next: Record<string, unknown> = { ...element, [field]: value }
  if (value === null && OPTIONAL.has(field)) delete next[field]
  return next as unknown as LabelElement
}

const freeName = (template: LabelTemplate, type: ElementType): string => {
  const taken = new Set(template.elements.map(({ name }) => name))
  for (let nth = 1; ; nth++) {
    const name = nth === 1 ? type : `${type}-${nth}`
    if (!taken.has(name)) return name
  }
}

/** @returns the template with a new element in its middle, and the element's name */
export const added = (template: LabelTemplate, type: ElementType): { template: LabelTemplate; name: string } => {
  const name = freeName(template, type)
  const side = rounded(Math.min(template.width, template.height) * 0.6)
  const wide = rounded(template.width * 0.6)
  const at = (width: number, height: number): Pick<Box, 'x' | 'y'> => ({
    x: rounded((template.width - width) / 2),
    y: rounded((template.height - height) / 2),
  })
  const box = (height: number) => ({ ...at(wide, height), width: wide, height })
  const typography = { size: 2.4, weight: 'regular', align: 'left' } as const
  const main = template.kind === 'carton' ? '{cartonNumber}' : '{serial}'
  const make: Record<ElementType, () => LabelElement> = {
    text: () => ({ type: 'text', name, ...box(3.4), text: main, ...typography, lines: 1 }),
    'manual-code': () => ({ type: 'manual-code', name, ...box(3.4), ...typography }),
    qr: () => ({ type: 'qr', name, ...at(side, side), size: side, text: template.kind === 'carton' ? main : '{qr}' }),
    'data-matrix': () => ({ type: 'data-matrix', name, ...at(side, side), size: side, text: main }),
    'code-128': () => ({ type: 'code-128', name, ...box(6), text: main }),
    'matter-mark': () => ({ type: 'matter-mark', name, ...at(6, 6), width: 6, height: 6 }),
    rectangle: () => ({ type: 'rectangle', name, ...box(side), stroke: 0.3 }),
    line: () => ({ type: 'line', name, ...at(wide, 0.3), length: wide, direction: 'horizontal', stroke: 0.3 }),
  }
  return { template: { ...template, elements: [...template.elements, make[type]()] }, name }
}

export const without = (template: LabelTemplate, name: string): LabelTemplate => ({
  ...template,
  elements: template.elements.filter((element) => element.name !== name),
})
