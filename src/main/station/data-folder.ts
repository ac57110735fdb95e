/** A data folder: records, station key, and the lock that makes one process its only user. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { lockFolder, type FolderLock } from '../folder-lock.ts'
import { makeFolder, writeFault } from '../make-folder.ts'
import { openRecords, type Records } from '../records/records.ts'
import { stationKey } from '../security/station-key.ts'
import { openVault, VaultError, type Vault } from '../security/vault.ts'

export interface DataFolder {
  readonly folder: string
  readonly lock: FolderLock
  readonly records: Records
  readonly stationKey: Uint8Array
  readonly vault: Vault
  /** Runs that were cut off when the program last ended. */
  readonly interrupted: number
  close(): Promise<void>
}

/** The platform's folder for application data; demo and production never share one. */
export const usualDataFolder = (mode: 'demo' | 'production'): string => {
  const base =
    process.platform === 'win32'
      ? (process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'))
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'Application Support')
        : (process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'))
  return join(base, 'Imprint', mode)
}

/**
 * Opens a data folder, which is made when there is none.
 *
 * @param where how this process can be reached, for another that finds the folder in use
 * @throws FolderLockedError, RecordsError, VaultError
 */
export const openDataFolder = async (folder: string, where: string): Promise<DataFolder> => {
  try {
    makeFolder(folder)
  } catch (error) {
    throw new Error(`data folder ${folder}: ${writeFault(error)}`, { cause: error })
  }
  const lock = lockFolder(folder, where)
  let records: Records | undefined
  try {
    records = await openRecords(join(folder, 'records.db'))
    const keyFile = join(folder, 'station.key')
    const key = stationKey(keyFile, await records.ask('hasIdentities'))
    const vault = openVault(key)
    const { matches } = await records.ask('checkVault', { fingerprint: vault.fingerprint })
    if (!matches)
      throw new VaultError(
        `${keyFile} is not the key under which the records beside it are sealed: restore the right one from a backup`,
      )
    const { interrupted } = await records.ask('recover', { at: Date.now() })
    const open = records
    return {
      folder,
      lock,
      records: open,
      stationKey: key,
      vault,
      interrupted,
      async close() {
        await open.close()
        lock.release()
      },
    }
  } catch (error) {
    await records?.close()
    lock.release()
    throw error
  }
}
