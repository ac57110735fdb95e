import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { STATION_KEY_LENGTH, VaultError } from './vault.ts'

/**
 * The station's key from its file, which only its owner can read. It is made when there are no records yet that need it: a new key
 * beside old records would make them unreadable, so then the file is asked for.
 *
 * @param hasRecords do sealed records exist already?
 * @throws VaultError naming the file and what to do
 */
export const stationKey = (file: string, hasRecords: boolean): Uint8Array => {
  if (existsSync(file)) {
    const key = readFileSync(file)
    if (key.length !== STATION_KEY_LENGTH)
      throw new VaultError(
        `${file} has ${key.length} bytes; a station key has ${STATION_KEY_LENGTH}: restore it from a backup`,
      )
    return key
  }
  if (hasRecords)
    throw new VaultError(`${file} is missing, and the records beside it are sealed with it: restore it from a backup`)
  const key = randomBytes(STATION_KEY_LENGTH)
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeSync(descriptor, key)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  return key
}
