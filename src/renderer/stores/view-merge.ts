/** Merging a pushed patch into the view so that what did not change stays the same object, and its component is not drawn again. */
import type { LabelView, SlotView, SocketView, View, ViewPatch } from '../../contract/index.ts'

const sameValue = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

const keep = <T>(before: T, after: T): T => (sameValue(before, after) ? before : after)

/** Items of `after`, each replaced by its equal in `before`, found by key. */
const keepItems = <T>(before: readonly T[], after: readonly T[], key: (item: T) => string | number): T[] => {
  const known = new Map(before.map((item) => [key(item), item]))
  return after.map((item) => {
    const old = known.get(key(item))
    return old === undefined ? item : keep(old, item)
  })
}

const slotKey = (slot: SlotView): number => slot.slot
const socketKey = (socket: SocketView): number => socket.slot
const labelKey = (label: LabelView): string => label.id

export const mergeView = (view: View, patch: ViewPatch): View => ({
  station: keep(view.station, patch.station ?? view.station),
  order: patch.order === undefined ? view.order : keep(view.order, patch.order),
  slots: patch.slots ? keepItems(view.slots, patch.slots, slotKey) : view.slots,
  sockets: patch.sockets ? keepItems(view.sockets, patch.sockets, socketKey) : view.sockets,
  labels: patch.labels
    ? { ...patch.labels, queue: keepItems(view.labels.queue, patch.labels.queue, labelKey) }
    : view.labels,
  next: keep(view.next, patch.next ?? view.next),
})
