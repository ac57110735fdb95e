import type { InputFault } from '../../contract/index.ts'

/** What was asked for cannot be made: a sentence with the option or the file, row and column, what was found and what is allowed. */
export class GenerationError extends Error {
  /** For a screen, where it is about a manifest. */
  readonly fault: InputFault | undefined
  constructor(message: string, fault?: InputFault) {
    super(message)
    this.name = 'GenerationError'
    this.fault = fault
  }
}
