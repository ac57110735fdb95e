/** How labels are printed and proved at a station: set by an engineer, each value with the usual one. */
import { z } from 'zod'

export const SCAN_BACK_MODES = ['off', 'each', 'slot'] as const
export const QUEUE_ORDERS = ['slot', 'panel'] as const

export const LabelSettings = z.object({
  /**
   * What is scanned after printing: nothing has to be; each label, in any order; each label at its slot, and a label of another slot
   * stops the line.
   */
  scanBack: z.enum(SCAN_BACK_MODES).default('off'),
  /** Labels print as their units pass, or when the whole panel is done, in the order of its slots. */
  order: z.enum(QUEUE_ORDERS).default('slot'),
  /** Labels side by side on the liner. */
  across: z.number().int().min(1).max(8).default(1),
  /** From the left edge of one label to that of the next, mm; for more than one across. */
  pitch: z.number().min(5).max(220).default(43),
  /** Labels (or rows) with the printer at a time: so many are in doubt after a fault at most. */
  inFlight: z.number().int().min(1).max(8).default(2),
})
export type LabelSettings = z.infer<typeof LabelSettings>
