import { parseReset } from '../flashing/loader/reset-text.ts'
import type { SessionPlan } from '../flashing/session/session-plan.ts'
import type { OrderPlan } from './order-plan.ts'

/** What an order says about its boards, as a session takes it: modules that are only labelled may be protected in any way. */
export const boardPlan = ({
  boards,
  manifest,
}: Pick<OrderPlan, 'boards' | 'manifest'>): Pick<
  SessionPlan,
  'security' | 'encryption' | 'allowUnverified' | 'bootText' | 'reset' | 'readOnly'
> => {
  const { security, encryption, allowUnverified, bootText, reset } = boards
  const entry = reset === null ? {} : { reset: parseReset(reset) }
  if (manifest) return { ...entry, readOnly: { chips: manifest.chips } }
  return {
    security,
    allowUnverified,
    ...(encryption === 'by-device' ? { encryption } : {}),
    ...(bootText === null ? {} : { bootText }),
    ...entry,
  }
}
