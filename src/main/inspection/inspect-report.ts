/** An inspection as words for a person and as JSON for a script. Secrets are masked unless they are asked for. */
import { MASK, type Fact, type FactValue, type Inspection, type Problem } from './inspection.ts'
import type { Together } from './inspect-together.ts'

/** One argument with what was found in it. */
export interface Inspected {
  /** The file's name; of a code only its beginning, since it is a secret. */
  readonly source: string
  readonly found: readonly Inspection[]
}

export interface Report {
  readonly items: readonly Inspected[]
  readonly together: Together
}

const isWrong = (problems: readonly Problem[]): boolean => problems.some(({ severity }) => severity === 'error')

const hasError = (inspection: Inspection): boolean =>
  isWrong(inspection.problems) || (inspection.parts ?? []).some(hasError)

/** Nothing is wrong with any of it; notes may remain. */
export const isRight = ({ items, together }: Report): boolean =>
  !isWrong(together.problems) && !items.some(({ found }) => found.some(hasError))

interface InspectionJson {
  readonly kind: Inspection['kind']
  readonly title: string
  readonly right: boolean
  readonly facts: Readonly<Record<string, FactValue>>
  readonly problems: readonly Problem[]
  readonly parts?: readonly InspectionJson[]
}

const inspectionJson = (inspection: Inspection, secrets: boolean): InspectionJson => ({
  kind: inspection.kind,
  title: inspection.title,
  right: !hasError(inspection),
  facts: Object.fromEntries(
    inspection.facts.map(({ name, value, secret }) => [name, secret && !secrets ? MASK : value]),
  ),
  problems: inspection.problems,
  ...(inspection.parts?.length ? { parts: inspection.parts.map((part) => inspectionJson(part, secrets)) } : {}),
})

/** @param secrets shows them */
export const reportJson = (report: Report, secrets: boolean) => ({
  right: isRight(report),
  items: report.items.flatMap(({ source, found }) =>
    found.map((inspection) => ({ source, ...inspectionJson(inspection, secrets) })),
  ),
  together: report.together,
})

const LABEL_WIDTH = 26

const factLines = ({ label, value, words, secret }: Fact, indent: string, secrets: boolean): string[] => {
  const shown = secret && !secrets ? MASK : (words ?? (Array.isArray(value) ? undefined : String(value)))
  if (shown !== undefined) return [`${indent}${label.padEnd(LABEL_WIDTH)}  ${shown}`]
  const [first = '', ...rest] = value as readonly string[]
  return [
    `${indent}${label.padEnd(LABEL_WIDTH)}  ${first}`,
    ...rest.map((item) => `${indent}${' '.repeat(LABEL_WIDTH)}  ${item}`),
  ]
}

const problemLine = ({ severity, message }: Problem, indent: string): string =>
  `${indent}${severity === 'error' ? 'WRONG' : 'note'}: ${message}`

const inspectionLines = (inspection: Inspection, indent: string, secrets: boolean): string[] => [
  ...inspection.facts.flatMap((fact) => factLines(fact, indent, secrets)),
  ...inspection.problems.map((problem) => problemLine(problem, indent)),
  ...(inspection.parts ?? []).flatMap((part) => [
    '',
    `${indent}${part.title}`,
    ...inspectionLines(part, `${indent}  `, secrets),
  ]),
]

/** @param secrets shows them */
export const reportText = (report: Report, secrets: boolean): string => {
  const lines: string[] = []
  for (const { source, found } of report.items)
    for (const inspection of found)
      lines.push(`${source}: ${inspection.title}`, ...inspectionLines(inspection, '  ', secrets), '')
  const { checks, problems } = report.together
  if (checks.length > 0 || problems.length > 0)
    lines.push(
      'together',
      ...checks.map(({ words, right }) => `  ${right ? 'right' : 'WRONG'}: ${words}`),
      ...problems.map((problem) => problemLine(problem, '  ')),
      '',
    )
  lines.push(isRight(report) ? 'right: nothing is wrong with it' : 'WRONG: see above')
  return `${lines.join('\n')}\n`
}
