/** `imprint import`: devices made elsewhere into the ledger, all of them or none. */
import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { faultOf } from '../fault-error.ts'
import { GenerationError } from './generation-error.ts'
import { readOutputFolder } from './import-folder.ts'
import { readManifest } from './import-manifest.ts'
import { importedMarks, importedRow, type ImportedUnit } from './imported-unit.ts'
import type { Ledger } from './ledger.ts'
import { CLAIM_KINDS } from './register.ts'
import { CLAIM_WORDS } from './unit-duplicates.ts'

const WORDS = { ...CLAIM_WORDS, mac: 'MAC', id: 'folder name' } as const

/** A folder of the incumbent, or a manifest. @throws GenerationError */
export const readImport = (path: string): ImportedUnit[] => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found)
    throw new GenerationError(`${path}: there is no such file or folder`, faultOf('path-missing', { file: path }))
  const units = found.isDirectory() ? readOutputFolder(path) : readManifest(path)
  if (units.length === 0)
    throw new GenerationError(
      `${path}: no device was found; a row each is needed`,
      faultOf('manifest-empty', { file: path }),
    )
  const seen = new Map<string, string>()
  for (const unit of units) {
    const marks = { ...importedMarks(undefined, unit), mac: unit.mac, id: unit.id }
    for (const kind of [...CLAIM_KINDS, 'mac', 'id'] as const) {
      if (marks[kind] === undefined) continue
      const name = `${kind} ${marks[kind]}`
      const before = seen.get(name)
      if (before !== undefined)
        throw new GenerationError(
          `${unit.place}: the ${WORDS[kind]} is that of ${before}; every device needs its own`,
          faultOf('manifest-twice', { file: unit.place, what: kind, before }),
        )
      seen.set(name, unit.place)
    }
  }
  return units
}

/**
 * Keeps the devices in one commit.
 *
 * @param path where they come from
 * @param described what else is kept of the import
 * @returns id of the import
 * @throws GenerationError naming the file, and the row, of the first device that the ledger has already
 */
export const importUnits = async (
  units: readonly ImportedUnit[],
  path: string,
  ledger: Pick<Ledger, 'records' | 'vault'>,
  described: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const id = randomUUID()
  const { taken } = await ledger.records.ask('importGenerated', {
    run: { id, described: JSON.stringify({ imported: resolve(path), ...described }) },
    devices: units.map((unit, position) => importedRow(ledger.vault, id, position, unit)),
    at: Date.now(),
  })
  if (taken) {
    const place = units[taken.position]?.place ?? path
    throw new GenerationError(
      `${place}: the ${WORDS[taken.kind]} belongs to a device in the ledger already; nothing was imported`,
      faultOf('manifest-known', { file: place, what: taken.kind }),
    )
  }
  return id
}
