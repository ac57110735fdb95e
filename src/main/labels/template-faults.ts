/** What the schema of a label template finds, each issue as a finding that a screen can word, at the element that it is about. */
import type { z } from 'zod'
import type { TemplateFinding, Values } from '../../contract/index.ts'

type Issue = z.core.$ZodIssue
type Said = Pick<TemplateFinding, 'code' | 'values'>

const isFinding = (params: unknown): params is Said =>
  typeof params === 'object' && params !== null && 'code' in params && 'values' in params

const said = (code: TemplateFinding['code'], values: Values): Said => ({ code, values })

const saidOf = (issue: Issue): Said => {
  const [first] = issue.path
  const field = String(issue.path.findLast((part) => typeof part === 'string') ?? '')
  if (issue.code === 'custom' && isFinding(issue.params)) return issue.params
  if (issue.path.length === 0) return said('not-a-template', {})
  if (issue.code === 'invalid_format') return said('name-not-allowed', { field })
  if (issue.code === 'invalid_type' && issue.expected === 'number') return said('number-needed', { field })
  if (issue.code === 'too_small')
    return issue.origin === 'array' && first === 'elements'
      ? said('no-elements', {})
      : issue.origin === 'string'
        ? said('empty', { field })
        : said('too-small', { field, least: String(issue.minimum) })
  if (issue.code === 'too_big')
    return said(issue.origin === 'string' ? 'too-long' : 'too-large', { field, most: String(issue.maximum) })
  return said('value-not-allowed', { field })
}

const elementAt = (template: unknown, path: Issue['path']): string | null => {
  const elements: unknown =
    typeof template === 'object' && template !== null && 'elements' in template ? template.elements : undefined
  const at: unknown = path[0] === 'elements' && Array.isArray(elements) ? elements[Number(path[1])] : undefined
  return typeof at === 'object' && at !== null && 'name' in at && typeof at.name === 'string' ? at.name : null
}

export const templateFaults = (template: unknown, error: z.ZodError): TemplateFinding[] =>
  error.issues.map((issue) => ({ element: elementAt(template, issue.path), severity: 'error', ...saidOf(issue) }))
