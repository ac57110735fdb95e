/** Faults that a simulated board can be given, as data. */
import { z } from 'zod'

export const FAULT_NAMES = [
  // what the board is: it stays so
  'wrong-chip',
  'wrong-flash-size',
  'secure-boot',
  'flash-encrypted',
  'secure-download',
  // reaching its loader
  'no-answer',
  'late-answer',
  'noise',
  'boot-loop',
  'flood',
  'stub-fails',
  // the wire
  'dropped-byte',
  'flipped-bit',
  'duplicated-answer',
  'stalled-answer',
  // its flash and its power
  'flash-write-error',
  'digest-mismatch',
  'power-lost',
  'no-boot',
  // the serial adapter
  'usb-unplugged',
  'port-busy',
  'baud-refused',
] as const

export type FaultName = (typeof FAULT_NAMES)[number]

export const FaultSpec = z.object({
  name: z.enum(FAULT_NAMES),
  /** Which board: the how-manieth to be inserted, from 1. */
  unit: z.number().int().positive(),
  /** In how many runs it shows itself; what a board is by nature does not wear off. */
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

/** The faults of one board, and how often each may still show itself. */
export interface FaultBook {
  has(name: FaultName): boolean
  /** The fault shows itself now, if the board has it: once more it then counts as one of its times. */
  shows(name: FaultName): boolean
  /** A run begins: what showed itself in the one before has had one of its times. */
  runBegins(): void
}

export const createFaultBook = (faults: readonly FaultSpec[]): FaultBook => {
  const left = new Map<FaultName, number>(faults.map((fault) => [fault.name, fault.times]))
  const shown = new Set<FaultName>()
  const has = (name: FaultName): boolean => (left.get(name) ?? 0) > 0
  return {
    has,
    shows(name) {
      if (!has(name)) return false
      shown.add(name)
      return true
    },
    runBegins() {
      for (const name of shown) left.set(name, (left.get(name) ?? 1) - 1)
      shown.clear()
    },
  }
}
