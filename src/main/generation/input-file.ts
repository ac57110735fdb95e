import { readFileSync } from 'node:fs'
import { GenerationError } from './generation-error.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
}

/**
 * A file that was named.
 *
 * @param where it was named, for the error: an option, or a place in a CSV file; empty when its path says enough
 * @throws GenerationError when it cannot be read
 */
export const readInput = (where: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const named = where === '' ? path : `${where} ${path}`
    throw new GenerationError(`${named}: ${REASONS[code] ?? `it cannot be read (${code})`}`)
  }
}

/** Runs what reads an input: its own typed errors are about the input. @param where it stands; empty when the errors say so themselves */
export const asInput = <T>(where: string, read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (error instanceof GenerationError || !(error instanceof Error)) throw error
    throw new GenerationError(where === '' ? error.message : `${where} ${error.message}`)
  }
}
