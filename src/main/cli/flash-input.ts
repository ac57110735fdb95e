/** What `imprint flash` writes: the images of a release and what belongs to the one device, as they shall stand in flash. */
import { DATA_SUBTYPE, PARTITION_TYPE, type Partition } from '../espressif/partition-table.ts'
import { ReleaseError, readRelease, type Release } from '../firmware/release.ts'
import { FlashEncryptionError } from '../flashing/images/flash-encryption.ts'
import { FLASH_MODES, FlashParametersError, withFlashParameters } from '../flashing/images/flash-parameters.ts'
import { clearMarked, encryptedOnHost } from '../flashing/images/host-encryption.ts'
import type { Region } from '../flashing/images/prepare.ts'
import { wholeNumber } from './arguments.ts'
import type { BoardOptions } from './board-options.ts'
import { InputError } from './input-error.ts'
import { readInputFile } from './input-file.ts'

export interface FlashInputOptions extends Pick<BoardOptions, 'flashKey' | 'nvsKeys'> {
  readonly release: string
  readonly factory?: string
  readonly flashMode: string
  readonly flashFreq: string
  readonly flashSize: string
}

export interface FlashInput {
  readonly release: Release
  /** The same on every board. */
  readonly common: readonly Region[]
  /** Of the one device that is written. */
  readonly own: readonly Region[]
}

const asInput = <T>(work: () => T, where = ''): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof FlashParametersError || error instanceof FlashEncryptionError)
      throw new InputError(`${where}${error.message}`)
    throw error
  }
}

/** A file as the content of a partition. @throws InputError */
const partitionFile = (file: string, option: string, { label, offset, size }: Partition): Region => {
  const bytes = readInputFile(file, option)
  if (bytes.length === 0 || bytes.length > size)
    throw new InputError(`${option} ${file} has ${bytes.length} bytes, partition '${label}' takes 1 to ${size}`)
  return { name: label, offset, bytes }
}

const keysPartition = ({ partitions }: Release): Partition => {
  const found = partitions.find(({ type, subtype }) => type === PARTITION_TYPE.data && subtype === DATA_SUBTYPE.nvsKeys)
  if (!found)
    throw new InputError(
      '--nvs-keys: the release has no partition for NVS keys; add one of subtype nvs_keys to its table',
    )
  return found
}

/** The images of the release, the bootloader with the flash parameters that were asked for. */
const imagesOf = (release: Release, options: FlashInputOptions): Region[] => {
  const mode = FLASH_MODES.find((known) => known === options.flashMode)
  if (!mode && options.flashMode !== 'keep')
    throw new InputError(`--flash-mode ${options.flashMode} is not allowed; keep, ${FLASH_MODES.join(', ')} are`)
  const size = options.flashSize === 'keep' ? 'keep' : wholeNumber('--flash-size', options.flashSize, 1, 128) * 2 ** 20
  if (size !== 'keep' && size < release.flashNeeded)
    throw new InputError(
      `--flash-size ${options.flashSize} is too small; the release needs ${Math.ceil(release.flashNeeded / 2 ** 20)} MB`,
    )
  const wanted = { mode: mode ?? 'keep', frequency: options.flashFreq, size } as const
  return release.images.map(({ name, offset, bytes }) => ({
    name,
    offset,
    bytes:
      offset === release.chip.bootloaderOffset
        ? asInput(() => withFlashParameters(bytes, release.chip, wanted))
        : bytes,
  }))
}

/** @throws InputError */
export const readFlashInput = async (options: FlashInputOptions): Promise<FlashInput> => {
  const release = await readRelease(options.release).catch((error: unknown) => {
    throw error instanceof ReleaseError ? new InputError(error.message) : error
  })
  const common = imagesOf(release, options)
  const own: Region[] = []
  if (options.factory !== undefined) own.push(partitionFile(options.factory, '--factory', release.factory))
  if (options.nvsKeys !== undefined) own.push(partitionFile(options.nvsKeys, '--nvs-keys', keysPartition(release)))
  const { partitions } = release
  if (options.flashKey === undefined)
    return { release, common: clearMarked(common, partitions), own: clearMarked(own, partitions) }
  const key = readInputFile(options.flashKey, '--flash-key')
  const encrypted = (regions: readonly Region[]): Region[] =>
    asInput(() => encryptedOnHost(regions, partitions, release.chip, key), `--flash-key ${options.flashKey}: `)
  return { release, common: encrypted(common), own: encrypted(own) }
}
