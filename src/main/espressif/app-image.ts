/**
 * The firmware image format (ESP-IDF, 'App Image Format',
 * https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-reference/system/app_image_format.html): a header of 24 bytes,
 * segments, a checksum at the end of a 16-byte line, and a SHA-256 over all before it. Bootloaders have the same form.
 */
import { createHash } from 'node:crypto'
import { chipByImageId, type Chip } from './chips.ts'

const MAGIC = 0xe9
const HEADER = 24
const SEGMENT_HEADER = 8
const MOST_SEGMENTS = 16
const CHECKSUM_SEED = 0xef
const DESCRIPTION_MAGIC = 0xabcd5432
const DESCRIPTION_SIZE = 256

/** Why an image cannot be read; `message` says what is wrong with it. */
export class ImageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ImageError'
  }
}

/** esp_app_desc_t, at the start of an app's first segment. */
export interface AppDescription {
  readonly projectName: string
  readonly version: string
  /** Rollback protection's counter. */
  readonly secureVersion: number
  readonly idfVersion: string
}

export interface AppImage {
  /** undefined for an id that Imprint does not know. */
  readonly chip: Chip | undefined
  readonly imageId: number
  readonly entry: number
  readonly segments: readonly { readonly address: number; readonly offset: number; readonly size: number }[]
  /** undefined in a bootloader. */
  readonly description: AppDescription | undefined
  /** Bytes up to the end of the digest; a signature may follow. */
  readonly size: number
}

const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0)
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8')
}

const readDescription = (bytes: Uint8Array): AppDescription | undefined => {
  if (bytes.length < DESCRIPTION_SIZE) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== DESCRIPTION_MAGIC) return undefined
  return {
    secureVersion: view.getUint32(4, true),
    version: text(bytes.subarray(16, 48)),
    projectName: text(bytes.subarray(48, 80)),
    idfVersion: text(bytes.subarray(112, 144)),
  }
}

const xorOf = (bytes: Uint8Array, seed: number): number => bytes.reduce((sum, byte) => sum ^ byte, seed)

/**
 * Reads and checks an app or bootloader image: lengths, checksum and digest.
 *
 * @throws ImageError
 */
export const readImage = (bytes: Uint8Array): AppImage => {
  if (bytes.length < HEADER) throw new ImageError('it is too short for an image')
  if (bytes[0] !== MAGIC) throw new ImageError('it does not begin as an ESP32 image')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint8(1)
  if (count === 0 || count > MOST_SEGMENTS)
    throw new ImageError(`its header names ${count} segments; 1 to 16 are allowed`)
  let at = HEADER
  let checksum = CHECKSUM_SEED
  const segments: { address: number; offset: number; size: number }[] = []
  for (let index = 1; index <= count; index++) {
    if (at + SEGMENT_HEADER > bytes.length) throw new ImageError(`it ends before segment ${index}: the file is cut off`)
    const segment = {
      address: view.getUint32(at, true),
      offset: at + SEGMENT_HEADER,
      size: view.getUint32(at + 4, true),
    }
    at = segment.offset + segment.size
    if (at > bytes.length) throw new ImageError(`it ends inside segment ${index}: the file is cut off`)
    checksum = xorOf(bytes.subarray(segment.offset, at), checksum)
    segments.push(segment)
  }
  // The checksum is the last byte of a line of 16.
  at = Math.floor(at / 16) * 16 + 16
  if (at > bytes.length) throw new ImageError('it ends before its checksum: the file is cut off')
  if (bytes[at - 1] !== checksum) throw new ImageError('its checksum does not match: the file is damaged')
  if (view.getUint8(23) === 1) {
    if (at + 32 > bytes.length) throw new ImageError('it ends before its SHA-256: the file is cut off')
    const digest = createHash('sha256').update(bytes.subarray(0, at)).digest()
    if (!digest.equals(bytes.subarray(at, at + 32)))
      throw new ImageError('its SHA-256 does not match: the file is damaged')
    at += 32
  }
  const first = segments[0]
  const imageId = view.getUint16(12, true)
  return {
    chip: chipByImageId(imageId),
    imageId,
    entry: view.getUint32(4, true),
    segments,
    description: first && readDescription(bytes.subarray(first.offset, first.offset + first.size)),
    size: at,
  }
}

export interface ImageInput {
  readonly chip: Chip
  readonly entry: number
  readonly segments: readonly { readonly address: number; readonly bytes: Uint8Array }[]
}

/** An image with checksum and SHA-256; segments are padded to words. DIO, 40 MHz, 4 MB in the header. */
export const writeImage = ({ chip, entry, segments }: ImageInput): Uint8Array => {
  const header = new Uint8Array(HEADER)
  const view = new DataView(header.buffer)
  const speed = chip.flashFrequencies['40m'] ?? 0
  header.set([MAGIC, segments.length, 2, (2 << 4) | speed])
  view.setUint32(4, entry, true)
  header[8] = 0xee
  view.setUint16(12, chip.imageId, true)
  view.setUint16(17, 0xffff, true)
  header[23] = 1
  const parts: Uint8Array[] = [header]
  let checksum = CHECKSUM_SEED
  let length = HEADER
  for (const { address, bytes } of segments) {
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
    padded.set(bytes)
    const head = new Uint8Array(SEGMENT_HEADER)
    new DataView(head.buffer).setUint32(0, address, true)
    new DataView(head.buffer).setUint32(4, padded.length, true)
    parts.push(head, padded)
    checksum = xorOf(padded, checksum)
    length += SEGMENT_HEADER + padded.length
  }
  const end = new Uint8Array(16 - (length % 16))
  end[end.length - 1] = checksum
  const body = Buffer.concat([...parts, end])
  return Buffer.concat([body, createHash('sha256').update(body).digest()])
}

/** The 256 bytes of an app description. */
export const writeDescription = (
  description: AppDescription & { readonly date: string; readonly time: string },
): Uint8Array => {
  const bytes = new Uint8Array(DESCRIPTION_SIZE)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, DESCRIPTION_MAGIC, true)
  view.setUint32(4, description.secureVersion, true)
  const put = (value: string, at: number, length: number): void =>
    bytes.set(Buffer.from(value, 'utf8').subarray(0, length - 1), at)
  put(description.version, 16, 32)
  put(description.projectName, 48, 32)
  put(description.time, 80, 16)
  put(description.date, 96, 16)
  put(description.idfVersion, 112, 32)
  return bytes
}
