import { randomUUID } from 'node:crypto'
import { access, constants, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
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

const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file; name a folder',
  ENOTDIR: 'a part of the path is a file; name a folder',
  EACCES: 'this user may not write there; choose another folder',
  EPERM: 'this user may not write there; choose another folder',
  EROFS: 'it cannot be written to; choose another folder',
  ENOSPC: 'the disk is full; make room, or choose another folder',
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'

/**
 * What a folder's own faults become for the person who named it.
 *
 * @param option under which it was named
 */
export const folderFault = (option: string, path: string, error: unknown): InputError => {
  const code = codeOf(error)
  return new InputError(`${option} ${path}: ${FOLDER_FAULTS[code] ?? `it cannot be written (${code})`}`)
}

/** Makes the folder where it is not there. @throws InputError where no file can be written into it */
export const makeOutputFolder = async (option: string, path: string): Promise<void> => {
  if (path === '') throw new InputError(`${option} is empty; name the folder for the files`)
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.W_OK)
  } catch (error) {
    throw folderFault(option, path, error)
  }
}

/**
 * Writes a file that is either there as a whole or, after a failure, as it was before.
 *
 * @param mode of the file; 0600 for what holds a key
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
    throw error
  }
}
