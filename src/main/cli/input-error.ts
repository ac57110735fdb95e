/** Input that a person can correct: the sentence is all that the terminal shows, and the exit code is 2. */
export class InputError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InputError'
  }
}
