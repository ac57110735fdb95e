/** Why the station refused, in the language of the screen. */
import { FailureCode, type RequestError } from '../../contract/index.ts'
import type { Translate } from './failure.ts'
import { withFault } from './input-fault.ts'

export const refusalSentence = (
  { message, reason, values = {}, fault }: Partial<RequestError>,
  t: Translate,
): string => {
  if (reason === undefined) return message ?? ''
  const failure = reason === 'board-failed' ? FailureCode.safeParse(values['failure']) : undefined
  if (failure?.success) return t(`failure.${failure.data}.cause`)
  const role = reason === 'other-role' ? { role: t(`people.role.${values['role'] ?? ''}`) } : {}
  return withFault(t(`refusal.${reason}`, { ...values, ...role }), fault, t)
}
