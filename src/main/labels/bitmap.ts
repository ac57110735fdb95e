/** A picture of one bit a dot, as a label printer burns it: 1 is black, rows begin at a byte, the leftmost dot is the highest bit. */

export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly bytesPerRow: number
  readonly bytes: Uint8Array
}

export const createBitmap = (width: number, height: number): Bitmap => {
  const bytesPerRow = (width + 7) >> 3
  return { width, height, bytesPerRow, bytes: new Uint8Array(bytesPerRow * height) }
}

/** Is the dot black? Outside the picture none is. */
export const dotAt = (bitmap: Bitmap, x: number, y: number): boolean =>
  x >= 0 &&
  y >= 0 &&
  x < bitmap.width &&
  y < bitmap.height &&
  ((bitmap.bytes[y * bitmap.bytesPerRow + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0

/** Blackens a rectangle; what lies outside the picture is left out. */
export const fillRect = (bitmap: Bitmap, x: number, y: number, width: number, height: number): void => {
  const left = Math.max(0, x)
  const right = Math.min(bitmap.width, x + width)
  for (let row = Math.max(0, y); row < Math.min(bitmap.height, y + height); row++)
    for (let column = left; column < right; column++) {
      const at = row * bitmap.bytesPerRow + (column >> 3)
      bitmap.bytes[at] = (bitmap.bytes[at] ?? 0) | (0x80 >> (column & 7))
    }
}

/** Blackens wherever the stamp is black. */
export const stamp = (bitmap: Bitmap, part: Bitmap, x: number, y: number): void => {
  for (let row = 0; row < part.height; row++)
    for (let column = 0; column < part.width; column++)
      if (dotAt(part, column, row)) fillRect(bitmap, x + column, y + row, 1, 1)
}
