/** An error about something that a person gave: its message is English, and its fault is what a screen words in its own language. */
import { inputFaultText, type InputFault, type InputFaultCode, type Values } from '../contract/index.ts'

export class FaultError extends Error {
  readonly fault: InputFault

  constructor(name: string, fault: InputFault) {
    super(inputFaultText(fault).replace(/\.$/u, ''))
    this.name = name
    this.fault = fault
  }
}

export const faultOf = (code: InputFaultCode, values: Values = {}, detail?: string): InputFault => ({
  code,
  values,
  ...(detail === undefined ? {} : { detail }),
})

/** What has no sentence of its own. */
export const unworded = (detail: string): InputFault => ({ code: null, values: {}, detail })
