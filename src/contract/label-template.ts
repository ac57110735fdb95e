/**
 * A label template: validated data, in millimetres from the label's upper left corner. It says where things go; how many printer
 * dots that makes is the layout's business. Screens edit it, main checks and keeps it.
 */
import { z } from 'zod'
import type { TemplateFinding } from './template-findings.ts'

/** Of what is wrong: its finding, beside its sentence. */
type Said = Pick<TemplateFinding, 'code' | 'values'>

/** What a template's texts may name in braces without an order's help: values of unit, order, product and carton. */
export const LABEL_FIELDS = [
  'serial',
  'mac',
  'unitMark',
  'slot',
  'productName',
  'vendorName',
  'vendorId',
  'productId',
  'qr',
  'manualCode',
  'orderNumber',
  'date',
  'mark',
  'cartonNumber',
  'cartonCount',
  'cartonSerials',
] as const
export type LabelField = (typeof LABEL_FIELDS)[number]

const mm = z.number().min(0).max(500)
const size = z.number().positive().max(500)
const box = { x: mm, y: mm, width: size, height: size }

/** Unique within the template; errors and the preview name it. */
const name = z.string().regex(/^[a-z][a-z0-9-]*$/u)
/** Fixed text with fields in braces, e.g. `SN {serial}`. An element whose fields are all empty is left out. */
const text = z.string().min(1).max(500)

const typography = {
  /** Height of the face's em, mm: capitals are 0.73 of it. */
  size: z.number().min(0.8).max(50),
  /** A text that is too wide may shrink down to this size. */
  smallest: z.number().min(0.8).max(50).optional(),
  weight: z.enum(['regular', 'bold']).default('regular'),
  align: z.enum(['left', 'center', 'right']).default('left'),
}

export const TextElement = z.object({
  type: z.literal('text'),
  name,
  ...box,
  text,
  ...typography,
  /** How many lines the text may be broken into. */
  lines: z.number().int().min(1).max(20).default(1),
})
export type TextElement = z.infer<typeof TextElement>

/** The manual pairing code in its printed form: one line of 11 digits or two of 21. */
export const ManualCodeElement = z.object({ type: z.literal('manual-code'), name, ...box, ...typography })
export type ManualCodeElement = z.infer<typeof ManualCodeElement>

/** A square code with its quiet zone, which belongs to the box; the code is as large as whole dots a module allow, centred. */
export const MatrixElement = z.object({
  type: z.enum(['qr', 'data-matrix']),
  name,
  x: mm,
  y: mm,
  size,
  text,
})
export type MatrixElement = z.infer<typeof MatrixElement>

/** Bars as tall as the box, quiet zones of ten modules within it. */
export const Code128Element = z.object({ type: z.literal('code-128'), name, ...box, text })
export type Code128Element = z.infer<typeof Code128Element>

/** Where the Matter mark is glued or preprinted: an outlined place, never the mark itself, which is a trademark. */
export const MatterMarkElement = z.object({ type: z.literal('matter-mark'), name, ...box })

export const RectangleElement = z.object({
  type: z.literal('rectangle'),
  name,
  ...box,
  /** Line width, mm; null fills the rectangle. */
  stroke: size.nullable(),
})

/** Horizontal or vertical. */
export const LineElement = z.object({
  type: z.literal('line'),
  name,
  x: mm,
  y: mm,
  length: size,
  direction: z.enum(['horizontal', 'vertical']),
  stroke: size,
})

export const LabelElement = z.discriminatedUnion('type', [
  TextElement,
  ManualCodeElement,
  MatrixElement,
  Code128Element,
  MatterMarkElement,
  RectangleElement,
  LineElement,
])
export type LabelElement = z.infer<typeof LabelElement>

/** A field that an order fills in. */
export const FreeField = z.object({
  name: z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/u),
  /** The longest value that an order may give: what fits with it fits with any shorter one. */
  longest: z.string().min(1).max(200),
})
export type FreeField = z.infer<typeof FreeField>

export const TemplateName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,59}$/u)

export const LabelTemplate = z
  .object({
    /** Of this file format. */
    format: z.literal(1),
    name: TemplateName,
    /** Rises with every change; an order pins the one that it began with. */
    version: z.number().int().positive(),
    width: z.number().min(5).max(220),
    height: z.number().min(5).max(400),
    /** What it is stuck on. */
    kind: z.enum(['unit', 'carton']).default('unit'),
    freeFields: z.array(FreeField).max(20).default([]),
    elements: z.array(LabelElement).min(1).max(100),
  })
  .superRefine((template, context) => {
    const fields = new Set<string>(LABEL_FIELDS)
    template.freeFields.forEach((field, index) => {
      if (fields.has(field.name))
        context.addIssue({
          code: 'custom',
          path: ['freeFields', index, 'name'],
          message: `there is a field '${field.name}' already`,
          params: { code: 'field-twice', values: { field: field.name } } satisfies Said,
        })
      fields.add(field.name)
    })
    const names = new Set<string>()
    template.elements.forEach((element, index) => {
      const complain = (message: string, params: Said): void =>
        context.addIssue({ code: 'custom', path: ['elements', index, 'name'], message, params })
      if (names.has(element.name))
        complain(`two elements are named '${element.name}'`, {
          code: 'element-twice',
          values: { element: element.name },
        })
      names.add(element.name)
      const { width, height } = extentOf(element)
      if (element.x + width > template.width + 1e-9 || element.y + height > template.height + 1e-9)
        complain(`'${element.name}' reaches beyond the label of ${template.width} × ${template.height} mm`, {
          code: 'beyond-label',
          values: { width: template.width, height: template.height },
        })
    })
  })
export type LabelTemplate = z.infer<typeof LabelTemplate>

/** Width and height of an element's box, mm. */
export const extentOf = (element: LabelElement): { width: number; height: number } => {
  switch (element.type) {
    case 'qr':
    case 'data-matrix':
      return { width: element.size, height: element.size }
    case 'line':
      return element.direction === 'horizontal'
        ? { width: element.length, height: element.stroke }
        : { width: element.stroke, height: element.length }
    case 'text':
    case 'manual-code':
    case 'code-128':
    case 'matter-mark':
    case 'rectangle':
      return { width: element.width, height: element.height }
  }
}
