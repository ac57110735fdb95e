/** The bitmap that is printed, as a PNG of one bit a dot, with its resolution. */
import { crc32, deflateSync } from 'node:zlib'
import type { Bitmap } from './bitmap.ts'
import { drawLabel } from './draw.ts'
import type { Layout } from './layout.ts'

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const bytes = Buffer.alloc(body.length + 8)
  bytes.writeUInt32BE(data.length, 0)
  body.copy(bytes, 4)
  bytes.writeUInt32BE(crc32(body), body.length + 4)
  return bytes
}

/**
 * Greyscale of depth 1 (PNG specification, section 11.2.2), where 0 is black.
 *
 * @param perMm dots a millimetre
 */
export const encodePng = (bitmap: Bitmap, perMm: number): Uint8Array => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(bitmap.width, 0)
  header.writeUInt32BE(bitmap.height, 4)
  header[8] = 1
  const resolution = Buffer.alloc(9)
  resolution.writeUInt32BE(Math.round(perMm * 1000), 0)
  resolution.writeUInt32BE(Math.round(perMm * 1000), 4)
  resolution[8] = 1
  const rows = new Uint8Array((bitmap.bytesPerRow + 1) * bitmap.height)
  for (let y = 0; y < bitmap.height; y++)
    for (let at = 0; at < bitmap.bytesPerRow; at++)
      rows[y * (bitmap.bytesPerRow + 1) + 1 + at] = ~(bitmap.bytes[y * bitmap.bytesPerRow + at] ?? 0)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('pHYs', resolution),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ])
}

export const renderPng = (layout: Layout): Uint8Array => encodePng(drawLabel(layout), layout.dotsPerMm)
