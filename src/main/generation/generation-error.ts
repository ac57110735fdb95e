/** What was asked for cannot be made: a sentence with the option or the file, row and column, what was found and what is allowed. */
export class GenerationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'GenerationError'
  }
}
