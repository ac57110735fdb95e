/** Faults that a simulated board can be given, as data. */
import { z } from 'zod'

export const FAULT_NAMES = [
  'no-answer',
  'wrong-chip',
  'wrong-flash-size',
  'flash-write-error',
  'digest-mismatch',
  'power-lost',
  'secure-boot',
  'flash-encrypted',
] as const

export const FaultSpec = z.object({
  name: z.enum(FAULT_NAMES),
  /** Which board: the how-manieth to be inserted, from 1. */
  unit: z.number().int().positive(),
  /** How many runs it lasts. */
  times: z.number().int().positive(),
})
export type FaultSpec = z.infer<typeof FaultSpec>

/**
 * A fault as typed at the terminal: `digest-mismatch@3` is the third board, every time; `power-lost@2:times=1` the second, once.
 *
 * @throws RangeError saying what is allowed
 */
export const parseFault = (text: string): FaultSpec => {
  const match = /^([a-z-]+)(?:@(\d+))?(?::times=(\d+))?$/u.exec(text)
  const found = FaultSpec.safeParse({
    name: match?.[1],
    unit: Number(match?.[2] ?? 1),
    times: Number(match?.[3] ?? 1_000_000),
  })
  if (!found.success)
    throw new RangeError(`'${text}' is no fault; NAME[@BOARD][:times=N] is, with NAME one of ${FAULT_NAMES.join(', ')}`)
  return found.data
}
