/** Which revision of the silicon a chip is, from its eFuses. */
import type { Chip, EfuseBits } from '../../espressif/chips.ts'
import type { Loader } from './loader.ts'
import { efuseReader, readRegister } from './registers.ts'

/** The ESP32 keeps the third bit of its major number in the date register of a bus controller, of which the highest bit counts. */
const ESP32_DATE = 0x3ff6607c
/** Its three bits fill up from below: so many bits set are that revision. */
const ESP32_MAJOR: Readonly<Record<number, number>> = { 0: 0, 1: 1, 3: 2, 7: 3 }

/** The first S3 used the bits of the revision for something else, and says so by the version of its eFuse blocks. */
const S3_BLOCK_MAJOR: EfuseBits = [0x6c, 0, 2]
const S3_BLOCK_MINOR: EfuseBits = [0x50, 24, 3]
const FIRST_S3 = 'v0.0'

/**
 * The chip's revision, `v1.3`. Not to be asked in Secure Download Mode, where no register is read.
 *
 * Source: each chip's technical reference manual, chapter 'eFuse Controller' (WAFER_VERSION_MAJOR, WAFER_VERSION_MINOR).
 */
export const readRevision = async (loader: Loader, chip: Chip): Promise<string> => {
  const read = efuseReader(loader, chip)
  const minor = await read(chip.revision.minor)
  let major = await read(chip.revision.major)
  if (chip.name === 'esp32') {
    const third = (await readRegister(loader, ESP32_DATE)) >>> 31
    major = ESP32_MAJOR[(third << 2) | major] ?? 0
  }
  if (chip.name === 'esp32s3' && (minor & 7) === 0) {
    const first = (await read([S3_BLOCK_MAJOR])) === 1 && (await read([S3_BLOCK_MINOR])) === 1
    if (first) return FIRST_S3
  }
  return `v${major}.${minor}`
}
