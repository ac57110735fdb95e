/** Firmware releases: a build folder read, checked and registered with the digest of every image. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { ImageDigest, PRODUCT_CHIPS, type ReleaseInput, type ReleaseView } from '../../../contract/index.ts'
import { z } from 'zod'
import { readRelease, ReleaseError } from '../../firmware/release.ts'
import type { Records } from '../../records/records.ts'
import type { ReleaseTable } from '../../records/schema.ts'
import { digestsOf } from './prepare-order.ts'
import { RequestRefusal } from '../request-refusal.ts'

/**
 * The same content in the same folder is the same release.
 *
 * @returns its id
 * @throws RequestRefusal
 */
export const registerRelease = async (records: Records, input: ReleaseInput, who: string): Promise<string> => {
  const folder = resolve(input.folder)
  const release = await readRelease(folder, { factoryLabel: input.factoryPartition ?? undefined }).catch(
    (error: unknown) => {
      if (error instanceof ReleaseError) throw new RequestRefusal('invalid', 'release-not-right', {}, error.fault)
      throw error
    },
  )
  const { id } = await records.ask('keepRelease', {
    id: randomUUID(),
    folder,
    factory_partition: input.factoryPartition,
    name: release.name,
    version: release.version,
    chip: release.chip.name,
    digest: release.digest,
    images: JSON.stringify(digestsOf(release)),
    registered_at: Date.now(),
    registered_by: who,
  })
  return id
}

const Images = z.array(ImageDigest)
const Chip = z.enum(PRODUCT_CHIPS)

const viewOf = (release: ReleaseTable): ReleaseView => ({
  id: release.id,
  folder: release.folder,
  factoryPartition: release.factory_partition,
  name: release.name,
  version: release.version,
  chip: Chip.parse(release.chip),
  digest: release.digest,
  images: Images.parse(JSON.parse(release.images)),
  registeredAt: release.registered_at,
  registeredBy: release.registered_by,
})

export const releaseViews = async (records: Records): Promise<ReleaseView[]> =>
  (await records.ask('releases')).map(viewOf)

/** As it stands in tables and forms: 'aurora-lamp 1.4.2'. */
export const releaseTitle = ({ name, version }: Pick<ReleaseTable, 'name' | 'version'>): string =>
  `${name} ${version}`.trim()
