/** A firmware release: what every unit of an order gets, from an ESP-IDF build folder, checked before any slot starts. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, isAbsolute, join, relative } from 'node:path'
import { ImageError, readImage, type AppImage } from '../espressif/app-image.ts'
import type { Chip } from '../espressif/chips.ts'
import { FlasherArgsError, parseFlasherArgs, type FlashFile } from '../espressif/flasher-args.ts'
import {
  DATA_SUBTYPE,
  PARTITION_TYPE,
  parsePartitionTable,
  PartitionTableError,
  TABLE_SIZE,
  type Partition,
} from '../espressif/partition-table.ts'
import { FaultError, faultOf } from '../fault-error.ts'

/** Why a release cannot be used: which file, and what to do, in one sentence. */
export class ReleaseError extends FaultError {
  readonly code: 'missing' | 'malformed' | 'overlap' | 'wrong-chip' | 'no-factory' | 'factory-too-small' | 'outside'
  constructor(code: ReleaseError['code'], ...fault: Parameters<typeof faultOf>) {
    super('ReleaseError', faultOf(...fault))
    this.code = code
  }
}

export interface ReleaseImage {
  readonly name: string
  readonly offset: number
  readonly bytes: Uint8Array
}

export interface Release {
  readonly name: string
  readonly version: string
  readonly chip: Chip
  readonly images: readonly ReleaseImage[]
  readonly partitions: readonly Partition[]
  readonly factory: Partition
  /** Bytes of flash that it needs. */
  readonly flashNeeded: number
  /** SHA-256 over names, offsets and contents, lower-case hexadecimal: the release's identity in the records. */
  readonly digest: string
}

/** Labels under which ESP-IDF and esp-matter projects keep the manufacturing partition, most usual first. */
const FACTORY_LABELS = ['fctry', 'factory_nvs', 'factory', 'mfg', 'chip-factory']
const SECTOR = 0x1000
const SMALLEST_FACTORY = 0x3000
const hex = (value: number): string => `0x${value.toString(16)}`

const readBuildFile = async (folder: string, file: string): Promise<Uint8Array> => {
  const path = join(folder, file)
  if (isAbsolute(file) || relative(folder, path).startsWith('..'))
    throw new ReleaseError('outside', 'build-file-outside', { file, folder })
  try {
    return await readFile(path)
  } catch {
    throw new ReleaseError('missing', 'build-file-missing', { file: path })
  }
}

const image = (bytes: Uint8Array, file: string, chip: Chip): AppImage => {
  let read: AppImage
  try {
    read = readImage(bytes)
  } catch (error) {
    if (error instanceof ImageError)
      throw new ReleaseError('malformed', 'build-file-malformed', { file }, error.message)
    throw error
  }
  if (read.chip !== chip)
    throw new ReleaseError('wrong-chip', 'build-other-chip', {
      file,
      chip: read.chip?.label ?? String(read.imageId),
      named: chip.label,
    })
  return read
}

/** @throws ReleaseError naming the file and the partitions that would do */
export const findFactory = (partitions: readonly Partition[], wanted: string | undefined, file: string): Partition => {
  const data = partitions.filter((partition) => partition.type === PARTITION_TYPE.data)
  const label = wanted ?? FACTORY_LABELS.find((known) => data.some((partition) => partition.label === known))
  const found = data.find((partition) => partition.label === label)
  if (!found)
    throw new ReleaseError('no-factory', 'build-no-factory', {
      file,
      partition: wanted ?? FACTORY_LABELS[0] ?? '',
      partitions: data
        .filter((partition) => partition.subtype === DATA_SUBTYPE.nvs)
        .map((partition) => partition.label)
        .join(', '),
    })
  if (found.size < SMALLEST_FACTORY)
    throw new ReleaseError('factory-too-small', 'build-small-factory', {
      file,
      partition: found.label,
      size: hex(found.size),
      least: hex(SMALLEST_FACTORY),
    })
  return found
}

interface Span {
  /** Of an image; null for the manufacturing partition. */
  readonly name: string | null
  readonly offset: number
  readonly size: number
}

