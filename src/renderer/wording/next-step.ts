/** The one next thing as a sentence with its urgency, from the station's code and the view that it goes with. */
import type { LabelView, SlotView, View } from '../../contract/index.ts'
import { boardSentence, failureCause, type Translate } from './failure.ts'

export interface NextThing {
  readonly sentence: string
  /** calm: nothing to do; good: go on; attention, fault: a person is wanted at the board; alarm: the line stands still. */
  readonly tone: 'calm' | 'good' | 'attention' | 'fault' | 'alarm'
  /** The panel can be changed: said as large as it can be. */
  readonly isAllClear?: boolean
  /** The slot that the sentence is about. */
  readonly slot: number | null
  /** The label that waits for a person's answer. */
  readonly doubt: LabelView | null
  /** The page on which it is done; null where it is done at the line. */
  readonly leadsTo: 'orders' | 'order' | null
}

const DONE: readonly SlotView['state'][] = ['pass', 'unverified']
const BUSY: readonly SlotView['state'][] = ['working', 'ready', 'waiting']

/** Every board in the fixture has passed and none is in work: the panel can be changed. */
export const isAllClear = (slots: readonly SlotView[]): boolean =>
  slots.some(({ state }) => DONE.includes(state)) &&
  !slots.some(({ state }) => BUSY.includes(state) || state === 'fail' || state === 'made-before')

/** Would a board that is put in now be made? */
export const wantsBoards = (order: View['order']): boolean =>
  order !== null &&
  (order.state === 'running' || order.state === 'ready') &&
  order.passed + order.running < order.quantity

const working = (view: View, t: Translate): string =>
  wantsBoards(view.order) && view.slots.some(({ state }) => state === 'empty')
    ? t('next.workingWithRoom')
    : t('next.working')

const slotNamed = (view: View, state: SlotView['state']): SlotView | undefined =>
  view.slots.find(({ slot }) => slot === view.next.params['slot']) ?? view.slots.find((slot) => slot.state === state)

const slotFailed = (view: View, t: Translate): Partial<NextThing> & { sentence: string } => {
  const slot = slotNamed(view, 'fail')
  if (!slot?.failure) return { sentence: t('next.working'), tone: 'calm' }
  const { failure } = slot
  return {
    sentence: t('next.slotFailed', {
      slot: slot.slot,
      cause: failureCause(failure, t),
      board: boardSentence(failure, t),
    }),
    slot: slot.slot,
  }
}

const labelInDoubt = (view: View, t: Translate): Partial<NextThing> & { sentence: string } => {
  const doubtful = view.labels.queue.filter(({ state }) => state === 'in-doubt')
  const doubt = doubtful.find(({ id }) => id === view.next.params['labelId']) ?? doubtful[0]
  return doubt
    ? { sentence: t('next.labelInDoubt', { serial: doubt.serial }), doubt }
    : { sentence: t('next.labelsInDoubt') }
}

const printerNeedsYou = (view: View, t: Translate): string => {
  const { printer } = view.labels
  if (!printer || printer.state === 'ready' || printer.state === 'printing') return t('printer.fault.unknown')
  return t(`printer.remedy.${printer.state}`)
}

/** Which label was scanned where, and whose it is. */
export const labelWrong = (view: View, t: Translate): string => {
  const { hold } = view.labels.scanBack
  if (!hold) return t('next.working')
  const { slot, expected, found } = hold
  if (!found) return t('next.labelUnknown', { slot: slot ?? '', expected })
  return t(found.slot === null ? 'next.labelWrong' : 'next.labelWrongOfSlot', {
    slot: slot ?? '',
    expected,
    serial: found.serial,
    foundSlot: found.slot ?? '',
  })
}

/** What the bottom line says. */
export const nextThing = (view: View, t: Translate): NextThing => {
  const say = (tone: NextThing['tone'], about: string | (Partial<NextThing> & { sentence: string })): NextThing => ({
    tone,
    slot: null,
    doubt: null,
    leadsTo: null,
    ...(typeof about === 'string' ? { sentence: about } : about),
  })
  if (view.station.person === null) return say('attention', t('next.signIn'))
  switch (view.next.code) {
    case 'insert-boards':
      return isAllClear(view.slots)
        ? say('good', { sentence: t('next.changePanel'), isAllClear: true })
        : say('calm', t('next.insertBoards'))
    case 'working':
      return say('calm', working(view, t))
    case 'finished':
      return say('good', t('next.finished', { passed: view.order?.passed ?? 0 }))
    case 'start-order':
      return say('calm', t('next.startOrder'))
    case 'first-article-rejected':
      return say('attention', t('next.firstArticleRejected'))
    case 'order-paused':
      return say('attention', t('next.orderPaused'))
    case 'order-stopped':
      return say(
        view.order?.stopReason === 'operator' ? 'attention' : 'alarm',
        t(`next.stopped.${view.order?.stopReason ?? 'unknown'}`),
      )
    case 'slot-failed':
      return say('fault', slotFailed(view, t))
    case 'made-before': {
      const slot = slotNamed(view, 'made-before')
      return say('attention', { sentence: t('next.madeBefore', { slot: slot?.slot ?? '' }), slot: slot?.slot ?? null })
    }
    case 'label-in-doubt':
      return say('attention', labelInDoubt(view, t))
    case 'label-wrong':
      return say('alarm', labelWrong(view, t))
    case 'scan-label':
      return say(
        'attention',
        t(view.labels.scanBack.mode === 'slot' ? 'next.scanLabelAt' : 'next.scanLabel', view.next.params),
      )
    case 'printer-needs-you':
      return say('alarm', printerNeedsYou(view, t))
    case 'set-up':
      return say('attention', t('next.setUp'))
    case 'choose-order':
      return say('attention', { sentence: t('next.chooseOrder'), leadsTo: 'orders' })
    case 'make-first-article':
      return say('calm', t('next.makeFirstArticle'))
    case 'approve-first-article':
      return say('attention', {
        sentence: t('next.approveFirstArticle', { serial: view.order?.firstArticle?.serial ?? '' }),
        leadsTo: 'order',
      })
    case 'scan-to-start':
      return say('attention', t('next.scanToStart', view.next.params))
    case 'press-to-start':
      return say('attention', t('next.pressToStart', view.next.params))
    case 'panel-incomplete':
      return say('attention', t('next.panelIncomplete', view.next.params))
    case 'waiting-for-identities':
      return say('calm', t('next.waitingForIdentities'))
  }
}
