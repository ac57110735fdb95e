/** What an order says about its labels. */
import { z } from 'zod'
import { TemplateName } from './label-template.ts'

/** A template by name and version; the latest version where it is null. */
export const TemplatePin = z.object({ name: TemplateName, version: z.number().int().positive().nullable() })
export type TemplatePin = z.infer<typeof TemplatePin>

export const UNIT_TEMPLATE = 'unit-40x20'
export const CARTON_TEMPLATE = 'carton-100x50'

export const LabelChoice = z.object({
  template: TemplatePin.default({ name: UNIT_TEMPLATE, version: null }),
  /** Values of the template's free fields, by name. */
  fields: z.record(z.string(), z.string().max(200)).default({}),
  /** Cartons of so many units, with a label each; null where units are not collected. */
  carton: z
    .object({
      size: z.number().int().min(1).max(1000),
      template: TemplatePin.default({ name: CARTON_TEMPLATE, version: null }),
    })
    .nullable()
    .default(null),
})
export type LabelChoice = z.infer<typeof LabelChoice>