const refuseOverlaps = (spans: readonly Span[], factory: Partition): void => {
  const sorted = spans.toSorted((a, b) => a.offset - b.offset)
  for (const [index, next] of sorted.slice(1).entries()) {
    const span = sorted[index]
    if (span && span.offset + span.size > next.offset)
      throw span.name !== null && next.name !== null
        ? new ReleaseError('overlap', 'build-overlap', {
            file: span.name,
            from: hex(span.offset),
            to: hex(span.offset + span.size),
            other: next.name,
            offset: hex(next.offset),
          })
        : new ReleaseError('overlap', 'build-overlaps-factory', {
            file: span.name ?? next.name ?? '',
            offset: hex(span.name === null ? next.offset : span.offset),
            partition: factory.label,
            from: hex(factory.offset),
          })
  }
}

const refuseTooLarge = (images: readonly ReleaseImage[], partitions: readonly Partition[]): void => {
  for (const { name, offset, bytes } of images) {
    const home = partitions.find((partition) => partition.offset === offset)
    if (home && bytes.length > home.size)
      throw new ReleaseError('overlap', 'build-too-large', {
        file: name,
        size: bytes.length,
        partition: home.label,
        room: home.size,
      })
  }
}

const digestOf = (images: readonly ReleaseImage[]): string => {
  const hash = createHash('sha256')
  for (const { name, offset, bytes } of images) hash.update(`${name}\0${offset}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}

const tableOf = (images: readonly ReleaseImage[], file: FlashFile | undefined): { bytes: Uint8Array; name: string } => {
  const found = images.find((candidate) => (file ? candidate.offset === file.offset : candidate.offset === 0x8000))
  if (!found) throw new ReleaseError('missing', 'build-no-table')
  return found
}

export interface ReleaseOptions {
  /** Label of the manufacturing partition; without, the usual ones are tried. */
  readonly factoryLabel?: string | undefined
}

/**
 * Reads a build folder and checks it.
 *
 * @throws ReleaseError
 */
export const readRelease = async (folder: string, options: ReleaseOptions = {}): Promise<Release> => {
  const argsFile = join(folder, 'flasher_args.json')
  let args: ReturnType<typeof parseFlasherArgs>
  try {
    args = parseFlasherArgs(await readFile(argsFile, 'utf8'), argsFile)
  } catch (error) {
    if (error instanceof FlasherArgsError)
      throw new ReleaseError('malformed', `build-${error.code}`, { file: argsFile, ...error.values })
    throw new ReleaseError('missing', 'build-missing', { file: argsFile })
  }
  const images = await Promise.all(
    args.files.map(async ({ file, offset }): Promise<ReleaseImage> => ({
      name: file,
      offset,
      bytes: await readBuildFile(folder, file),
    })),
  )
  const table = tableOf(images, args.partitionTable)
  let partitions: Partition[]
  try {
    partitions = parsePartitionTable(table.bytes)
  } catch (error) {
    if (error instanceof PartitionTableError)
      throw new ReleaseError('malformed', 'build-file-malformed', { file: table.name }, error.message)
    throw error
  }
  const factory = findFactory(partitions, options.factoryLabel, table.name)
  const appPartitions = partitions.filter((partition) => partition.type === PARTITION_TYPE.app)
  const isApp = ({ offset }: ReleaseImage): boolean =>
    offset === args.app?.offset || appPartitions.some((partition) => partition.offset === offset)
  const apps = images.filter(isApp).map((item) => image(item.bytes, item.name, args.chip))
  for (const item of images)
    if (item.offset === args.chip.bootloaderOffset || item.offset === args.bootloader?.offset)
      image(item.bytes, item.name, args.chip)
  if (apps.length === 0) throw new ReleaseError('missing', 'build-no-app', { file: argsFile })
  refuseTooLarge(images, partitions)
  const taken: Span[] = [
    ...images.map(({ name, offset, bytes }) => ({
      name,
      offset,
      size: name === table.name ? Math.max(bytes.length, TABLE_SIZE) : Math.ceil(bytes.length / SECTOR) * SECTOR,
    })),
    { name: null, offset: factory.offset, size: factory.size },
  ]
  refuseOverlaps(taken, factory)
  const ends = [...partitions, ...images.map(({ offset, bytes }) => ({ offset, size: bytes.length }))]
  return {
    name: apps[0]?.description?.projectName ?? basename(folder),
    version: apps[0]?.description?.version ?? '',
    chip: args.chip,
    images,
    partitions,
    factory,
    flashNeeded: Math.max(...ends.map(({ offset, size }) => offset + size)),
    digest: digestOf(images),
  }
}
