import { RunFailure } from '../flashing/failure.ts'

/** A failure as the terminal shows it: what happened, and what to do next. */
export const explained = (error: unknown): unknown =>
  error instanceof RunFailure ? new Error(`${error.code}: ${error.message}. ${error.help}`, { cause: error }) : error
