/** The labels of one `imprint label print`: a queue that lasts as long as the command, for units that no records know. */
import type { LabelStore, QueuedLabel } from '../labels/label-store.ts'

export interface LabelList extends LabelStore {
  /** Ids of the labels in a state. */
  inState(...states: QueuedLabel['state'][]): string[]
  /** Labels of which something is still to come. */
  readonly unsettled: number
}

const isOpen = ({ state, fault }: QueuedLabel): boolean =>
  state === 'waiting' || (state === 'sent' && fault !== 'not-confirmed')

/** @param serials all different; they are the labels' ids too */
export const createLabelList = (serials: readonly string[]): LabelList => {
  const labels = new Map<string, QueuedLabel>(
    serials.map((serial) => [serial, { id: serial, serial, state: 'waiting', fault: null, proof: null }]),
  )
  /** Those that wait, in order; the first is the next. */
  const waiting = [...serials]
  let unsettled = serials.length
  const refuse = (): Promise<never> => Promise.reject(new Error('a list of labels at the terminal has no such request'))
  return {
    get unsettled() {
      return unsettled
    },
    inState: (...states) => [...labels.values()].filter(({ state }) => states.includes(state)).map(({ id }) => id),
    waiting: (limit) => Promise.resolve(waiting.slice(0, limit).flatMap((id) => labels.get(id) ?? [])),
    open: () => Promise.resolve([]),
    move({ id, from, to, fault, proof }) {
      const label = labels.get(id)
      if (!label || !from.includes(label.state)) return Promise.resolve(false)
      const moved = { ...label, state: to, fault, proof }
      labels.set(id, moved)
      unsettled += Number(isOpen(moved)) - Number(isOpen(label))
      const at = label.state === 'waiting' ? waiting.indexOf(id) : -1
      if (at >= 0) waiting.splice(at, 1)
      if (to === 'waiting') waiting.unshift(id)
      return Promise.resolve(true)
    },
    answer: refuse,
    reprint: refuse,
    raise: refuse,
  }
}
