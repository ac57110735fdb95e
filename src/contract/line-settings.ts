/** How the line works: set by an engineer, kept by the station, each value with the usual one. */
import { z } from 'zod'
import type { FailureClass } from './failure-classes.ts'
import { FixtureGrid } from './fixture.ts'
import { Shifts } from './shifts.ts'

export const START_TRIGGERS = ['insertion', 'scan', 'key'] as const

/** What begins a board that is in its slot. */
export const StartSettings = z.object({
  /** By itself, by a scanned start code, or by the space bar or a foot switch that acts as one. */
  trigger: z.enum(START_TRIGGERS).default('insertion'),
  /** All slots begin together, when each has its board; else each on its own. */
  together: z.boolean().default(false),
  /** The text that starts every slot when it is scanned; with a hyphen and a number behind it, that slot. */
  code: z
    .string()
    .trim()
    .regex(/^[\w.:/-]{4,40}$/u)
    .default('START'),
})
export type StartSettings = z.infer<typeof StartSettings>

/** Where a board goes that is put aside. 'usual': where the failure itself suggests. */
export const BINS = ['usual', 'reinsert', 'red-bin', 'rework', 'remove', 'call-engineer'] as const

export const RetryRule = z.object({
  /** Tries of one board before it is put aside; more than one only where another try can help. */
  tries: z.number().int().min(1).max(5),
  board: z.enum(BINS),
})
export type RetryRule = z.infer<typeof RetryRule>

/** Failure classes in which another try never helps: what the board is does not change. */
export const NEVER_AGAIN: ReadonlySet<FailureClass> = new Set<FailureClass>(['wrong-board', 'security'])

const rule = (tries: number) => RetryRule.default({ tries, board: 'usual' })

const once = rule(1)
const twice = rule(2)

export const RetryRules = z.object({
  contact: twice,
  port: twice,
  write: twice,
  verify: twice,
  'wrong-board': once,
  security: once,
  records: once,
} satisfies Record<FailureClass, typeof once>)
export type RetryRules = z.infer<typeof RetryRules>

export const SCANNER_RATES = [9600, 19_200, 38_400, 57_600, 115_200] as const

/** A barcode scanner on a serial port, where none acts as a keyboard. */
export const ScannerSettings = z.object({
  /** A path, `location:…` or `socket://host:port`. */
  port: z.string().trim().min(1).max(200),
  baud: z.literal(SCANNER_RATES),
})
export type ScannerSettings = z.infer<typeof ScannerSettings>

export const LineSettings = z.object({
  start: StartSettings.prefault({}),
  retries: RetryRules.prefault({}),
  /** So many boards put aside in a row stop the line. */
  failuresInARow: z.number().int().min(1).max(100).default(8),
  /** First-pass yield below which the line stops, once enough boards were tried; null for no limit. */
  leastYield: z.number().min(0).max(1).nullable().default(null),
  /** Boards of an order that are tried before the yield counts. */
  yieldAfter: z.number().int().min(1).max(1000).default(20),
  /** Insertions of one socket after which its contacts are due for maintenance; null for none. */
  socketInsertions: z.number().int().min(100).max(1_000_000).nullable().default(null),
  /** How the slots lie in the fixture; null to let the screen choose. */
  fixture: FixtureGrid.nullable().default(null),
  shifts: Shifts.default([]),
  scanner: ScannerSettings.nullable().default(null),
  /** The screen shows nothing but Imprint, until an engineer ends it. */
  kiosk: z.boolean().default(false),
})
export type LineSettings = z.infer<typeof LineSettings>
