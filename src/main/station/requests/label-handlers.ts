/** The requests of the pages of labels and cartons. */
import type { LABEL_REQUESTS } from '../../../contract/index.ts'
import type { Station } from '../../station.ts'
import { closeCarton, listCartons, pack, reopenCarton, unpack, type CartonOrder } from '../labels/carton-desk.ts'
import type { Handlers } from './handlers.ts'
import { labelView } from '../labels/label-desk.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { confirmAtCarton, unitLabels, voidScanned } from '../labels/scan-back.ts'

export const labelHandlers = (
  station: Pick<Station, 'data' | 'labels' | 'order'>,
  who: string,
): Pick<Handlers, keyof typeof LABEL_REQUESTS> => {
  const { data, labels } = station
  const { records } = data
  const order = (): CartonOrder => {
    const open = station.order()
    if (!open) throw new RequestRefusal('not-now', 'no-order')
    return open
  }
  return {
    'labelSettings.get': () => Promise.resolve(labels.settings()),
    async 'labelSettings.save'(settings) {
      await labels.useSettings(settings)
      const detail = JSON.stringify(settings)
      await records.ask('audit', { at: Date.now(), who, action: 'label settings changed', subject: 'labels', detail })
      return {}
    },
    async 'label.raise'({ labelId, to }) {
      await labels.raise(labelId, to, who)
      return {}
    },
    async 'label.find'({ scanned }) {
      const { serial, labels: found } = await unitLabels(data, scanned)
      return {
        serial,
        labels: found.map((row) => ({ ...labelView(row), voided: row.voided, current: row.state !== 'superseded' })),
      }
    },
    async 'label.void'({ scanned, labelId, reason }) {
      const result = await voidScanned(data, scanned, labelId, reason, who)
      labels.changed()
      return result
    },
    async 'scanBack.release'({ reason }) {
      const { released } = await records.ask('releaseHold', { reason, who, at: Date.now() })
      if (!released) throw new RequestRefusal('not-now', 'line-not-held')
      labels.changed()
      return {}
    },
    'cartons.list': () => listCartons(records, order()),
    'carton.units': async ({ cartonId }) => ({ units: await records.ask('cartonUnits', { cartonId }) }),
    async 'carton.pack'({ scanned }) {
      const open = order()
      const label = await confirmAtCarton(data, labels.settings().scanBack, scanned, who)
      const packed = await pack(records, open, label, labels.prints(), who).finally(() => labels.changed())
      if (packed.closed) labels.wake()
      return packed
    },
    async 'carton.unpack'({ mac, reason }) {
      await unpack(records, mac, reason, who)
      return {}
    },
    async 'carton.close'({ cartonId }) {
      await closeCarton(records, cartonId, labels.prints(), who)
      labels.wake()
      return {}
    },
    async 'carton.reopen'({ cartonId, reason }) {
      await reopenCarton(records, cartonId, reason, who)
      labels.changed()
      return {}
    },
  }
}
