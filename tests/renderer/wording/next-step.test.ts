/** The bottom line always says one whole sentence, in every language, whatever the station's code and view. */
import { describe, expect, it } from 'vitest'
import { FAILURE_CODES, NextStep, type SlotView, type View } from '../../../src/contract/index.ts'
import { LANGUAGES } from '../../../src/contract/index.ts'
import { createTranslations } from '../../../src/renderer/locales/index.ts'
import { boardSentence, failureCause, type Translate } from '../../../src/renderer/wording/failure.ts'
import { isAllClear, nextThing } from '../../../src/renderer/wording/next-step.ts'
import { failed, mixedSlots, viewOf } from '../../e2e/fixtures-renderer/views.ts'

const translate = (language: (typeof LANGUAGES)[number]): Translate => {
  const { t } = createTranslations(language).global
  return (key, params = {}) => t(key, params)
}
const t = translate('en')
const next = (code: NextStep['code'], parts: Partial<View> = {}, params: NextStep['params'] = {}) =>
  nextThing(viewOf(mixedSlots(8), { next: { code, params }, ...parts }), t)

describe.each(LANGUAGES)('%s', (language) => {
  it.each(NextStep.shape.code.options)('says a whole sentence for %s, with slots and without', (code) => {
    for (const slots of [mixedSlots(8), []]) {
      const { sentence } = nextThing(viewOf(slots, { next: { code, params: {} } }), translate(language))
      expect(sentence).toMatch(/[.?。？]$/)
      expect(sentence).not.toMatch(/[{}]|\b[a-z]+\.[a-z]+\b/)
    }
  })

  it.each(FAILURE_CODES)('says cause and board of %s', (code) => {
    const { failure } = failed(3, code)
    if (!failure) throw new Error('a failed slot has a failure')
    expect(failureCause(failure, translate(language))).toMatch(/[.。]$/)
    expect(failureCause({ ...failure, params: {} }, translate(language))).not.toMatch(/[{}]/)
    expect(boardSentence(failure, translate(language))).toMatch(/[.。]$/)
  })
})

it('names the slot of the station, or the first that failed', () => {
  expect(next('slot-failed', {}, { slot: 6 })).toMatchObject({ slot: 6, tone: 'fault' })
  expect(next('slot-failed').sentence).toBe(
    'Slot 3: The chip has security settings that the order does not expect: secure boot, flash encryption. Take the board out.',
  )
})

it('says what the printer needs', () => {
  const labels = viewOf([]).labels
  const printer = { name: 'ZD421', simulated: false, queuePaused: false, confirms: true }
  expect(
    next('printer-needs-you', { labels: { ...labels, printer: { ...printer, state: 'head-open' } } }).sentence,
  ).toBe('The cover of the printer is open. Close it.')
})

it('offers the label in doubt to be answered', () => {
  expect(next('label-in-doubt').doubt?.state).toBe('in-doubt')
})

it('is an alarm when the line stopped by itself, and none when a person stopped it', () => {
  const order = viewOf([]).order
  if (!order) throw new Error('the view has an order')
  const stopped = (stopReason: 'operator' | 'too-many-failures') =>
    next('order-stopped', { order: { ...order, state: 'stopped', stopReason } }).tone
  expect(stopped('too-many-failures')).toBe('alarm')
  expect(stopped('operator')).toBe('attention')
})

it('is all clear when boards have passed and no slot works, waits, failed, or holds a board made before', () => {
  const [pass, working] = mixedSlots(2)
  const empty = mixedSlots(7)[6]
  if (!pass || !working || !empty) throw new Error('the fixture has these slots')
  const clear = (...slots: SlotView[]): boolean => isAllClear(slots)
  expect(clear(pass, empty)).toBe(true)
  expect(clear(pass, working)).toBe(false)
  expect(clear(pass, failed(2, 'no-answer'))).toBe(false)
  expect(clear(empty)).toBe(false)
  expect(nextThing(viewOf([pass, empty], { next: { code: 'insert-boards', params: {} } }), t)).toMatchObject({
    tone: 'good',
    sentence: 'All slots are done. Change the panel.',
  })
})
