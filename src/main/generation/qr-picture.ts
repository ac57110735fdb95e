/** The QR code as a picture, as the incumbent draws it: version 2, level M, six dots a module, four modules of margin. */
import { crc32 } from 'node:zlib'
import { deflateRows, ROW } from './picture-deflate.ts'
import { QR_SIZE, qrRows } from './qr-symbol.ts'

const DOTS_A_MODULE = 6
const MARGIN = 4
/** 300 dots an inch: the symbol is 12.7 mm wide. */
const DOTS_A_METRE = 11_811

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const SIDE = (QR_SIZE + 2 * MARGIN) * DOTS_A_MODULE

const chunk = (type: string, data: Uint8Array): Buffer => {
  const bytes = Buffer.allocUnsafe(data.length + 12)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(type, 4, 'latin1')
  bytes.set(data, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8)
  return bytes
}

/** Everything before the rows: greyscale of depth 1, where 0 is black (PNG specification, section 11.2.2). */
const HEAD = ((): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIDE, 0)
  header.writeUInt32BE(SIDE, 4)
  header[8] = 1
  const resolution = Buffer.alloc(9)
  resolution.writeUInt32BE(DOTS_A_METRE, 0)
  resolution.writeUInt32BE(DOTS_A_METRE, 4)
  resolution[8] = 1
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('pHYs', resolution)])
})()
const TAIL = chunk('IEND', new Uint8Array(0))

/** Four modules of six dots are three bytes; a light dot is 1. */
const MODULES_A_GROUP = 4
const GROUPS = Array.from({ length: 2 ** MODULES_A_GROUP }, (_, modules) => {
  const dots = Array.from({ length: MODULES_A_GROUP * DOTS_A_MODULE }, (__, dot) =>
    (modules >> Math.floor(dot / DOTS_A_MODULE)) & 1 ? '0' : '1',
  ).join('')
  return Number.parseInt(dots, 2)
})
const GROUP_BYTES = 3

/** PNG of 198 × 198 dots. */
export const qrPicture = (text: string): Uint8Array => {
  // All is light, and each row begins with its filter, 0. The margin is a group wide.
  const rows = new Uint8Array((QR_SIZE + 2 * MARGIN) * ROW.bytes).fill(0xff)
  for (let start = 0; start < rows.length; start += ROW.bytes) rows[start] = 0
  const symbol = qrRows(text)
  for (let row = 0; row < QR_SIZE; row++) {
    const modules = symbol[row] ?? 0
    let at = (row + MARGIN) * ROW.bytes + 1 + (MARGIN / MODULES_A_GROUP) * GROUP_BYTES
    for (let column = 0; column < QR_SIZE; column += MODULES_A_GROUP, at += GROUP_BYTES) {
      const group = GROUPS[(modules >> column) & 0b1111] ?? 0
      rows[at] = group >> 16
      rows[at + 1] = (group >> 8) & 0xff
      rows[at + 2] = group & 0xff
    }
  }
  return Buffer.concat([HEAD, chunk('IDAT', deflateRows(rows)), TAIL])
}
