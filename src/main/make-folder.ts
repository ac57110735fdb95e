/**
 * Making a folder with those above it. The system's own way, `mkdir` with `recursive`, never returns in Node where a folder is there
 * and takes none (tried: /proc), so each is made by itself.
 */
import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/**
 * @param mode of each folder that is made
 * @throws the system's error, with its `code`, where one cannot be made
 */
export const makeFolder = (path: string, mode = 0o777): void => {
  const missing: string[] = []
  for (let folder = resolve(path); !isFolder(folder); folder = dirname(folder)) missing.push(folder)
  for (const folder of missing.toReversed())
    try {
      mkdirSync(folder, { mode })
    } catch (error) {
      // Somebody else may have made it meanwhile.
      if (!isFolder(folder)) throw error
    }
}

const FAULTS: Readonly<Record<string, string>> = {
  // Something new in a folder that takes none, as /proc.
  ENOENT: 'nothing can be made there; choose another place',
  EEXIST: 'it is a file; name a folder',
  ENOTDIR: 'a part of the path is a file; name a folder',
  EACCES: 'this user may not write there; choose another folder',
  EPERM: 'this user may not write there; choose another folder',
  EROFS: 'it cannot be written to; choose another folder',
  ENOSPC: 'the disk is full; make room, or choose another folder',
}

/** What the system's error means for the person who named the folder or the file: the end of a sentence. */
export const writeFault = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
  return FAULTS[code] ?? `it cannot be written (${code})`
}
