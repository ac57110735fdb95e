/** Manifests of modules that came provisioned: taken into the records once, listed, and asked for by the orders that label them. */
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import type { ManifestView } from '../../../contract/index.ts'
import { faultOf } from '../../fault-error.ts'
import { GenerationError } from '../../generation/generation-error.ts'
import { importUnits, readImport } from '../../generation/import-units.ts'
import type { Records } from '../../records/records.ts'
import type { Vault } from '../../security/vault.ts'
import { RequestRefusal } from '../request-refusal.ts'

/** The mark knows the same content again and tells nothing of it; imports of the command line have none. */
const Described = z.object({ imported: z.string().default(''), mark: z.string().optional() })

const describedOf = (text: string): z.output<typeof Described> => Described.parse(JSON.parse(text))

/** Of the file or folder. */
const nameOf = ({ imported }: z.output<typeof Described>): string => basename(imported)

export interface Manifest {
  readonly id: string
  readonly name: string
}

/**
 * Takes a manifest into the records; the same content again is the same manifest.
 *
 * @throws RequestRefusal that names file, row and field
 */
export const importManifest = async (
  { records, vault }: { readonly records: Records; readonly vault: Vault },
  path: string,
): Promise<Manifest & { modules: number }> => {
  try {
    const units = readImport(path)
    const nameless = units.find(({ mac }) => mac === undefined)
    if (nameless)
      throw new GenerationError(
        `${nameless.place}: it has no MAC; each module needs its own to be found by`,
        faultOf('manifest-no-mac', { file: nameless.place }),
      )
    const content = Buffer.from(JSON.stringify(units.map((unit) => ({ ...unit, place: '' }))), 'utf8')
    const mark = vault.mark('manifest', content)
    const known = (await records.ask('manifests')).find(({ described }) => describedOf(described).mark === mark)
    const id = known?.id ?? (await importUnits(units, path, { records, vault }, { mark }))
    return { id, name: basename(resolve(path)), modules: units.length }
  } catch (error) {
    if (error instanceof GenerationError)
      throw new RequestRefusal(
        'invalid',
        'manifest-not-right',
        {},
        error.fault ?? faultOf('manifest-entry', { file: path }, error.message),
      )
    throw error
  }
}

export const findManifest = async (records: Records, id: string): Promise<Manifest | undefined> => {
  const row = (await records.ask('manifests')).find((each) => each.id === id)
  return row && { id, name: nameOf(describedOf(row.described)) }
}

export const manifestViews = async (records: Records): Promise<ManifestView[]> =>
  (await records.ask('manifests')).map(({ id, described, modules, taken, importedAt }) => {
    const from = describedOf(described)
    return { id, name: nameOf(from), path: from.imported, modules, taken, importedAt }
  })
