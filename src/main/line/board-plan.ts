import type { BoardChecks } from '../../contract/index.ts'
import type { SessionPlan } from '../flashing/session-plan.ts'

/** What an order says about its boards, as a session takes it. */
export const boardPlan = ({
  security,
  encryption,
  allowUnverified,
  bootText,
}: BoardChecks): Pick<SessionPlan, 'security' | 'encryption' | 'allowUnverified' | 'bootText'> => ({
  security,
  allowUnverified,
  ...(encryption === 'by-device' ? { encryption } : {}),
  ...(bootText === null ? {} : { bootText }),
})
