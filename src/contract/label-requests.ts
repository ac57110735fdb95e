/** What the pages of labels and cartons ask of the station. */
import { z } from 'zod'
import { LabelSettings } from './label-settings.ts'
import type { Role } from './people.ts'
import { LabelView } from './view.ts'

const nothing = z.object({})
const scanned = z.string().min(1).max(500)
const reason = z.string().trim().min(3).max(200)

export const CartonView = z.object({
  id: z.string(),
  number: z.string(),
  size: z.number().int(),
  state: z.enum(['open', 'closed']),
  count: z.number().int(),
  updatedAt: z.number(),
  /** Of its label; null while it is open, and where no labels are printed. */
  labelId: z.string().nullable(),
})
export type CartonView = z.infer<typeof CartonView>

export const LABEL_REQUESTS = {
  'labelSettings.get': { params: nothing, result: LabelSettings },
  'labelSettings.save': { params: LabelSettings, result: nothing },

  /** A waiting label prints next, or before the one that stands before it. */
  'label.raise': { params: z.object({ labelId: z.string(), to: z.enum(['first', 'up']) }), result: nothing },

  /** Every label of the unit whose label was scanned, the current one first. */
  'label.find': {
    params: z.object({ scanned }),
    result: z.object({
      serial: z.string(),
      labels: z.array(LabelView.extend({ voided: z.boolean(), current: z.boolean() })),
    }),
  },
  /** The scanned label is thrown away. scanned: proof that it was at hand. */
  'label.void': {
    params: z.object({ scanned, labelId: z.string(), reason }),
    /** The label to print a replacement of, if the one that was thrown away was the current one. */
    result: z.object({ replace: z.string().nullable() }),
  },

  /** Lets the line go on after a label was scanned at a slot that it does not belong to. */
  'scanBack.release': { params: z.object({ reason }), result: nothing },

  'cartons.list': {
    params: nothing,
    /** size: units of a carton of this order; null where its units are not collected. */
    result: z.object({ size: z.number().int().nullable(), cartons: z.array(CartonView) }),
  },
  'carton.units': {
    params: z.object({ cartonId: z.string() }),
    result: z.object({ units: z.array(z.object({ serial: z.string(), mac: z.string(), at: z.number() })) }),
  },
  'carton.pack': {
    params: z.object({ scanned }),
    result: z.object({
      serial: z.string(),
      cartonId: z.string(),
      number: z.string(),
      count: z.number().int(),
      closed: z.boolean(),
    }),
  },
  'carton.unpack': { params: z.object({ mac: z.string(), reason }), result: nothing },
  'carton.close': { params: z.object({ cartonId: z.string() }), result: nothing },
  'carton.reopen': { params: z.object({ cartonId: z.string(), reason }), result: nothing },
} as const

const ANYONE: readonly Role[] = ['operator', 'line-lead', 'engineer', 'qa']
const AT_THE_LINE: readonly Role[] = ['operator', 'line-lead', 'engineer']
const LEADS: readonly Role[] = ['line-lead', 'engineer']

export const LABELS_ALLOWED: Readonly<Record<keyof typeof LABEL_REQUESTS, readonly Role[]>> = {
  'labelSettings.get': ANYONE,
  'labelSettings.save': ['engineer'],
  'label.raise': AT_THE_LINE,
  'label.find': ANYONE,
  'label.void': LEADS,
  'scanBack.release': LEADS,
  'cartons.list': ANYONE,
  'carton.units': ANYONE,
  'carton.pack': AT_THE_LINE,
  'carton.unpack': LEADS,
  'carton.close': AT_THE_LINE,
  'carton.reopen': LEADS,
}
