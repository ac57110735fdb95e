/** Independent readers of codes, for the tests: zxing-wasm (its module from node_modules, never from the network). */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes, type ReadInputBarcodeFormat } from 'zxing-wasm/reader'
import { PNG } from 'pngjs'
import type { Bitmap } from '../../src/main/labels/bitmap.ts'
import { dotAt } from '../../src/main/labels/bitmap.ts'

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer as ArrayBuffer }, fireImmediately: true })

export interface Picture {
  readonly width: number
  readonly height: number
  /** RGBA. */
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

export const pictureOfPng = (bytes: Uint8Array): Picture => {
  const png = PNG.sync.read(Buffer.from(bytes))
  return { width: png.width, height: png.height, data: new Uint8ClampedArray(png.data) }
}

export const pictureOfBitmap = (bitmap: Bitmap): Picture => {
  const data = new Uint8ClampedArray(bitmap.width * bitmap.height * 4).fill(255)
  for (let y = 0; y < bitmap.height; y++)
    for (let x = 0; x < bitmap.width; x++)
      if (dotAt(bitmap, x, y)) data.fill(0, (y * bitmap.width + x) * 4, (y * bitmap.width + x) * 4 + 3)
  return { width: bitmap.width, height: bitmap.height, data }
}

export interface ReadCode {
  readonly format: string
  readonly text: string
}

/** Every code in a picture. */
export const readCodes = async (
  picture: Picture,
  formats: ReadInputBarcodeFormat[] = ['QRCode', 'DataMatrix', 'Code128'],
): Promise<ReadCode[]> => {
  const image = { ...picture, colorSpace: 'srgb' } as ImageData
  const found = await readBarcodes(image, { formats, tryHarder: true, maxNumberOfSymbols: 8 })
  return found.filter((code) => code.isValid).map(({ format, text }) => ({ format: String(format), text }))
}

export const isBlack = (picture: Picture, x: number, y: number): boolean =>
  (picture.data[(y * picture.width + x) * 4] ?? 255) < 128
