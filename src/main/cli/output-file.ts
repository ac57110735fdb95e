import { randomUUID } from 'node:crypto'
import { access, constants, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { makeFolder, writeFault } from '../make-folder.ts'
import { InputError } from './input-error.ts'

/** Said before the work whose result goes there. @throws InputError where no file can be written */
export const refuseUnwritable = async (path: string): Promise<void> => {
  if (path === '') throw new InputError('the name of the file is empty; name the file to write')
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) throw new InputError(`${path} is a folder; name a file in it`)
  const folder = dirname(path)
  await access(folder, constants.W_OK).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new InputError(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `${path}: there is no folder ${folder}; make it first`
        : `${path} cannot be written there; choose a folder that this user may write to`,
    )
  })
}

/** @param named the folder or file, with its option */
const faultOf = (named: string, error: unknown): InputError => new InputError(`${named}: ${writeFault(error)}`)

/** Makes the folder where it is not there. @throws InputError where no file can be written into it */
export const makeOutputFolder = async (option: string, path: string): Promise<void> => {
  if (path === '') throw new InputError(`${option} is empty; name the folder for the files`)
  try {
    makeFolder(path)
    await access(path, constants.W_OK)
  } catch (error) {
    throw faultOf(`${option} ${path}`, error)
  }
}

/**
 * Writes a file that is either there as a whole or, after a failure, as it was before.
 *
 * @param mode of the file; 0600 for what holds a key
 * @throws InputError where it cannot be written
 */
export const writeWholeFile = async (path: string, bytes: Uint8Array, mode = 0o644): Promise<void> => {
  const part = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
  try {
    const file = await open(part, 'wx', mode)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw faultOf(path, error)
  }
}
