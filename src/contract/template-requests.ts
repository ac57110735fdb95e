/** What the page of label templates asks of the station. */
import { z } from 'zod'
import { LabelTemplate, TemplateName } from './label-template.ts'
import type { Role } from './people.ts'
import { TemplateFinding } from './template-findings.ts'

export const TemplateSummary = z.object({
  name: z.string(),
  /** Comes with Imprint, and is copied instead of changed. */
  builtIn: z.boolean(),
  kind: LabelTemplate.shape.kind,
  width: z.number(),
  height: z.number(),
  freeFields: LabelTemplate.shape.freeFields,
  /** The latest last. */
  versions: z.array(z.number().int()).min(1),
})
export type TemplateSummary = z.infer<typeof TemplateSummary>

const dpi = z.literal([203, 300, 600])

export const TEMPLATE_REQUESTS = {
  'templates.list': { params: z.object({}), result: z.object({ templates: z.array(TemplateSummary) }) },
  'templates.get': {
    params: z.object({ name: TemplateName, version: z.number().int().positive().nullable() }),
    result: z.object({ template: LabelTemplate }),
  },
  /** The very bitmap that would be printed, with the longest values or usual ones, and what the longest values lead to. */
  'templates.preview': {
    /** template: as it is being edited, so perhaps not valid. */
    params: z.object({ template: z.unknown(), dpi, values: z.enum(['longest', 'usual']) }),
    result: z.object({
      /** A data: URL of a PNG, a dot of it a dot of the printer; null where the template is not valid. */
      image: z.string().nullable(),
      widthDots: z.number().int(),
      heightDots: z.number().int(),
      findings: z.array(TemplateFinding),
    }),
  },
  /** Keeps it as the next version of its name. */
  'templates.save': { params: z.object({ template: z.unknown() }), result: z.object({ template: LabelTemplate }) },
} as const

export const TEMPLATES_ALLOWED = {
  'templates.list': ['line-lead', 'engineer', 'qa'],
  'templates.get': ['line-lead', 'engineer', 'qa'],
  'templates.preview': ['line-lead', 'engineer', 'qa'],
  'templates.save': ['engineer'],
} as const satisfies Record<keyof typeof TEMPLATE_REQUESTS, readonly Role[]>
