/** The label queue's store over the records: each call one commit. */
import { randomUUID } from 'node:crypto'
import type { LabelStore } from '../../labels/label-store.ts'
import type { Records } from '../../records/records.ts'

export const recordsLabelStore = (records: Records): LabelStore => ({
  waiting: (limit) => records.ask('waitingLabels', { limit }),
  open: () => records.ask('openLabels'),
  move: async (move) => (await records.ask('moveLabel', { ...move, at: Date.now() })).moved,
  answer: async (answer) => (await records.ask('answerLabel', { ...answer, at: Date.now() })).answered,
  async reprint({ id, reason, who }) {
    const newId = randomUUID()
    const { reprinted } = await records.ask('reprintLabel', { labelId: id, newId, reason, who, at: Date.now() })
    return reprinted ? newId : null
  },
  raise: async (raise) => (await records.ask('raiseLabel', { ...raise, at: Date.now() })).raised,
})
