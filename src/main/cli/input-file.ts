import { readFileSync } from 'node:fs'
import { InputError } from './input-error.ts'

/**
 * A file that a person named.
 *
 * @param option under which it was named, for the error
 * @throws InputError when it cannot be read
 */
export const readInputFile = (path: string, option: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reason =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`
    throw new InputError(`${option} ${path}: ${reason}`)
  }
}
