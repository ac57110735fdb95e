/** What the check of a set-up found, in the language of the screen. */
import type { SetUpFinding } from '../../contract/index.ts'
import type { Translate } from './failure.ts'
import { withFault } from './input-fault.ts'

export const findingSentence = ({ said, values, fault }: SetUpFinding, t: Translate): string =>
  withFault(t(`setUp.said.${said}`, values), fault, t)
