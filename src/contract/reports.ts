/** What was made: of an order, or of a span of time such as a shift. Times are milliseconds since the Unix epoch. */
import { z } from 'zod'
import { CHECK_SENTENCE_CODES } from './check-sentences.ts'
import { FailureCode } from './failures.ts'
import { Values } from './sentences.ts'

export const ReportScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), orderId: z.string() }),
  z.object({
    kind: z.literal('time'),
    from: z.number(),
    to: z.number(),
    /** What the span is called, a shift for example. */
    name: z.string().max(40).optional(),
  }),
])
export type ReportScope = z.infer<typeof ReportScope>

const count = z.number().int()

export const Report = z.object({
  /** Boards that came to a first result, and those of them that passed at the first try. */
  tried: count,
  passedFirst: count,
  passed: count,
  /** Boards that were put aside and have not passed since. */
  failed: count,
  rework: count,
  scrap: count,
  labels: z.object({ printed: count, reprinted: count }),
  /** Final failures by cause, the most frequent first. */
  failures: z.array(z.object({ code: FailureCode, count })),
  /** Time of passed runs, milliseconds. */
  cycle: z.object({ median: z.number(), p95: z.number(), slowest: z.number() }).nullable(),
  /** Passes in each hour that had any. */
  hours: z.array(z.object({ at: z.number(), passed: count, failed: count })),
  slots: z.array(
    z.object({
      slot: count,
      tried: count,
      passed: count,
      failed: count,
      /** Boards that were put into the socket, ever. */
      insertions: count,
      /** Failures of contact (no answer, lost, unreliable), and the latest causes. */
      contact: count,
      latestFailures: z.array(FailureCode),
    }),
  ),
  orders: z.array(z.object({ id: z.string(), number: z.string(), passed: count, failed: count })),
})
export type Report = z.infer<typeof Report>

/** What a person decided about a board that was put aside. */
export const Disposition = z.enum(['rework', 'scrap'])
export type Disposition = z.infer<typeof Disposition>

/** One point of a spot check; `right` is null where it could not be checked. */
export const CheckFindingView = z.object({
  point: z.enum(['partition', 'vendor-and-product', 'discriminator', 'passcode', 'record', 'serial', 'mac']),
  right: z.boolean().nullable(),
  /** Says it, with values, without secrets. */
  code: z.enum(CHECK_SENTENCE_CODES),
  values: Values,
})
export type CheckFindingView = z.infer<typeof CheckFindingView>
