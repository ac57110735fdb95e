/** Records of labels in memory, for tests: what a database would keep, and every change in order. */
import type { LabelState } from '../../src/contract/index.ts'
import type { LabelStore, QueuedLabel } from '../../src/main/labels/label-store.ts'

export interface StoredLabel extends QueuedLabel {
  readonly unit: string
}

export interface MemoryStore extends LabelStore {
  add(unit: string): void
  /** Every label ever, in the queue's order. */
  all(): readonly StoredLabel[]
  readonly history: readonly { readonly id: string; readonly to: LabelState; readonly who?: string }[]
  inState(...states: LabelState[]): readonly StoredLabel[]
}

export const createMemoryStore = (): MemoryStore => {
  let labels: StoredLabel[] = []
  const history: { id: string; to: LabelState; who?: string }[] = []
  let next = 1
  const change = (id: string, values: Partial<StoredLabel>, who?: string): void => {
    labels = labels.map((label) => (label.id === id ? { ...label, ...values } : label))
    if (values.state) history.push(who === undefined ? { id, to: values.state } : { id, to: values.state, who })
  }
  const find = (id: string): StoredLabel | undefined => labels.find((label) => label.id === id)
  const insert = (unit: string): string => {
    const id = `label-${next++}`
    labels.push({ id, unit, serial: unit, state: 'waiting', fault: null, proof: null })
    return id
  }
  return {
    add: (unit) => void insert(unit),
    all: () => labels,
    history,
    inState: (...states) => labels.filter((label) => states.includes(label.state)),
    waiting: (limit) => Promise.resolve(labels.filter((label) => label.state === 'waiting').slice(0, limit)),
    open: () => Promise.resolve(labels.filter((label) => label.state === 'sent' && label.fault !== 'not-confirmed')),
    move({ id, from, to, fault, proof }) {
      const label = find(id)
      if (!label || !from.includes(label.state)) return Promise.resolve(false)
      change(id, { state: to, fault, proof })
      return Promise.resolve(true)
    },
    answer({ id, cameOut, who }) {
      if (find(id)?.state !== 'in-doubt') return Promise.resolve(false)
      change(id, { state: cameOut ? 'printed' : 'waiting', fault: null, proof: null }, who)
      return Promise.resolve(true)
    },
    reprint({ id, who }) {
      const label = find(id)
      if (!label || label.state === 'superseded') return Promise.resolve(null)
      change(id, { state: 'superseded' }, who)
      return Promise.resolve(insert(label.unit))
    },
    raise({ id, to }) {
      const label = find(id)
      if (label?.state !== 'waiting') return Promise.resolve(false)
      const others = labels.filter((other) => other !== label)
      const at = to === 'first' ? 0 : Math.max(0, labels.indexOf(label) - 1)
      labels = [...others.slice(0, at), label, ...others.slice(at)]
      return Promise.resolve(true)
    },
  }
}
