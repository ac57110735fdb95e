/**
 * A run's own folder beside its devices: half-written folders and unfinished tables are in there and nowhere else. It is locked by
 * the operating system as long as the run lives, so a dead run's folder is known for what it is.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { platform } from 'node:os'
import { dirname, join } from 'node:path'
import { FolderLockedError, lockFolder, type FolderLock } from '../folder-lock.ts'
import { makeFolder, writeFault } from '../make-folder.ts'
import { GenerationError } from './generation-error.ts'

export interface WorkFolder {
  readonly path: string
  /** Removes it with everything in it. */
  remove(): void
}

const PREFIX = '.imprint-'
/** On its way out: no run's any more. */
const LEAVING = '.leaving-imprint-'
const LOCK_FILE = 'in-use.lock'
const TRIES = 5

const tryLock = (path: string): FolderLock | undefined => {
  try {
    return lockFolder(path, 'imprint generate')
  } catch (error) {
    // It went away, or somebody else has it.
    if (error instanceof FolderLockedError || !existsSync(path)) return undefined
    throw error
  }
}

const isWindows = platform() === 'win32'

/**
 * Out of the others' sight first, as a whole: they take a folder of a run that nobody has locked for a dead run's, and would look
 * into it while it goes.
 */
const removeLocked = (path: string, lock: FolderLock): void => {
  const away = join(dirname(path), `${LEAVING}${randomUUID()}`)
  // Windows does not move a folder of which a file is open, so there the lock goes first.
  if (isWindows) lock.release()
  try {
    renameSync(path, away)
  } catch (error) {
    // Another process was quicker, and has it now.
    if (isWindows) return
    throw error
  } finally {
    if (!isWindows) lock.release()
  }
  rmSync(away, { recursive: true, force: true })
}

/** Creates the folder of the devices. @throws GenerationError when it cannot be written */
const makeDeviceFolder = (folder: string): void => {
  try {
    makeFolder(folder)
  } catch (error) {
    throw new GenerationError(`--outdir ${folder}: ${writeFault(error)}`)
  }
}

const nameOf = (run: string): string => `${PREFIX}${run}`

/**
 * The work folder of a run, made and locked.
 *
 * @param run a UUID; a new one when it is left out
 * @returns undefined when another process has the folder of this run
 */
export const openWorkFolder = (folder: string, run: string = randomUUID()): WorkFolder | undefined => {
  makeDeviceFolder(folder)
  const path = join(folder, nameOf(run))
  for (let attempt = 0; attempt < TRIES; attempt++) {
    makeFolder(path, 0o700)
    const lock = tryLock(path)
    if (!lock) continue
    // Somebody who took it for a dead run's may have removed it before it was locked.
    if (existsSync(join(path, LOCK_FILE))) return { path, remove: () => removeLocked(path, lock) }
    lock.release()
  }
  return undefined
}

/**
 * Takes dead runs' work folders away.
 *
 * @param rescue is called with each before it goes
 */
export const removeDeadRuns = (folder: string, rescue: (path: string) => void): void => {
  if (!existsSync(folder)) return
  const names = readdirSync(folder)
  // Left by a process that was killed on the way; one that is still at it wants the same.
  for (const name of names.filter((entry) => entry.startsWith(LEAVING)))
    rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 })
  for (const name of names.filter((entry) => entry.startsWith(PREFIX))) {
    const path = join(folder, name)
    const lock = tryLock(path)
    if (!lock) continue
    rescue(path)
    removeLocked(path, lock)
  }
}
