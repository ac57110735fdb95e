/**
 * Field data and graphics as ZPL II writes them. Source: Zebra, ZPL II Programming Guide, commands ^FH, ^CI and ^GF, and 'Alternative
 * Data Compression Scheme for ~DG and ~DB Commands'.
 */
import type { Bitmap } from './bitmap.ts'

const INDICATOR = '_'

/** Bytes that may stand for themselves: printable ASCII but for the command prefixes, the indicator and the backslash. */
const stands = (byte: number): boolean => byte >= 0x20 && byte < 0x7f && !'^~_\\'.includes(String.fromCharCode(byte))

/** `^FH_^FD…^FS`: the text's UTF-8 bytes, hexadecimal where they mean something to the printer. Needs ^CI28 before it. */
export const fieldData = (text: string): string => {
  let data = ''
  for (const byte of Buffer.from(text, 'utf8'))
    data += stands(byte) ? String.fromCharCode(byte) : INDICATOR + byte.toString(16).toUpperCase().padStart(2, '0')
  return `^FH${INDICATOR}^FD${data}^FS`
}

/** A count of repeats: z is 400, y 380, … g 20, then Y 19 … G 1. */
const repeat = (count: number): string => {
  let text = ''
  for (; count > 400; count -= 400) text += 'z'
  const twenties = Math.floor(count / 20)
  if (twenties > 0) text += String.fromCharCode(0x66 + twenties)
  return count % 20 > 0 ? text + String.fromCharCode(0x46 + (count % 20)) : text
}

const compressRow = (digits: string): string => {
  let text = ''
  for (let at = 0; at < digits.length;) {
    const digit = digits.charAt(at)
    let end = at
    while (digits.charAt(end) === digit) end++
    if (end === digits.length && digit === '0') return `${text},`
    text += (end - at > 1 ? repeat(end - at) : '') + digit
    at = end
  }
  return text
}

/** `^GFA,…^FS`, rows compressed; a row like the one before it is a colon. */
export const graphicField = (bitmap: Bitmap): string => {
  const { bytesPerRow, height } = bitmap
  const total = bytesPerRow * height
  let data = ''
  let before = ''
  for (let y = 0; y < height; y++) {
    const digits = Buffer.from(bitmap.bytes.subarray(y * bytesPerRow, (y + 1) * bytesPerRow))
      .toString('hex')
      .toUpperCase()
    data += digits === before ? ':' : compressRow(digits)
    before = digits
  }
  return `^GFA,${total},${total},${bytesPerRow},${data}^FS`
}
