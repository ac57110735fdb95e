/** The text field that has the focus while keys come: what it held before, so that a scan leaves no trace in it. */
type TextField = HTMLInputElement | HTMLTextAreaElement

export interface FieldBefore {
  readonly field: TextField
  readonly value: string
  readonly start: number | null
  readonly end: number | null
}

const TYPES_OF_TEXT = ['text', 'search', 'url', 'tel', 'password', 'email', 'number']

const isTextField = (element: Element | null): element is TextField =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && TYPES_OF_TEXT.includes(element.type))

export const focusedField = (): FieldBefore | null => {
  const field = document.activeElement
  if (!isTextField(field)) return null
  return { field, value: field.value, start: field.selectionStart, end: field.selectionEnd }
}

const tellOfChange = (field: TextField): void => {
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Puts back what the field held. An input method that still composes is ended first, by leaving the field. */
export const restoreField = ({ field, value, start, end }: FieldBefore, composing: boolean): void => {
  if (composing) field.blur()
  field.value = value
  if (start !== null) field.setSelectionRange(start, end)
  tellOfChange(field)
  if (composing) field.focus()
}

/** Types text that was held back into the field, at its cursor. */
export const typeInto = ({ field }: FieldBefore, text: string): void => {
  const start = field.selectionStart ?? field.value.length
  const end = field.selectionEnd ?? start
  field.setRangeText(text, start, end, 'end')
  tellOfChange(field)
}
