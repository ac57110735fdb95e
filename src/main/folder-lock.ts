/**
 * One process a data folder. The lock is the operating system's lock on a small SQLite file: it goes with the process, however that
 * ends, on every system.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Who holds a data folder. */
export interface LockHolder {
  readonly pid: number
  /** Where it can be reached, or how it runs. */
  readonly where: string
}

export class FolderLockedError extends Error {
  readonly holder: LockHolder | undefined
  constructor(folder: string, holder: LockHolder | undefined) {
    super(
      holder
        ? `${folder} is in use by process ${holder.pid} (${holder.where}); use that one, or end it first`
        : `${folder} is in use by another process; end it first`,
    )
    this.name = 'FolderLockedError'
    this.holder = holder
  }
}

export interface FolderLock {
  /** Tells others where this process can be reached. */
  tell(where: string): void
  release(): void
}

const readHolder = (file: string): LockHolder | undefined => {
  try {
    const { pid, where } = JSON.parse(readFileSync(file, 'utf8')) as Partial<LockHolder>
    return typeof pid === 'number' && typeof where === 'string' ? { pid, where } : undefined
  } catch {
    return undefined
  }
}

/** @throws FolderLockedError when another process holds the folder */
export const lockFolder = (folder: string, where: string): FolderLock => {
  const holderFile = join(folder, 'in-use.json')
  const database = new DatabaseSync(join(folder, 'in-use.lock'))
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch {
    database.close()
    throw new FolderLockedError(folder, readHolder(holderFile))
  }
  const tell = (text: string): void =>
    writeFileSync(holderFile, JSON.stringify({ pid: process.pid, where: text } satisfies LockHolder))
  try {
    tell(where)
  } catch (error) {
    database.close()
    throw error
  }
  return { tell, release: () => database.close() }
}
