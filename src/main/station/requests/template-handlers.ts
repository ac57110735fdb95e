/** The requests of the templates' page. */
import type { TEMPLATE_REQUESTS } from '../../../contract/index.ts'
import type { Station } from '../../station.ts'
import type { Handlers } from './handlers.ts'
import { findTemplate, listTemplates, previewTemplate, saveTemplate } from '../labels/template-desk.ts'

export const templateHandlers = (
  station: Pick<Station, 'templates' | 'order' | 'data'>,
  who: string,
): Pick<Handlers, keyof typeof TEMPLATE_REQUESTS> => {
  const { templates, data } = station
  return {
    'templates.list': async () => ({ templates: await listTemplates(templates) }),
    'templates.get': async ({ name, version }) => ({ template: await findTemplate(templates, name, version) }),
    'templates.preview': ({ template, dpi, values }) =>
      Promise.resolve(previewTemplate(template, dpi, values, station.order())),
    async 'templates.save'({ template }) {
      const saved = await saveTemplate(templates, template)
      await data.records.ask('audit', {
        at: Date.now(),
        who,
        action: 'label template saved',
        subject: saved.name,
        detail: `version ${saved.version}`,
      })
      return { template: saved }
    },
  }
}
