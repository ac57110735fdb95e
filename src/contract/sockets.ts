/** The sockets of the fixture: how worn each is, and whether its contacts are suspect. */
import { z } from 'zod'
import { FailureCode } from './failures.ts'

const count = z.number().int().min(0)

export const SocketView = z.object({
  slot: z.number().int().positive(),
  /** Boards that were put in, ever, and since the contacts were cleaned. */
  insertions: count,
  sinceCleaned: count,
  cleanedAt: z.number().nullable(),
  cleanedBy: z.string().nullable(),
  /** Its contacts are due for maintenance. */
  due: z.boolean(),
  /** Fails for want of contact, again and again, and more than the others do. */
  suspect: z.boolean(),
  /** Of its latest boards: how many were tried, and how many of them passed. */
  tried: count,
  passed: count,
  /** Causes of its latest failures, the newest first. */
  latestFailures: z.array(FailureCode),
})
export type SocketView = z.infer<typeof SocketView>
