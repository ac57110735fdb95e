/** The templates that come with Imprint. */
import standard from '../../../resources/label-templates/unit-40x20.json' with { type: 'json' }
import large from '../../../resources/label-templates/unit-50x30.json' with { type: 'json' }
import small from '../../../resources/label-templates/unit-25x25.json' with { type: 'json' }
import carton from '../../../resources/label-templates/carton-100x50.json' with { type: 'json' }
import { UNIT_TEMPLATE } from '../../contract/label-choice.ts'
import { LabelError } from './label-error.ts'
import { parseTemplate, type LabelTemplate } from './template.ts'

export const DEFAULT_TEMPLATE = UNIT_TEMPLATE

const BUNDLED: ReadonlyMap<string, LabelTemplate> = new Map(
  [standard, large, small, carton]
    .map((value) => parseTemplate(value, `bundled template '${value.name}'`))
    .map((template) => [template.name, template]),
)

export const bundledTemplates = (): LabelTemplate[] => [...BUNDLED.values()]

/** Of those for units, which a table of units can be printed with. */
export const templateNames = (): string[] =>
  bundledTemplates()
    .filter(({ kind }) => kind === 'unit')
    .map(({ name }) => name)

/** @throws LabelError `unknown-template` */
export const templateByName = (name: string): LabelTemplate => {
  const template = BUNDLED.get(name)
  if (!template)
    throw new LabelError(
      'unknown-template',
      `there is no label template '${name}'; ${templateNames().join(', ')} exist`,
      { template: name },
    )
  return template
}
