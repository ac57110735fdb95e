/** Who is signed in decides what is offered; nobody signed in can only sign in. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import type { OrderView, PersonView, Role, SlotView } from '../../src/contract/index.ts'
import App from '../../src/renderer/App.vue'
import { useDialogs } from '../../src/renderer/stores/dialogs.ts'
import { useScans } from '../../src/renderer/stores/scans.ts'
import { failed, mixedSlots, viewOf } from '../e2e/fixtures-renderer/views.ts'
import { fakeConnection } from './fake-connection.ts'
import { mountOn } from './mount.ts'

let mounted: Awaited<ReturnType<typeof mountOn>>
afterEach(() => mounted.leave())

const PEOPLE = {
  people: [
    { name: 'A. Baker', role: 'engineer', badge: 'E-1001' },
    { name: '王小明', role: 'operator', badge: null },
  ],
}

const show = async (
  person: PersonView | null | undefined,
  slots: SlotView[] = mixedSlots(8),
  state: OrderView['state'] = 'running',
) => {
  const shown = viewOf(slots)
  const view = { ...shown, order: shown.order && { ...shown.order, state } }
  const connection = fakeConnection(
    { ...view, station: { ...view.station, person } },
    { 'people.get': PEOPLE, 'person.signIn': PEOPLE.people[1], 'run.log': { lines: [] } },
  )
  mounted = await mountOn(connection, App)
  return connection
}
const as = (role: Role): PersonView => ({ name: 'M. Kim', role })
const asked = (connection: { asked: readonly { name: string; params: unknown }[] }, name: string) =>
  connection.asked.filter((one) => one.name === name).map(({ params }) => params)
const buttons = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((button) => button.textContent?.trim() ?? '')
const click = async (selector: string, text: string): Promise<void> => {
  mounted.byText(selector, text).click()
  await flushPromises()
}

describe('nobody signed in', () => {
  it('sees the line, is asked to sign in, and is offered nothing else', async () => {
    await show(null)
    expect(document.querySelectorAll('.tile')).toHaveLength(8)
    expect(mounted.text()).toContain('Scan your badge, or sign in, to work at this line.')
    expect(buttons('.controls button')).toEqual(['Sign in'])
    expect(document.querySelectorAll('.labels button.row')).toHaveLength(0)
  })

  it('signs in by a badge scanned on any page', async () => {
    const connection = await show(null)
    useScans().deliver({ text: 'E-1001', strokes: [] })
    await flushPromises()
    expect(asked(connection, 'person.signIn')).toEqual([{ badge: 'E-1001' }])
    expect(asked(connection, 'label.confirm')).toEqual([])
    expect(mounted.text()).toContain('Signed in: 王小明.')
  })

  it('signs in by name', async () => {
    const connection = await show(null)
    await click('.controls button', 'Sign in')
    await click('.frame li button', '王小明')
    expect(asked(connection, 'person.signIn')).toEqual([{ name: '王小明' }])
    expect(useDialogs().top).toBeNull()
  })
})

it('shows who is signed in, in what role, and lets another take over by badge', async () => {
  const connection = await show(as('line-lead'))
  expect(mounted.byText('.person', 'M. Kim').textContent).toContain('Line lead')
  await click('.person', 'M. Kim')
  useScans().deliver({ text: 'E-1001', strokes: [] })
  await flushPromises()
  expect(asked(connection, 'person.signIn')).toEqual([{ badge: 'E-1001' }])
})

it('signs out', async () => {
  const connection = await show(as('operator'))
  await click('.person', 'M. Kim')
  await click('.frame button', 'Sign out')
  expect(asked(connection, 'person.signOut')).toHaveLength(1)
})

it('shows nobody where the station does not ask, and offers everything', async () => {
  await show(undefined, [failed(1, 'no-answer')])
  expect(document.querySelector('.person')).toBeNull()
  await click('.tile', 'Failed')
  expect(buttons('.frame footer button')).toEqual(['Run log', 'Scrap…', 'Send to rework…', 'Try again'])
})

describe('a failed board', () => {
  it.each([
    ['operator', ['Run log', 'Try again']],
    ['line-lead', ['Run log', 'Scrap…', 'Send to rework…', 'Try again']],
    ['engineer', ['Run log', 'Scrap…', 'Send to rework…', 'Try again']],
    ['qa', ['Run log']],
  ] as const)('offers the %s what the role allows', async (role, offered) => {
    await show(as(role), [failed(1, 'no-answer')])
    await click('.tile', 'Failed')
    expect(buttons('.frame footer button')).toEqual(offered)
  })

  it('is not offered another try once the order is finished', async () => {
    await show(as('engineer'), [failed(1, 'no-answer')], 'finished')
    await click('.tile', 'Failed')
    expect(buttons('.frame footer button')).toEqual(['Run log', 'Scrap…', 'Send to rework…'])
  })

  it('is sent to rework with a reason', async () => {
    const connection = await show(as('line-lead'), [failed(1, 'no-answer')])
    await click('.tile', 'Failed')
    await click('.frame button', 'Send to rework…')
    await click('.usual button', 'Soldering fault')
    await click('.frame footer button.bg-primary', 'Send to rework')
    expect(asked(connection, 'slot.dispose')).toEqual([{ slot: 1, disposition: 'rework', reason: 'Soldering fault' }])
    expect(useDialogs().stack).toEqual([])
  })

  it('gives the engineer the log to save, and nobody else', async () => {
    await show(as('engineer'), [failed(1, 'no-answer')])
    await click('.tile', 'Failed')
    await click('.frame button', 'Run log')
    expect(buttons('.frame footer button')).toContain('Save for support')
    mounted.leave()
    await show(as('operator'), [failed(1, 'no-answer')])
    await click('.tile', 'Failed')
    await click('.frame button', 'Run log')
    expect(buttons('.frame footer button')).not.toContain('Save for support')
  })
})

it('lets an operator say that a slot is not empty', async () => {
  const empty = mixedSlots(7).slice(6)
  const connection = await show(as('operator'), empty)
  await click('.tile', 'Empty')
  await click('.frame button', 'There is a board in this slot')
  expect(asked(connection, 'slot.giveUp')).toEqual([{ slot: 7 }])
})
