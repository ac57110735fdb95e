/**
 * The bundled face of labels: Noto Sans SC for Latin and Simplified Chinese, Noto Sans for other European letters (SIL Open Font
 * License 1.1), in the slices that their npm packages are made of. A slice is read from disk when the first of its characters is
 * needed.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font, type Glyph } from 'fontkit'
import { unwrapWoff } from './woff.ts'

export type Weight = 'regular' | 'bold'

const WEIGHTS: Record<Weight, number> = { regular: 400, bold: 700 }

/** Parts of an em: the height of capitals, and of what stands above and hangs below the base line (Chinese included). */
export const CAPITALS = 0.733
export const ASCENT = 0.88
export const DESCENT = 0.23

/** One file of the faces, as OpenType. */
export interface Slice {
  /** 'noto-sans-cyrillic-400': unique among weights and slices. */
  readonly id: string
  readonly file: Buffer
  readonly font: Font
}

export interface PlacedGlyph {
  readonly glyph: Glyph
  /** From the start of the run, em. */
  readonly x: number
}

/** A part of a text that one slice can draw. */
export interface ShapedRun {
  readonly slice: Slice
  readonly text: string
  /** From the start of the text, em. */
  readonly x: number
  readonly width: number
  readonly glyphs: readonly PlacedGlyph[]
}

export interface ShapedText {
  readonly runs: readonly ShapedRun[]
  /** Em. */
  readonly width: number
}

/** In the order in which they are asked for a character: the first has Western Latin letters and all of Simplified Chinese. */
const SLICES = [
  'noto-sans-sc-chinese-simplified',
  'noto-sans-latin-ext',
  'noto-sans-cyrillic',
  'noto-sans-greek',
  'noto-sans-vietnamese',
] as const
type SliceName = (typeof SLICES)[number]

const pathOf = (name: SliceName, weight: Weight): string => {
  const face = name.startsWith('noto-sans-sc-') ? 'noto-sans-sc' : 'noto-sans'
  const file = `@fontsource/${face}/files/${name}-${WEIGHTS[weight]}-normal.woff`
  return createRequire(import.meta.url).resolve(file)
}

const slices = new Map<string, Slice>()

const openSlice = (name: SliceName, weight: Weight): Slice => {
  const id = `${name}-${WEIGHTS[weight]}`
  const open = slices.get(id)
  if (open) return open
  // Unpacked once: fontkit unpacks a table for every glyph that it reads.
  const file = unwrapWoff(readFileSync(pathOf(name, weight)))
  const slice = { id, file, font: create(file) as Font }
  slices.set(id, slice)
  return slice
}

const found = new Map<string, Slice | null>()

/** The slice that draws a character, or null where none does. */
export const sliceOf = (character: string, weight: Weight): Slice | null => {
  const key = `${weight} ${character}`
  const known = found.get(key)
  if (known !== undefined) return known
  const code = character.codePointAt(0) ?? 0
  const name = SLICES.find((name) => openSlice(name, weight).font.hasGlyphForCodePoint(code))
  const slice = name ? openSlice(name, weight) : null
  found.set(key, slice)
  return slice
}

const shaped = new Map<string, Omit<ShapedRun, 'x'>>()
/** Most runs of a label repeat from label to label, but a serial does not. */
const SHAPED_AT_MOST = 2000

const shapeRun = (slice: Slice, text: string): Omit<ShapedRun, 'x'> => {
  const key = `${slice.id} ${text}`
  const known = shaped.get(key)
  if (known) return known
  const run = slice.font.layout(text)
  const scale = 1 / slice.font.unitsPerEm
  let x = 0
  const glyphs = run.glyphs.map((glyph, index) => {
    const placed = { glyph, x: x * scale }
    x += run.positions[index]?.xAdvance ?? glyph.advanceWidth
    return placed
  })
  const result = { slice, text, width: x * scale, glyphs }
  if (shaped.size >= SHAPED_AT_MOST) shaped.clear()
  shaped.set(key, result)
  return result
}

/**
 * @throws RangeError naming the first character that no slice has
 */
export const shapeText = (text: string, weight: Weight): ShapedText => {
  const parts: { slice: Slice; text: string }[] = []
  for (const character of text) {
    const slice = sliceOf(character, weight)
    if (!slice) throw new RangeError(character)
    const last = parts.at(-1)
    if (last?.slice === slice) last.text += character
    else parts.push({ slice, text: character })
  }
  let width = 0
  const runs = parts.map((part) => {
    const run = shapeRun(part.slice, part.text)
    const placed = { ...run, x: width }
    width += run.width
    return placed
  })
  return { runs, width }
}
