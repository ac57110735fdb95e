/** The templates that come with Imprint. */
import standard from '../../../resources/label-templates/unit-40x20.json' with { type: 'json' }
import large from '../../../resources/label-templates/unit-50x30.json' with { type: 'json' }
import small from '../../../resources/label-templates/unit-25x25.json' with { type: 'json' }
import { LabelError } from './label-error.ts'
import { parseTemplate, type LabelTemplate } from './template.ts'

export const DEFAULT_TEMPLATE = 'unit-40x20'

const BUNDLED: ReadonlyMap<string, LabelTemplate> = new Map(
  [standard, large, small]
    .map((value) => parseTemplate(value, `bundled template '${value.name}'`))
    .map((template) => [template.name, template]),
)

export const bundledTemplates = (): LabelTemplate[] => [...BUNDLED.values()]

export const templateNames = (): string[] => [...BUNDLED.keys()]

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
