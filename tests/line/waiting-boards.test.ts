/** Boards that wait in their slots: shown with what they wait for, and counted once however often the line stands meanwhile. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LineSettings, type View } from '../../src/contract/index.ts'
import { openStation, type Station } from '../../src/main/station.ts'
import { demoOrder, demoRelease } from '../../src/main/station/orders/demo-order.ts'
import type { OpenOrder } from '../../src/main/station/orders/open-order.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { prepareOrder } from '../../src/main/station/orders/prepare-order.ts'

const SLOTS = 3
const PACE = 20
const MACS = ['58:CF:79:00:00:00', '58:CF:79:00:00:01', '58:CF:79:00:00:02']

let folder = ''
let station: Station
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-waiting-'))
  putIn(MACS)
  station = await openStation({
    folder,
    where: 'test',
    facts: { name: '', line: '', mode: 'demo', simulated: true, host: 'web', needsSetUp: false },
    printer: { kind: 'none' },
  })
})
afterEach(async () => {
  await station.close()
  rmSync(folder, { recursive: true })
})

/** Boards as somebody has put them in: one in each slot. */
const putIn = (macs: readonly string[]): void => {
  const boards = macs.map((mac, index) => [index + 1, { mac, nth: index + 1 }])
  writeFileSync(join(folder, 'bench.json'), JSON.stringify({ next: SLOTS + 1, boards: Object.fromEntries(boards) }))
}

const openOrder = async (
  firstArticle: boolean,
  faults: readonly string[] = [],
  number = 'WO-1',
): Promise<OpenOrder> => {
  const release = await demoRelease(folder, { appSize: 60_000 })
  const remarks = {
    productId: null,
    releaseId: null,
    manifestId: null,
    due: null,
    lot: '',
    customerReference: '',
    notes: '',
    who: 'Ada',
  }
  const request = { ...demoOrder(number, SLOTS, release), remarks: { ...remarks, firstArticle } }
  const simulation = { slots: SLOTS, pace: PACE, faults: faults.map(parseFault), keepsFailed: true, startsClear: false }
  return station.openOrder({ prepared: await prepareOrder(request), bay: { kind: 'simulated', simulation } })
}
const until = async (what: (view: View) => boolean): Promise<View> => {
  while (!what(station.view())) await new Promise((resolve) => setTimeout(resolve, 20))
  return station.view()
}
const inState = (view: View, state: string): number => view.slots.filter((slot) => slot.state === state).length
const insertions = (view: View): number => view.sockets.reduce((sum, socket) => sum + socket.insertions, 0)

test('for the first article: all but one say so, also during a pause, and go on once it is approved', async () => {
  const order = await openOrder(true)
  await order.line.start()
  const made = await until((view) => inState(view, 'pass') === 1 && inState(view, 'waiting') === SLOTS - 1)
  expect(made.slots.filter(({ state }) => state === 'waiting').map(({ waitsFor }) => waitsFor)).toEqual([
    'first-article',
    'first-article',
  ])
  // The next step follows from the records, which are asked after the slots have changed.
  const asked = await until((view) => view.next.code === 'approve-first-article')
  expect(asked).toMatchObject({ order: { running: 0 } })
  await order.line.pause()
  expect(inState(station.view(), 'waiting')).toBe(SLOTS - 1)
  await order.line.start()
  const first = await station.data.records.ask('firstArticle', { orderId: order.id })
  await station.data.records.ask('approveFirstArticle', {
    orderId: order.id,
    mac: first?.mac ?? '',
    who: 'Ada',
    comment: '',
    at: 1,
  })
  await order.line.approved()
  const done = await until((view) => view.order?.state === 'finished')
  expect(inState(done, 'pass')).toBe(SLOTS)
  await until((view) => insertions(view) === SLOTS)
})

test('for their start: a pause and a stop leave them in their slots, so they are no further insertions', async () => {
  await station.changeSettings(LineSettings.parse({ start: { trigger: 'key' } }))
  const { line } = await openOrder(false)
  await line.start()
  await until((view) => inState(view, 'ready') === SLOTS && insertions(view) === SLOTS)
  await line.pause()
  expect(inState(station.view(), 'ready')).toBe(SLOTS)
  expect(line.begin({ kind: 'key' })).toMatchObject({ kind: 'refused' })
  await line.start()
  await until((view) => inState(view, 'ready') === SLOTS && line.missing() === 0)
  await line.stop()
  expect(inState(station.view(), 'ready')).toBe(0)
  await line.start()
  await until((view) => inState(view, 'ready') === SLOTS)
  expect(line.begin({ kind: 'key' })).toEqual({ kind: 'started', slots: [1, 2, 3] })
  const done = await until((view) => view.order?.state === 'finished')
  expect(insertions(done)).toBe(SLOTS)
  const { sockets } = station.view()
  expect(sockets.map((socket) => socket.insertions)).toEqual([1, 1, 1])
})

test('a board that is refused shows what it is and how it is protected, and keeps its one insertion', async () => {
  const { line } = await openOrder(false, ['secure-boot@1'])
  await line.start()
  const view = await until(({ slots }) => slots[0]?.state === 'fail')
  expect(view.slots[0]).toMatchObject({
    mac: '58:CF:79:00:00:00',
    serial: null,
    failure: { code: 'security-differs' },
    board: { chip: 'ESP32-C3', secureBoot: true, flashEncryption: false },
  })
  expect(view.sockets[0]?.insertions).toBe(1)
})

test('that stay in their slots from one order to the next are no further insertions, and one that was changed is', async () => {
  await station.changeSettings(LineSettings.parse({ start: { trigger: 'key' } }))
  const open = async (number: string): Promise<readonly number[]> => {
    const { line } = await openOrder(false, [], number)
    await line.start()
    const { sockets } = await until((view) => inState(view, 'ready') === SLOTS)
    const places = sockets.map(({ slot }) => ({ slot, place: line.slots()[slot - 1]?.port ?? '' }))
    // What was counted is in the records before anything that is asked now.
    const facts = await station.data.records.ask('socketFacts', { sockets: places, latest: 1 })
    await station.closeOrder()
    return facts.map(({ insertions: count }) => count)
  }
  expect(await open('WO-1')).toEqual([1, 1, 1])
  expect(await open('WO-2')).toEqual([1, 1, 1])
  putIn([MACS[0] ?? '', '58:CF:79:00:00:0F', MACS[2] ?? ''])
  expect(await open('WO-3')).toEqual([1, 2, 1])
})
