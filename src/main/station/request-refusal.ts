import {
  fillIn,
  inputFaultText,
  REFUSALS,
  type InputFault,
  type RefusalReason,
  type RequestError,
  type Values,
} from '../../contract/index.ts'

/** Why a request of a screen was refused: a reason of the contract with its values, which the screen words in its language. */
export class RequestRefusal extends Error {
  readonly code: RequestError['code']
  readonly reason: RefusalReason
  readonly values: Values
  readonly fault: InputFault | undefined

  /** @param fault what is wrong with what was given, where the reason does not say it all */
  constructor(code: RequestError['code'], reason: RefusalReason, values: Values = {}, fault?: InputFault) {
    super([fillIn(REFUSALS[reason], values), ...(fault ? [inputFaultText(fault)] : [])].join(' '))
    this.name = 'RequestRefusal'
    this.code = code
    this.reason = reason
    this.values = values
    this.fault = fault
  }

  toError(): RequestError {
    const { code, message, reason, values, fault } = this
    return { code, message, reason, values, ...(fault ? { fault } : {}) }
  }
}
