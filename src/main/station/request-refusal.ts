import { fillIn, REFUSALS, type RefusalReason, type RequestError, type Values } from '../../contract/index.ts'

/** Why a request of a screen was refused: a reason of the contract with its values, which the screen words in its language. */
export class RequestRefusal extends Error {
  readonly code: RequestError['code']
  readonly reason: RefusalReason
  readonly values: Values

  constructor(code: RequestError['code'], reason: RefusalReason, values: Values = {}) {
    super(fillIn(REFUSALS[reason], values))
    this.name = 'RequestRefusal'
    this.code = code
    this.reason = reason
    this.values = values
  }

  toError(): RequestError {
    const { code, message, reason, values } = this
    return { code, message, reason, values }
  }
}
