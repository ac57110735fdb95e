/** Code 128 (ISO/IEC 15417), code sets B and C: printable ASCII, pairs of digits in half the width. */

/** Light modules at either side (ISO/IEC 15417, section 4.5). */
export const CODE_128_QUIET_ZONE = 10

/** Widths of bar, space, bar, … of the symbol characters 0 to 105 (table 1), then of the stop character. */
const WIDTHS = (
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 ' +
  '123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 ' +
  '131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 ' +
  '213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 ' +
  '141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 ' +
  '124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 ' +
  '411131 211412 211214 211232 2331112'
).split(' ')

const START_B = 104
const START_C = 105
const TO_C = 99
const TO_B = 100
const STOP = 106

/** Digits from a place on. */
const digitsAt = (text: string, at: number): number => /^\d*/u.exec(text.slice(at))?.[0].length ?? 0

/** Symbol characters of the text between start and check character. */
const symbols = (text: string): number[] => {
  // Code set C pays from four digits at an end and six within (Annex E).
  const worthC = (at: number): boolean => {
    const digits = digitsAt(text, at)
    return digits >= 6 || (digits >= 4 && (at === 0 || at + digits === text.length))
  }
  let setC = worthC(0) || (text.length === 2 && digitsAt(text, 0) === 2)
  const values = [setC ? START_C : START_B]
  let at = 0
  while (at < text.length)
    if (setC && digitsAt(text, at) >= 2) {
      values.push(Number(text.slice(at, at + 2)))
      at += 2
    } else if (setC) {
      values.push(TO_B)
      setC = false
    } else if (worthC(at) && digitsAt(text, at) % 2 === 0) {
      values.push(TO_C)
      setC = true
    } else {
      values.push((text.codePointAt(at) ?? 0) - 32)
      at++
    }
  return values
}

/**
 * Widths of the bars and spaces in modules, beginning and ending with a bar.
 *
 * @throws RangeError for a text that is empty or holds anything but printable ASCII
 */
export const encodeCode128 = (text: string): number[] => {
  if (!/^[ -~]+$/u.test(text)) throw new RangeError('Code 128 carries printable ASCII characters, at least one')
  const values = symbols(text)
  const check = values.reduce((sum, value, index) => sum + value * Math.max(1, index), 0) % 103
  return [...values, check, STOP].flatMap((value) => [...(WIDTHS[value] ?? '')].map(Number))
}
