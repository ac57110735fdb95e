/** Why the station refused a request: the contract's own sentences. */
import { REFUSALS, type RefusalReason } from '../../../contract/index.ts'

export const refusal: Record<RefusalReason, string> = REFUSALS
