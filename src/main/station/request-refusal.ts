import {
  fillIn,
  isRefusalReason,
  REFUSALS,
  type RefusalReason,
  type RequestError,
  type Values,
} from '../../contract/index.ts'

/** Why a request of a screen was refused: a reason of the contract with its values, which the screen words in its language. */
export class RequestRefusal extends Error {
  readonly code: RequestError['code']
  readonly reason: RefusalReason | undefined
  readonly values: Values

  constructor(code: RequestError['code'], said: RefusalReason | (string & {}), values: Values = {}) {
    super(fillIn(isRefusalReason(said) ? REFUSALS[said] : said, values))
    this.name = 'RequestRefusal'
    this.code = code
    this.reason = isRefusalReason(said) ? said : undefined
    this.values = values
  }

  toError(): RequestError {
    const { code, message, reason, values } = this
    return { code, message, ...(reason === undefined ? {} : { reason, values }) }
  }
}
