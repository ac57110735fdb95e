/** How the line works: set by an engineer, kept by the station, each value with the usual one. */
import { z } from 'zod'

export const LineSettings = z.object({
  /** Tries of one board before it is put aside. */
  tries: z.number().int().min(1).max(5).default(2),
  /** So many boards put aside in a row stop the line. */
  failuresInARow: z.number().int().min(1).max(100).default(8),
  /** First-pass yield below which the line stops, once enough boards were tried; null for no limit. */
  leastYield: z.number().min(0).max(1).nullable().default(null),
  /** Boards of an order that are tried before the yield counts. */
  yieldAfter: z.number().int().min(1).max(1000).default(20),
  /** Insertions of one socket after which its contacts are due for maintenance; null for none. */
  socketInsertions: z.number().int().min(100).max(1_000_000).nullable().default(null),
  /** Slots in a row of the fixture; null to let the screen choose. */
  columns: z.number().int().min(1).max(32).nullable().default(null),
})
export type LineSettings = z.infer<typeof LineSettings>
