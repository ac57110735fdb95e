import type { RequestError } from '../../contract/index.ts'

/** Why a request of a screen was refused; its sentence is shown as it is. */
export class RequestRefusal extends Error {
  readonly code: RequestError['code']
  constructor(code: RequestError['code'], message: string) {
    super(message)
    this.name = 'RequestRefusal'
    this.code = code
  }
}
