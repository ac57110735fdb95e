/** What is wrong with a label template, in the language of the screen. */
import type { TemplateFinding } from '../../contract/index.ts'
import type { Translate } from './failure.ts'

/** Fields of the template's document, by the label that the page gives them. */
const LABELS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['x', 'y', 'width', 'height', 'size', 'smallest', 'lines', 'length', 'stroke'].map((field) => [
      field,
      `templates.field.${field}`,
    ]),
  ),
  text: 'templates.text',
  name: 'templates.elementName',
  longest: 'templates.longest',
  freeFields: 'templates.freeFields',
  elements: 'templates.elements',
}
/** The same word means another thing of the whole label. */
const OF_LABEL: Readonly<Record<string, string>> = {
  name: 'templates.name',
  width: 'templates.label.width',
  height: 'templates.label.height',
}
/** Here the field is one of the unit's or the order's own, and stands as it is typed. */
const AS_TYPED: ReadonlySet<TemplateFinding['code']> = new Set(['unknown-field', 'field-twice'])

export const templateFindingSentence = ({ code, values, element }: TemplateFinding, t: Translate): string => {
  const field = String(values['field'] ?? '')
  const key = AS_TYPED.has(code) ? undefined : ((element === null ? OF_LABEL[field] : undefined) ?? LABELS[field])
  return t(`templates.finding.${code}`, { ...values, ...(key === undefined ? {} : { field: t(key) }) })
}
