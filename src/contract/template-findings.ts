/** What is wrong with a label template (an error: nothing is printed) or may go wrong (a warning), each with its sentence. */
import { z } from 'zod'
import { Values } from './sentences.ts'

export const TEMPLATE_FINDINGS = {
  // The template itself.
  'not-a-template': 'This is not a label template.',
  'name-not-allowed':
    '{field}: this name is not allowed. Begin with a small letter; letters, digits and hyphens may follow.',
  'element-twice': 'Two elements are named “{element}”. Give one of them another name.',
  'field-twice': 'There is a field “{field}” already. Give this one another name.',
  'beyond-label': 'It reaches beyond the label of {width} × {height} mm. Move it, or make it smaller.',
  empty: '{field}: this may not be empty.',
  'number-needed': '{field}: a number is needed.',
  'too-small': '{field}: {least} is the least that is allowed.',
  'too-large': '{field}: {most} is the most that is allowed.',
  'too-long': '{field}: {most} characters are allowed at most.',
  'no-elements': 'The label is empty. Add an element.',
  'value-not-allowed': '{field}: this value is not allowed.',
  'no-mark': 'The label has no place for the mark {mark}. Add a text with the field “mark”.',
  // Its longest values.
  'unknown-field': 'There is no field “{field}”. Add it to the fields of the order, or name another one.',
  overflow: '“{text}” needs {needed}, and the box has {box}. Enlarge the box, or let the text shrink.',
  'no-glyph':
    'No font can print the character “{character}” in “{text}”. European letters and Simplified Chinese can be printed.',
  'not-encodable': 'The code cannot carry “{text}”.',
  'small-module': 'A module is {module} mm wide at this resolution. Scanners read 0.25 mm and more well.',
  'quiet-zone': '“{other}” stands in the blank margin that this code needs. Move it away.',
} as const

export type TemplateFindingCode = keyof typeof TEMPLATE_FINDINGS
const CODES = Object.keys(TEMPLATE_FINDINGS) as [TemplateFindingCode, ...TemplateFindingCode[]]

export const TemplateFinding = z.object({
  /** The name of the element that it is about; null for the whole label. */
  element: z.string().nullable(),
  severity: z.enum(['error', 'warning']),
  code: z.enum(CODES),
  /** `field` is named as the template's document names it; a screen words it. */
  values: Values,
})
export type TemplateFinding = z.infer<typeof TemplateFinding>
