/**
 * Characters from physical keys. A scanner acts as a keyboard of its own layout, whatever layout, Caps Lock or input method the
 * computer has; so what counts is which key it presses (`KeyboardEvent.code`, UI Events KeyboardEvent code Values) and Shift.
 */

/** One press: '+KeyM' with Shift, 'KeyM' without. */
export type Stroke = string

/** The character for each stroke of one scanner. */
export type ScannerKeys = Readonly<Record<Stroke, string>>

const row = (codes: readonly string[], plain: string, shifted: string): [Stroke, string][] =>
  codes.flatMap((code, index) => [
    [code, plain[index] ?? ''] as [Stroke, string],
    [`+${code}`, shifted[index] ?? ''] as [Stroke, string],
  ])

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '1234567890'
const SIGN_CODES = [
  'Minus',
  'Equal',
  'BracketLeft',
  'BracketRight',
  'Backslash',
  'Semicolon',
  'Quote',
  'Backquote',
  'Comma',
  'Period',
  'Slash',
  'Space',
]

/** The layout that scanners have when they leave the factory. */
export const US_KEYS: ScannerKeys = Object.fromEntries([
  ...row(
    [...LETTERS].map((letter) => `Key${letter.toUpperCase()}`),
    LETTERS,
    LETTERS.toUpperCase(),
  ),
  ...row(
    [...DIGITS].map((digit) => `Digit${digit}`),
    DIGITS,
    '!@#$%^&*()',
  ),
  ...row(
    [...DIGITS].map((digit) => `Numpad${digit}`),
    DIGITS,
    DIGITS,
  ),
  ...row(SIGN_CODES, "-=[]\\;'`,./ ", '_+{}|:"~<>? '),
])

export const strokeOf = (event: Pick<KeyboardEvent, 'code' | 'shiftKey'>): Stroke =>
  `${event.shiftKey ? '+' : ''}${event.code}`

/** The text of strokes; null when one of them has no character. */
export const textOf = (strokes: readonly Stroke[], learnt: ScannerKeys | null): string | null => {
  const characters = strokes.map((stroke) => learnt?.[stroke] ?? US_KEYS[stroke])
  return characters.includes(undefined) ? null : characters.join('')
}

/**
 * What a scanner's keys mean, from the strokes that it made for a text that is known. Null when the strokes cannot be that text:
 * another count, or one stroke for two characters.
 */
export const learnKeys = (strokes: readonly Stroke[], text: string): ScannerKeys | null => {
  const characters = [...text]
  if (strokes.length !== characters.length) return null
  const keys = new Map<Stroke, string>()
  for (const [index, stroke] of strokes.entries()) {
    const character = characters[index] ?? ''
    if ((keys.get(stroke) ?? character) !== character) return null
    keys.set(stroke, character)
  }
  return Object.fromEntries(keys)
}
