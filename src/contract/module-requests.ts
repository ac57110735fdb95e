/** Modules that came provisioned: they are only read and labelled. */
import { z } from 'zod'
import type { Role } from './people.ts'

export const MODULE_REQUESTS = {
  /** Takes a manifest (CSV), or an output folder of esp-matter-mfg-tool, into the records: all of it, or nothing. */
  'modules.import': {
    params: z.object({ path: z.string().trim().min(1).max(1000) }),
    result: z.object({ imported: z.number().int() }),
  },
  /** Reads the MAC of the module in a slot, writes nothing, and prints the label of that MAC's row in the manifest. */
  'modules.label': {
    params: z.object({ slot: z.number().int().positive() }),
    result: z.object({
      mac: z.string(),
      serial: z.string(),
      /** Its current label. */
      labelId: z.string(),
      /** It was labelled before, and nothing was printed now. */
      before: z.boolean(),
    }),
  },
} as const

export const MODULES_ALLOWED = {
  'modules.import': ['engineer'],
  'modules.label': ['operator', 'line-lead', 'engineer'],
} as const satisfies Record<keyof typeof MODULE_REQUESTS, readonly Role[]>
