/** The one next thing: what a person should do now, or what the line waits for. */
import type { LabelsView, NextStep, OrderView, SlotView, StartSettings } from '../../contract/index.ts'

const PRINTER_NEEDS_A_PERSON: ReadonlySet<string> = new Set([
  'paper-out',
  'ribbon-out',
  'head-open',
  'not-answering',
  'paused',
  'error',
])

const step = (code: NextStep['code'], params: NextStep['params'] = {}): NextStep => ({ code, params })

const START_STEPS = { insertion: 'panel-incomplete', scan: 'scan-to-start', key: 'press-to-start' } as const

/** The first article was rejected, and no other is made yet. */
const isRejected = ({ firstArticle }: OrderView): boolean =>
  firstArticle?.state === 'to-make' && firstArticle.rejections.length > 0

/** What cannot wait comes first: a label in doubt, a printer that stands still, a slot that needs hands. */
export const nextStep = (
  order: OrderView | null,
  slots: readonly SlotView[],
  labels: LabelsView,
  trigger: StartSettings['trigger'],
  needsSetUp: boolean,
): NextStep => {
  if (!order) return step(needsSetUp ? 'set-up' : 'choose-order')
  const { hold } = labels.scanBack
  if (hold)
    return step('label-wrong', {
      slot: hold.slot ?? 0,
      expected: hold.expected,
      serial: hold.found?.serial ?? '',
      foundSlot: hold.found?.slot ?? 0,
    })
  const doubtful = labels.queue.find((label) => label.state === 'in-doubt')
  if (doubtful) return step('label-in-doubt', { serial: doubtful.serial, slot: doubtful.slot ?? 0 })
  const waits = (labels.counts.waiting ?? 0) + (labels.counts.sent ?? 0) > 0
  if (waits && labels.printer && PRINTER_NEEDS_A_PERSON.has(labels.printer.state))
    return step('printer-needs-you', { fault: labels.printer.state })
  const failed = slots.find((slot) => slot.state === 'fail')
  if (failed) return step('slot-failed', { slot: failed.slot, board: failed.failure?.board ?? 'none' })
  const before = slots.find((slot) => slot.state === 'made-before')
  if (before) return step('made-before', { slot: before.slot, serial: before.serial ?? '' })
  const { next } = labels.scanBack
  const scan = next && step('scan-label', { slot: next.slot ?? 0, serial: next.serial, mark: next.mark })
  switch (order.state) {
    case 'ready':
      return step('start-order')
    case 'paused':
      return step(isRejected(order) ? 'first-article-rejected' : 'order-paused')
    case 'stopped':
      return step('order-stopped', { reason: order.stopReason ?? 'operator' })
    case 'finished':
      return scan ?? step('finished', { passed: order.passed })
    case 'running': {
      const first = order.firstArticle?.state
      if (first === 'to-approve') return step('approve-first-article', { serial: order.firstArticle?.serial ?? '' })
      if (order.firmware && order.identitiesReady === 0 && order.passed + order.running < order.quantity)
        return step('waiting-for-identities')
      const ready = slots.filter((slot) => slot.state === 'ready').length
      if (ready > 0)
        return step(order.missing > 0 ? 'panel-incomplete' : START_STEPS[trigger], {
          ready,
          missing: order.missing,
        })
      if (scan) return scan
      if (first === 'to-make' && order.running === 0) return step('make-first-article')
      const empty = slots.filter((slot) => slot.state === 'empty').length
      if (order.running > 0) return step('working', { running: order.running, empty })
      return step('insert-boards', { empty })
    }
  }
}
