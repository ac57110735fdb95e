/** Failures by what can be done about them: each class has its own rule of how often to try and where the board goes. */
import { z } from 'zod'
import type { FailureCode } from './failures.ts'

export const FAILURE_CLASSES = ['contact', 'port', 'write', 'verify', 'wrong-board', 'security', 'records'] as const
export const FailureClass = z.enum(FAILURE_CLASSES)
export type FailureClass = z.infer<typeof FailureClass>

/** Null where a person has decided already, and no rule is asked. */
export const FAILURE_CLASS: Readonly<Record<FailureCode, FailureClass | null>> = {
  'no-answer': 'contact',
  'port-lost': 'contact',
  'stub-not-started': 'contact',
  'link-unreliable': 'contact',
  'no-progress': 'contact',
  interrupted: 'contact',
  'port-busy': 'port',
  'port-denied': 'port',
  'baud-unsupported': 'port',
  'boot-unheard': 'port',
  'write-refused': 'write',
  'digest-mismatch': 'verify',
  'not-booting': 'verify',
  'wrong-chip': 'wrong-board',
  'wrong-flash-size': 'wrong-board',
  'unreadable-mac': 'wrong-board',
  'made-before': 'wrong-board',
  'bound-elsewhere': 'wrong-board',
  'not-in-manifest': 'wrong-board',
  'came-provisioned': 'wrong-board',
  'security-differs': 'security',
  'no-identity': 'records',
  'records-unavailable': 'records',
  internal: 'records',
  scrapped: null,
  rejected: null,
  stopped: null,
}

/** Is the socket rather than the board suspect? */
export const isContactFailure = (code: FailureCode): boolean => FAILURE_CLASS[code] === 'contact'
