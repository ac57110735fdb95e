/** The requests of the page of provisioned modules. */
import type { MODULE_REQUESTS } from '../../contract/index.ts'
import type { Station } from '../station.ts'
import type { Handlers } from './handlers.ts'
import { importModules, labelModule } from './modules.ts'
import { RequestRefusal } from './request-refusal.ts'

export const moduleHandlers = (
  station: Pick<Station, 'data' | 'labels' | 'order' | 'readMac'>,
  who: string,
): Pick<Handlers, keyof typeof MODULE_REQUESTS> => ({
  async 'modules.import'({ path }) {
    const result = await importModules(station.data, path)
    await station.data.records.ask('audit', {
      at: Date.now(),
      who,
      action: 'modules imported',
      subject: path,
      detail: String(result.imported),
    })
    return result
  },
  async 'modules.label'({ slot }) {
    const order = station.order()
    if (!order) throw new RequestRefusal('not-now', 'no-order')
    if (order.line.state().state === 'running') throw new RequestRefusal('not-now', 'slot-in-use')
    if (!station.labels.prints()) throw new RequestRefusal('not-now', 'no-printer')
    const labelled = await labelModule(station.data, order, await station.readMac(slot), slot, who, new Date())
    if (!labelled.before) station.labels.wake()
    return labelled
  },
})
