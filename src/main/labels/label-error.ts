export type LabelErrorCode =
  /** A template is not valid. */
  | 'template'
  | 'unknown-template'
  | 'unknown-field'
  /** A text or a code is larger than the box that the template gives it. */
  | 'overflow'
  /** No bundled font has a character of a text. */
  | 'no-glyph'
  /** A code cannot carry a text. */
  | 'not-encodable'

/** Why a label cannot be laid out: said before anything is printed, never by a clipped label. */
export class LabelError extends Error {
  readonly code: LabelErrorCode
  /** What the sentence names: element, field, text, box. */
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: LabelErrorCode, message: string, details: Readonly<Record<string, string | number>> = {}) {
    super(message)
    this.name = 'LabelError'
    this.code = code
    this.details = details
  }
}
