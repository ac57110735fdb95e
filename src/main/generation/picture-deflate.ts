/**
 * A zlib stream (RFC 1950 and 1951) of picture rows of which each stands six times one below the other: the row once, then a copy of
 * it, in one block of fixed codes. zlib itself takes longer to be set up than such a picture takes to be written.
 */

/** Bytes of a row, and how often it stands. */
export const ROW = { bytes: 26, times: 6 } as const

/** CMF and FLG: deflate with a window of 32 KiB. */
const HEADER = [0x78, 0x01] as const
const FINAL_BLOCK_OF_FIXED_CODES = { value: 0b011, bits: 3 } as const
/** Literals below 144 have 8 bits from 0x30 on, the others 9 bits from 0x190 on (section 3.2.6). */
const LITERALS = Array.from({ length: 256 }, (_, byte) =>
  byte < 144 ? { code: 0x30 + byte, bits: 8 } : { code: 0x190 + byte - 144, bits: 9 },
)
/** Copy 130 bytes (length code 280, all four extra bits) from 26 bytes before (distance code 9, extra 1). */
const COPY = {
  length: { code: 0xc0, bits: 8 },
  lengthExtra: 15,
  distance: { code: 9, bits: 5 },
  distanceExtra: 1,
} as const
const END = { code: 0, bits: 7 } as const
const ADLER = 65_521

/** Huffman codes go in from their highest bit, everything else from its lowest. */
const turned = ({ code, bits }: { code: number; bits: number }): number => {
  let result = 0
  for (let bit = 0; bit < bits; bit++) result |= ((code >> bit) & 1) << (bits - 1 - bit)
  return result
}
const TURNED_LITERALS = LITERALS.map((literal) => ({ value: turned(literal), bits: literal.bits }))
const COPY_BITS = [
  { value: turned(COPY.length), bits: COPY.length.bits },
  { value: COPY.lengthExtra, bits: 4 },
  { value: turned(COPY.distance), bits: COPY.distance.bits },
  { value: COPY.distanceExtra, bits: 3 },
] as const

const adler32 = (rows: Uint8Array): number => {
  let low = 1
  let high = 0
  for (let start = 0; start < rows.length; start += ROW.bytes)
    for (let time = 0; time < ROW.times; time++) {
      for (let at = start; at < start + ROW.bytes; at++) {
        low += rows[at] ?? 0
        high += low
      }
      // Neither comes near 2^32 within one row.
      low %= ADLER
      high %= ADLER
    }
  return ((high << 16) | low) >>> 0
}

/** @param rows one after the other, each once */
export const deflateRows = (rows: Uint8Array): Uint8Array => {
  // A literal takes 9 bits at most, a row's copy 20.
  const bytes = Buffer.allocUnsafe(16 + rows.length * 2)
  let at = bytes.writeUInt8(HEADER[0], 0)
  at = bytes.writeUInt8(HEADER[1], at)
  let pending = 0
  let pendingBits = 0
  const put = ({ value, bits }: { readonly value: number; readonly bits: number }): void => {
    pending |= value << pendingBits
    pendingBits += bits
    for (; pendingBits >= 8; pendingBits -= 8) {
      bytes[at++] = pending & 0xff
      pending >>>= 8
    }
  }
  put(FINAL_BLOCK_OF_FIXED_CODES)
  for (let start = 0; start < rows.length; start += ROW.bytes) {
    for (let index = start; index < start + ROW.bytes; index++) {
      const literal = TURNED_LITERALS[rows[index] ?? 0]
      if (literal) put(literal)
    }
    for (const part of COPY_BITS) put(part)
  }
  put({ value: END.code, bits: END.bits })
  if (pendingBits > 0) bytes[at++] = pending & 0xff
  return bytes.subarray(0, bytes.writeUInt32BE(adler32(rows), at))
}
