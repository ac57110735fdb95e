/** Whether every device can be made, before the first device is made: the largest values stand in for what is made later. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FactoryDataError } from '../espressif/factory-partition-check.ts'
import { NvsError } from '../espressif/nvs-entry.ts'
import { writeNvs } from '../espressif/nvs-write.ts'
import { VERIFIER_LENGTH } from '../matter/spake2p.ts'
import { rowsOf } from './device-files.ts'
import { folderIdOf, type Device } from './device.ts'
import { GenerationError } from './generation-error.ts'
import type { GivenDevice } from './plan.ts'
import type { GenerationRequest } from './request.ts'

/** A DAC is 518 to 522 bytes long. */
const LARGEST_DAC = 530

const standIn = ({ plan, authority }: GenerationRequest, { data, dac }: GivenDevice): Device => ({
  id: '00000000-0000-4000-8000-000000000000',
  serial: data.serialNumber ?? '0'.repeat(32),
  passcode: undefined,
  discriminator: 0,
  iterations: plan.iterations,
  salt: data.salt ?? new Uint8Array(32),
  verifier: plan.dynamicPasscode ? undefined : new Uint8Array(VERIFIER_LENGTH),
  rotatingId: data.rotatingId ?? (plan.withRotatingId ? new Uint8Array(16) : undefined),
  dac:
    dac ??
    (authority && {
      certificate: new Uint8Array(LARGEST_DAC),
      privateKey: new Uint8Array(32),
      publicKey: new Uint8Array(65),
    }),
  nvsKeys: undefined,
  secureCertRandom: undefined,
})

/** A DAC whose common name is a UUID names its device's folder, in which another may be. @throws GenerationError */
const checkFolders = ({ plan, count, given }: GenerationRequest): void => {
  for (let position = 0; position < count; position++) {
    const id = folderIdOf(given(position).dac)
    if (id !== undefined && existsSync(join(plan.folder, id)))
      throw new GenerationError(
        `${join(plan.folder, id)} is there already; move it away, or give another --outdir or another DAC`,
      )
  }
}

/** @throws GenerationError naming the row of `--mcsv`, the folder that is in the way, or `--size` */
export const checkThatAllFits = (request: GenerationRequest, fresh: boolean): void => {
  const { plan, count, place } = request
  if (fresh && request.givesValues) checkFolders(request)
  if (!plan.partition.image) return
  // Without rows of their own, all devices are alike in size.
  const positions = place(0) === undefined ? 1 : count
  for (let position = 0; position < positions; position++) {
    const given = request.given(position)
    try {
      const rows = rowsOf(plan, given, standIn(request, given))
      writeNvs(
        rows.map(({ item }) => item),
        { size: plan.partition.size, version: 2 },
      )
    } catch (error) {
      if (error instanceof FactoryDataError)
        throw new GenerationError(`${place(position) ?? 'the options'}: ${error.message}`)
      if (!(error instanceof NvsError)) throw error
      const where =
        place(position) ?? (error.code === 'full' ? `--size 0x${plan.partition.size.toString(16)}` : undefined)
      throw new GenerationError(where === undefined ? error.message : `${where}: ${error.message}`)
    }
  }
}
