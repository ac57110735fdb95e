import { z } from 'zod'

/** What of an order's plan is listed; the plan itself belongs to the line. */
export const OrderPlanSummary = z.object({
  product: z.object({ name: z.string() }),
  /** Null where modules are only labelled: those of the manifest. */
  release: z.object({ name: z.string(), version: z.string() }).nullable(),
  manifest: z.object({ name: z.string() }).nullable().default(null),
})
