/**
 * What a NOR flash tells of itself when it is asked for its SFDP: the header, one parameter header, and the basic parameter table.
 *
 * Source: JESD216 (Serial Flash Discoverable Parameters), first edition: nine words of basic parameters. The values are those of a usual
 * part with single, dual and quad reading and erasing by 4, 32 and 64 kB.
 */

/** Where the basic table stands. */
const TABLE = 0x30
const WORDS = 9

const HEADER = [
  ...Buffer.from('SFDP', 'latin1'),
  // Revision 1.0, one parameter header.
  ...[0x00, 0x01, 0x00, 0xff],
  // JEDEC's own table, revision 1.0, so many words, where it stands.
  ...[0x00, 0x00, 0x01, WORDS, TABLE, 0x00, 0x00, 0xff],
]

/** @param density bits, less one */
const basicTable = (density: number): number[] => [
  0xfff120e5, // 4 kB sectors by 0x20; dual and quad reading, three address bytes
  density,
  0x6b08eb44, // quad reading
  0xbb423b08, // dual reading
  0xffffffee, // none with the command itself on two or four lines
  0xff00ffff,
  0xff00ffff,
  0x520f200c, // erasing: 2^12 bytes by 0x20, 2^15 by 0x52
  0xff00d810, // 2^16 by 0xD8
]

/** @param size of the flash, bytes, up to 256 MB */
export const sfdpOf = (size: number): Uint8Array => {
  const bytes = new Uint8Array(TABLE + WORDS * 4).fill(0xff)
  bytes.set(HEADER)
  const view = new DataView(bytes.buffer)
  for (const [index, word] of basicTable(size * 8 - 1).entries()) view.setUint32(TABLE + index * 4, word, true)
  return bytes
}
