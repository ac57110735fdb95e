/** Sets text into a box: breaks it into lines, shrinks it as far as the template allows, aligns it; middle of the box's height. */
import { ASCENT, DESCENT, shapeText, type Weight } from './fonts.ts'
import { LabelError } from './label-error.ts'

export interface TextBox {
  readonly name: string
  /** Mm. */
  readonly width: number
  readonly height: number
  readonly size: number
  readonly smallest?: number | undefined
  readonly weight: Weight
  readonly align: 'left' | 'center' | 'right'
  /** Lines that a text may be broken into; without it none is broken. */
  readonly lines?: number
}

/** Dots, from the box's upper left corner. */
export interface SetLine {
  readonly text: string
  readonly x: number
  readonly baseline: number
  readonly size: number
  readonly width: number
}

export type SetText =
  | { readonly fits: true; readonly lines: readonly SetLine[] }
  /** What it would need at the smallest size, mm. */
  | { readonly fits: false; readonly width: number; readonly height: number }

/** From base line to base line, em. */
const LINE_SPACING = 1.2

const widthOf = (box: TextBox, text: string): number => {
  try {
    return shapeText(text, box.weight).width
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const character = error.message
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    throw new LabelError(
      'no-glyph',
      `the label's element '${box.name}' holds the character '${character}' (U+${code}) in '${text}', which the label's face ` +
        `does not have; European letters and Simplified Chinese can be printed`,
      { element: box.name, text, character },
    )
  }
}

/** Where a line may end: after a space or a hyphen, and beside any Chinese character. */
const pieces = (text: string): string[] =>
  text
    .match(
      /[\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF][，。、；：！？）》”]*|[^\s\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF-]*[\s-]*/gu,
    )
    ?.filter((piece) => piece !== '') ?? []

/** Breaks greedily at a width in em. */
const breakLines = (box: TextBox, text: string, width: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces(text))
    if (line === '' || widthOf(box, (line + piece).trimEnd()) <= width) line += piece
    else {
      lines.push(line.trimEnd())
      line = piece
    }
  lines.push(line.trimEnd())
  return lines
}

const heightOf = (lines: number, size: number): number =>
  Math.ceil((ASCENT + DESCENT + (lines - 1) * LINE_SPACING) * size)

const trySize = (
  box: TextBox,
  given: readonly string[],
  perMm: number,
  size: number,
): readonly SetLine[] | undefined => {
  const width = Math.floor(box.width * perMm)
  const height = Math.floor(box.height * perMm)
  const allowed = Math.max(box.lines ?? 1, given.length)
  const lines = allowed > given.length ? given.flatMap((line) => breakLines(box, line, width / size)) : given
  const widths = lines.map((line) => Math.ceil(widthOf(box, line) * size))
  if (lines.length > allowed || widths.some((needed) => needed > width) || heightOf(lines.length, size) > height)
    return undefined
  const top = Math.floor((height - heightOf(lines.length, size)) / 2)
  return lines.map((text, index) => {
    const free = width - (widths[index] ?? 0)
    return {
      text,
      x: box.align === 'left' ? 0 : box.align === 'right' ? free : Math.floor(free / 2),
      baseline: top + Math.round((ASCENT + index * LINE_SPACING) * size),
      size,
      width: widths[index] ?? 0,
    }
  })
}

/**
 * @param given lines that stay apart
 * @param perMm dots a millimetre
 * @throws LabelError `no-glyph`
 */
export const setText = (box: TextBox, given: readonly string[], perMm: number): SetText => {
  const largest = Math.max(1, Math.round(box.size * perMm))
  const smallest = Math.max(1, Math.round(Math.min(box.size, box.smallest ?? box.size) * perMm))
  for (let size = largest; size >= smallest; size--) {
    const lines = trySize(box, given, perMm, size)
    if (lines) return { fits: true, lines }
  }
  return {
    fits: false,
    width: Math.max(...given.map((line) => widthOf(box, line) * smallest)) / perMm,
    height: heightOf(given.length, smallest) / perMm,
  }
}
