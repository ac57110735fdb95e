/** What becomes of a board that failed: another try, or which bin; by the line's rule for the failure's class. */
import { FAILURE_CLASS, type BoardAction, type FailureCode, type RetryRules } from '../../contract/index.ts'
import { RunFailure } from '../flashing/failure.ts'

export interface Verdict {
  readonly retry: boolean
  readonly board: BoardAction
}

/**
 * @param usual where the failure itself suggests that the board goes
 * @param nth which try of this board it was, from 1
 */
export const verdictOn = (rules: RetryRules, code: FailureCode, usual: BoardAction, nth: number): Verdict => {
  const failureClass = FAILURE_CLASS[code]
  if (failureClass === null) return { retry: false, board: usual }
  const { tries, board } = rules[failureClass]
  // However the rule is set: what a board is does not change by trying.
  const canHelp = new RunFailure(code, 'record', '').retry
  return { retry: canHelp && nth < tries, board: board === 'usual' ? usual : board }
}
