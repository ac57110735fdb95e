/** Label templates as the printing side needs them: read from a document, and what their texts refer to. */
import { LabelTemplate } from '../../contract/label-template.ts'
import { LabelError } from './label-error.ts'
import { referencesOf } from './label-data.ts'

export * from '../../contract/label-template.ts'

/** The fields that a template's texts refer to. */
export const fieldsOf = (template: LabelTemplate): Set<string> =>
  new Set(template.elements.flatMap((element) => ('text' in element ? referencesOf(element.text) : [])))

/**
 * @param source what is read, for the error: a file's name
 * @throws LabelError `template`, naming the source, the place and what is wrong
 */
export const parseTemplate = (value: unknown, source: string): LabelTemplate => {
  const parsed = LabelTemplate.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.join('.') || 'the document'
  throw new LabelError('template', `${source}: ${place}: ${issue?.message ?? 'not a label template'}`, { source })
}
