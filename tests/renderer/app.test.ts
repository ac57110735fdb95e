/** The application on a station that is only answers: what is shown, what is asked, and what happens when it goes wrong. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { View } from '../../src/contract/index.ts'
import App from '../../src/renderer/App.vue'
import { useDialogs } from '../../src/renderer/stores/dialogs.ts'
import { useNotices } from '../../src/renderer/stores/notices.ts'
import { useScans } from '../../src/renderer/stores/scans.ts'
import { failed, mixedSlots, serialOf, viewOf } from '../e2e/fixtures-renderer/views.ts'
import { fakeConnection } from './fake-connection.ts'
import { mountOn } from './mount.ts'

type Mounted = Awaited<ReturnType<typeof mountOn>>
let mounted: Mounted | null = null

const show = async (parts: Partial<View> = {}, answers: Record<string, unknown> = {}, language?: 'zh-Hans') => {
  const connection = fakeConnection(viewOf(mixedSlots(8), parts), answers)
  mounted = await mountOn(connection, App, {}, language)
  return { connection, ...mounted }
}
const asked = (connection: { asked: readonly { name: string }[] }, name: string) =>
  connection.asked.filter((one) => one.name === name)

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  mounted?.leave()
  mounted = null
  vi.restoreAllMocks()
})

describe('connection', () => {
  it('says how to get a new address when this one is refused', async () => {
    const { connection, text } = await show()
    connection.become({ kind: 'refused' })
    await flushPromises()
    expect(text()).toContain('This address is no longer valid')
    expect(text()).toContain('npm start')
  })

  it('shows a band while the connection is lost, keeps the slots, and fetches the view anew when it is back', async () => {
    const { connection, text } = await show()
    connection.become({ kind: 'lost', since: Date.now() })
    await flushPromises()
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('Trying again')
    expect(document.querySelectorAll('.tile')).toHaveLength(8)
    connection.become({ kind: 'open' })
    await flushPromises()
    expect(asked(connection, 'view.get')).toHaveLength(2)
    expect(text()).not.toContain('Trying again')
  })

  it('draws what is pushed', async () => {
    const { connection, text } = await show()
    connection.push({ slots: [failed(1, 'not-booting')] })
    await flushPromises()
    expect(document.querySelectorAll('.tile')).toHaveLength(1)
    expect(text()).toContain('The board was written, but its firmware does not start.')
  })
})

describe('dashboard', () => {
  it('says on every page that the demo is one, and does not in production', async () => {
    const { station, text, connection } = await show()
    expect(text()).toContain('Demo: simulated boards')
    const production = { ...station.view?.station, mode: 'production', simulated: false } as View['station']
    connection.push({ station: production })
    await flushPromises()
    expect(text()).not.toContain('Demo: simulated boards')
  })

  it('shows each state as word, colour and sign together', async () => {
    await show({ slots: mixedSlots(13) })
    for (const tile of document.querySelectorAll('.tile')) {
      expect(tile.querySelector('.word')?.textContent?.trim()).not.toBe('')
      expect(tile.querySelector('.sign path')?.getAttribute('d')).toMatch(/^M/)
      expect([...tile.classList].some((name) => name.startsWith('tone-'))).toBe(true)
    }
  })

  it('speaks Chinese', async () => {
    const { text } = await show({}, {}, 'zh-Hans')
    expect(text()).toContain('演示：模拟电路板')
    expect(text()).toContain('请取出电路板。')
    expect(text()).not.toMatch(/Failed|Writing|passed/)
  })

  it('starts, pauses, and offers the demo again when it is finished', async () => {
    const { connection, byText, station } = await show({
      order: { ...viewOf([]).order, state: 'ready' } as View['order'],
    })
    byText('button', 'Start').click()
    await flushPromises()
    expect(asked(connection, 'order.start')).toHaveLength(1)
    connection.push({ order: { ...station.order, state: 'running' } as View['order'] })
    await flushPromises()
    byText('.controls button', 'Pause').click()
    await flushPromises()
    expect(asked(connection, 'order.pause')).toHaveLength(1)
    connection.push({ order: { ...station.order, state: 'finished' } as View['order'] })
    await flushPromises()
    byText('button', 'Run again').click()
    byText('.controls button', 'Set up my line').click()
    await flushPromises()
    expect(asked(connection, 'demo.runAgain')).toHaveLength(1)
    expect(asked(connection, 'station.open')).toEqual([{ name: 'station.open', params: { mode: 'production' } }])
  })

  it('says why the station refuses', async () => {
    const { connection, byText, text } = await show({ order: { ...viewOf([]).order, state: 'ready' } as View['order'] })
    connection.refuse('order.start', { code: 'not-now', message: 'The golden unit is not approved.' })
    byText('button', 'Start').click()
    await flushPromises()
    expect(text()).toContain('This is not possible now.')
    expect(text()).toContain('The golden unit is not approved.')
  })

  it('opens the set-up of a production station that has no order', async () => {
    const { connection, text, station } = await show({ order: null })
    connection.push({ station: { ...station.view?.station, mode: 'production', needsSetUp: true } as View['station'] })
    await vi.waitFor(() => expect(text()).toContain('Set up the line'))
    expect(text()).toContain('Name of the station')
  })
})

describe('a failed slot', () => {
  it('says what happened and what to do, shows the log, and is tried again', async () => {
    const log = { lines: [{ at: 0, step: 'verify', text: 'MD5 of app differs' }] }
    const { connection, byText, text } = await show({ slots: [failed(1, 'digest-mismatch')] }, { 'run.log': log })
    byText('.tile', 'Failed').click()
    await flushPromises()
    expect(text()).toContain('What was read back differs from what was written.')
    expect(text()).toContain('Put the board aside: its flash memory does not keep what is written.')
    byText('.frame button', 'Run log').click()
    await flushPromises()
    expect(text()).toContain('MD5 of app differs')
    expect(asked(connection, 'run.log')).toEqual([{ name: 'run.log', params: { runId: 'run-1' } }])
    byText('.frame button', 'Try again').click()
    await flushPromises()
    expect(asked(connection, 'slot.retry')).toEqual([{ name: 'slot.retry', params: { slot: 1 } }])
    expect(useDialogs().top).toBeNull()
  })

  it('stays open when the retry is refused', async () => {
    const { connection, byText, text } = await show({ slots: [failed(1, 'no-answer')] })
    connection.refuse('slot.retry', { code: 'not-now', message: 'Slot 1 is empty.' })
    byText('.tile', 'Failed').click()
    await flushPromises()
    byText('.frame button', 'Try again').click()
    await flushPromises()
    expect(text()).toContain('Slot 1 is empty.')
    expect(useDialogs().top).toEqual({ kind: 'slot', slot: 1 })
  })
})

describe('labels', () => {
  it('are reprinted with a reason, and not without', async () => {
    const { connection, byText } = await show({}, { 'label.reprint': { labelId: 'label-99' } })
    useDialogs().open({ kind: 'reprint', labelId: 'label-1', serial: serialOf(1) })
    await flushPromises()
    const confirm = [...document.querySelectorAll<HTMLButtonElement>('.frame footer button')].at(-1)
    expect(confirm?.disabled).toBe(true)
    byText('.usual button', 'Label damaged').click()
    await flushPromises()
    confirm?.click()
    await flushPromises()
    expect(asked(connection, 'label.reprint')).toEqual([
      { name: 'label.reprint', params: { labelId: 'label-1', reason: 'Label damaged' } },
    ])
  })

  it('in doubt are asked about', async () => {
    const { connection, byText } = await show({ next: { code: 'label-in-doubt', params: {} } })
    byText('.controls button', 'Answer').click()
    await flushPromises()
    byText('.frame button', 'No, print it again').click()
    await flushPromises()
    expect(asked(connection, 'label.resolve')).toEqual([
      { name: 'label.resolve', params: { labelId: 'label-6', cameOut: false } },
    ])
  })

  it('are paused and let go on', async () => {
    const { connection, byText, station } = await show()
    byText('.labels button', 'Pause printing').click()
    await flushPromises()
    expect(asked(connection, 'labels.pause')).toHaveLength(1)
    const labels = station.labels
    if (!labels?.printer) throw new Error('the view has a printer')
    connection.push({ labels: { ...labels, printer: { ...labels.printer, queuePaused: true } } })
    await flushPromises()
    byText('.labels button', 'Go on printing').click()
    await flushPromises()
    expect(asked(connection, 'labels.resume')).toHaveLength(1)
  })

  it('are confirmed by a scan on any page, and the screen says which', async () => {
    const { connection, text } = await show({}, { 'label.confirm': { labelId: 'label-4', serial: serialOf(4) } })
    useScans().deliver({ text: 'MT:Y.K9042C00KA0648G00', strokes: [] })
    await flushPromises()
    expect(asked(connection, 'label.confirm')).toEqual([
      { name: 'label.confirm', params: { scanned: 'MT:Y.K9042C00KA0648G00' } },
    ])
    expect(text()).toContain(`Label of ${serialOf(4)} confirmed.`)
  })

  it('that nobody knows are said to be unknown', async () => {
    const { text } = await show({}, { 'label.confirm': { labelId: null, serial: null } })
    useScans().deliver({ text: '4006381333931', strokes: [] })
    await flushPromises()
    expect(text()).toContain('No label of this line has this code.')
    expect(useNotices().current?.detail).toBe('4006381333931')
  })
})
