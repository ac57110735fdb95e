import { z } from 'zod'

/**
 * Every way in which a run in a slot can end other than a pass. The code is what records keep and what screens translate:
 * one sentence of cause and one of remedy per code and language live in the renderer's locales.
 */
export const FAILURE_CODES = [
  // reaching the board
  'no-answer',
  'port-busy',
  'port-lost',
  'port-denied',
  'baud-unsupported',
  // knowing the board
  'wrong-chip',
  'wrong-flash-size',
  'security-differs',
  'unreadable-mac',
  'boot-unheard',
  // giving it its identity
  'made-before',
  'bound-elsewhere',
  'scrapped',
  'rejected',
  'not-in-manifest',
  'came-provisioned',
  'no-identity',
  'records-unavailable',
  // writing and reading back
  'stub-not-started',
  'link-unreliable',
  'no-progress',
  'write-refused',
  'digest-mismatch',
  'not-booting',
  // ours
  'stopped',
  'interrupted',
  'internal',
] as const

export const FailureCode = z.enum(FAILURE_CODES)
export type FailureCode = z.infer<typeof FailureCode>

/** What the operator does with the board after a failure. */
export const BoardAction = z.enum(['reinsert', 'red-bin', 'rework', 'call-engineer', 'remove', 'none'])
export type BoardAction = z.infer<typeof BoardAction>

/** The steps of a run, in order; a run never goes back. */
export const RUN_STEPS = ['connect', 'identify', 'bind', 'prepare', 'write', 'verify', 'record'] as const
export const RunStep = z.enum(RUN_STEPS)
export type RunStep = z.infer<typeof RunStep>
