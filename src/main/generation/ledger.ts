/**
 * `--ledger`: the records remember every device that was ever made, sealed under the station key beside them. So no value is used
 * twice over all runs, and a run that was interrupted goes on where it stopped.
 */
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openRecords, type Records } from '../records/records.ts'
import { stationKey } from '../security/station-key.ts'
import { openVault, VaultError, type Vault } from '../security/vault.ts'
import { GenerationError } from './generation-error.ts'

export interface Ledger {
  readonly records: Records
  readonly vault: Vault
  readonly stationKey: Uint8Array
  close(): Promise<void>
}

/** How long to wait for another process that makes the same ledger just now, milliseconds. */
const PATIENCE = 30_000

/** Runs alone among the processes that open this ledger: one of them makes it, with its key. */
const alone = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  const lock = new DatabaseSync(`${file}.lock`)
  try {
    lock.exec(`PRAGMA busy_timeout = ${PATIENCE}; BEGIN EXCLUSIVE`)
    return await work()
  } finally {
    lock.close()
  }
}

const open = async (file: string): Promise<Ledger> => {
  const records = await openRecords(file)
  try {
    const keyFile = join(dirname(file), 'station.key')
    const sealed = (await records.ask('hasIdentities')) || (await records.ask('hasGenerated'))
    const key = stationKey(keyFile, sealed)
    const vault = openVault(key)
    const { matches } = await records.ask('checkVault', { fingerprint: vault.fingerprint })
    if (!matches)
      throw new VaultError(
        `${keyFile} is not the key under which ${file} is sealed; put the right one there, from a backup`,
      )
    return { records, vault, stationKey: key, close: () => records.close() }
  } catch (error) {
    await records.close()
    throw error
  }
}

/** @throws GenerationError when the ledger or its key cannot be used */
export const openLedger = async (file: string): Promise<Ledger> => {
  try {
    return await alone(file, () => open(file))
  } catch (error) {
    throw new GenerationError(`--ledger ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
