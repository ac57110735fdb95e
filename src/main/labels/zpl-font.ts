/**
 * Font 0, the scalable face of every ZPL printer (a condensed bold sans serif): which characters it has for sure, and how wide a text
 * may become. The widths are those of condensed bold faces, rounded up; the dash is as long as a printer's.
 */

/** ASCII and the letters and signs of Latin-1. */
export const inPrinterFont = (text: string): boolean => /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff]*$/u.test(text)

/** Em, of the characters that are not as wide as a digit. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[-%@WÆ©®]/u, 0.84],
  [/[Mmæ¼½¾]/u, 0.79],
  [/[&w]/u, 0.68],
  [/[A-HJ-LN-VX-ZÀ-ÅÇ-ËÐÑÒ-ÖØ-Þ¶]/u, 0.62],
  [/[\s!"'(),./:;I[\\\]`fijlrt{|}¡¦¨¯´·¸¹Ì-Ïì-ï]/u, 0.34],
]
const DIGIT = 0.51

/** At most, in parts of the width parameter of ^A0. */
export const printerFontWidth = (text: string): number => {
  let width = 0
  for (const character of text) width += WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? DIGIT
  return width
}
