import type { BoardChecks } from '../../contract/index.ts'
import { parseReset } from '../flashing/loader/reset-text.ts'
import type { SessionPlan } from '../flashing/session/session-plan.ts'

/** What an order says about its boards, as a session takes it. */
export const boardPlan = ({
  security,
  encryption,
  allowUnverified,
  bootText,
  reset,
}: BoardChecks): Pick<SessionPlan, 'security' | 'encryption' | 'allowUnverified' | 'bootText' | 'reset'> => ({
  security,
  allowUnverified,
  ...(encryption === 'by-device' ? { encryption } : {}),
  ...(bootText === null ? {} : { bootText }),
  ...(reset === null ? {} : { reset: parseReset(reset) }),
})
