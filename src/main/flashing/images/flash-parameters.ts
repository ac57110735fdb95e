/**
 * The flash parameters in the header of the bootloader's image: mode, frequency and size. Production keeps them as they were built;
 * where one build serves boards with other flash, they are changed, and the SHA-256 at the image's end is made right again.
 *
 * Source: Firmware Image Format
 * (https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/firmware-image-format.html).
 */
import { createHash } from 'node:crypto'
import type { Chip } from '../../espressif/chips.ts'

export const FLASH_MODES = ['qio', 'qout', 'dio', 'dout'] as const
export type FlashMode = (typeof FLASH_MODES)[number]

export interface FlashParameters {
  readonly mode: FlashMode | 'keep'
  /** As `flasher_args.json` spells it: `80m`. */
  readonly frequency: string
  /** Bytes, a power of two from 1 MB to 128 MB. */
  readonly size: number | 'keep'
}

export const KEEP_PARAMETERS: FlashParameters = { mode: 'keep', frequency: 'keep', size: 'keep' }

/** Why parameters cannot be set: says what was found and what is allowed. */
export class FlashParametersError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FlashParametersError'
  }
}

const MAGIC = 0xe9
const HEADER = 24
const SEGMENT_HEADER = 8
const DIGEST = 32
const ALIGNMENT = 16
/** Where the header says that a SHA-256 follows the image. */
const HASH_APPENDED = 23
const MEGABYTE = 2 ** 20
const LARGEST = 128 * MEGABYTE

/** Length of the image without its digest: header, segments, and the checksum byte at the end of a block of 16. */
const imageLength = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = HEADER
  for (let segment = 0; segment < (bytes[1] ?? 0); segment++) {
    if (at + SEGMENT_HEADER > bytes.length) throw new FlashParametersError('the bootloader ends within a segment')
    at += SEGMENT_HEADER + view.getUint32(at + 4, true)
  }
  return Math.ceil((at + 1) / ALIGNMENT) * ALIGNMENT
}

const sizeNibble = (size: number): number => {
  const exponent = Math.log2(size / MEGABYTE)
  if (!Number.isInteger(exponent) || size < MEGABYTE || size > LARGEST)
    throw new FlashParametersError(`a flash of ${size} bytes is not allowed; 1 MB to 128 MB, by powers of two, are`)
  return exponent
}

/**
 * A bootloader with other flash parameters; the same bytes where all are kept.
 *
 * @throws FlashParametersError
 */
export const withFlashParameters = (bootloader: Uint8Array, chip: Chip, wanted: FlashParameters): Uint8Array => {
  const { mode, frequency, size } = wanted
  if (mode === 'keep' && frequency === 'keep' && size === 'keep') return bootloader
  if (bootloader[0] !== MAGIC || bootloader.length < HEADER)
    throw new FlashParametersError('the bootloader is no firmware image; only an image has flash parameters')
  const bytes = Uint8Array.from(bootloader)
  const before = bytes[3] ?? 0
  if (mode !== 'keep') bytes[2] = FLASH_MODES.indexOf(mode)
  const frequencies = chip.flashFrequencies
  const nibble = frequency === 'keep' ? before & 0x0f : frequencies[frequency]
  if (nibble === undefined)
    throw new FlashParametersError(
      `a flash frequency of ${frequency} is not allowed for ${chip.label}; ${Object.keys(frequencies).join(', ')} are`,
    )
  bytes[3] = ((size === 'keep' ? before >> 4 : sizeNibble(size)) << 4) | nibble
  if (bytes[HASH_APPENDED] === 1) {
    const length = imageLength(bytes)
    if (length + DIGEST > bytes.length) throw new FlashParametersError('the bootloader ends before its SHA-256')
    bytes.set(createHash('sha256').update(bytes.subarray(0, length)).digest(), length)
  }
  return bytes
}
