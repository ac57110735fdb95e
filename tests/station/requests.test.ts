/** What screens may ask, and who may ask it: roles, line settings, dispositions, reports, spot checks. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ALLOWED,
  LineSettings,
  REQUESTS,
  type Report,
  type RequestName,
  type RequestParams,
  type RequestResult,
  type View,
} from '../../src/contract/index.ts'
import { encodeQrPayload, parseQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { openStations, type Stations } from '../../src/main/station/stations.ts'

let folder = ''
let stations: Stations
let opened = false
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-requests-'))
})
afterEach(async () => {
  if (opened) await stations.close()
  opened = false
  rmSync(folder, { recursive: true })
})

const open = async (mode: 'demo' | 'production'): Promise<void> => {
  stations = await openStations({
    host: 'web',
    mode,
    folder,
    where: 'test',
    pace: 20,
    demoRelease: { appSize: 60_000 },
  })
  opened = true
}
const ask = async <N extends RequestName>(name: N, params: RequestParams<N>): Promise<unknown> => {
  const outcome = await stations.call(name, params)
  if (!outcome.ok) throw Object.assign(new Error(outcome.error.message), outcome.error)
  return REQUESTS[name].result.parse(outcome.result)
}
const until = async (what: (view: View) => boolean): Promise<View> => {
  while (!what(stations.view())) await new Promise((resolve) => setTimeout(resolve, 50))
  return stations.view()
}
type SlotView = View['slots'][number]
/** Lets the line work until it has a passed board, and pauses it: what is in work comes to its end. */
const pausedWithPass = async (): Promise<SlotView> => {
  for (;;) {
    await until(({ slots }) => slots.some(({ state }) => state === 'pass'))
    await ask('order.pause', {})
    const { slots } = await until((view) => view.slots.every(({ state }) => state !== 'working'))
    const passed = slots.find(({ state, label }) => state === 'pass' && label)
    if (passed) return passed
    await ask('order.start', {})
  }
}
/** A board that passed, checked against its label. One that was on its way out and does not answer leaves its slot; then another is. */
const checkedPass = async (): Promise<{ slot: SlotView; qr: string; result: unknown }> => {
  for (;;) {
    const slot = await pausedWithPass()
    const { qr } = (await ask('label.preview', { labelId: slot.label?.id ?? '' })) as { qr: string }
    try {
      return { slot, qr, result: await ask('inspection.check', { slot: slot.slot, label: qr }) }
    } catch (error) {
      expect(error).toMatchObject({ reason: 'board-failed' })
      await until(({ slots }) => slots.find((each) => each.slot === slot.slot)?.state !== 'pass')
      await ask('order.start', {})
    }
  }
}
const PEOPLE = [
  { name: 'Ada', role: 'engineer' as const, badge: 'B-100' },
  { name: 'Olu', role: 'operator' as const, badge: null },
  { name: 'Quinn', role: 'qa' as const, badge: 'B-300' },
]

describe('roles', () => {
  test('before there is anybody the station is an engineer’s; afterwards people sign in, and may do what their role may', async () => {
    await open('production')
    expect(stations.view().station.person).toMatchObject({ role: 'engineer' })
    await ask('people.save', { people: PEOPLE })
    await ask('person.signOut', {})
    expect(stations.view().station.person).toBeNull()
    await expect(ask('lineSettings.get', {})).rejects.toMatchObject({ code: 'not-allowed', message: 'Sign in first.' })

    expect(await ask('person.signIn', { name: 'Olu' })).toEqual({ name: 'Olu', role: 'operator' })
    await expect(ask('people.save', { people: [] })).rejects.toMatchObject({ code: 'not-allowed' })
    expect(await ask('people.get', {})).toMatchObject({ people: [{ name: 'Ada', badge: '•••' }, { badge: null }, {}] })

    expect(await ask('person.signIn', { badge: 'B-100' })).toEqual({ name: 'Ada', role: 'engineer' })
    expect(await ask('people.get', {})).toEqual({ people: PEOPLE })
  })

  test('a name with a badge does not open by name, an unknown badge opens nothing', async () => {
    await open('production')
    await ask('people.save', { people: PEOPLE })
    await expect(ask('person.signIn', { name: 'Ada' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(ask('person.signIn', { badge: 'B-999' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('people who would lock everybody out, or share a name or badge, are refused', async () => {
    await open('production')
    const refused = (people: typeof PEOPLE | object[]) =>
      expect(ask('people.save', { people: people as typeof PEOPLE })).rejects.toMatchObject({ code: 'invalid' })
    await refused(PEOPLE.slice(1))
    await refused([...PEOPLE, { ...PEOPLE[0], badge: 'B-400' }])
    await refused([...PEOPLE, { name: 'Eve', role: 'operator', badge: 'B-100' }])
  })

  test('every request names who may ask it', () => {
    expect(Object.keys(ALLOWED).toSorted()).toEqual(Object.keys(REQUESTS).toSorted())
  })
})

test('line settings are kept, and the fixture shows them', async () => {
  await open('production')
  const settings = LineSettings.parse({
    start: { trigger: 'scan', together: true, code: 'FIX-1' },
    retries: { verify: { tries: 3, board: 'rework' } },
    failuresInARow: 4,
    leastYield: 0.9,
    fixture: { columns: 2, rows: 4, numbering: 'snake', gaps: [7] },
    shifts: [{ name: 'Early', from: '06:00' }],
  })
  await ask('lineSettings.save', settings)
  expect(await ask('lineSettings.get', {})).toEqual(settings)
  expect(stations.view().station).toMatchObject({ fixture: settings.fixture, shifts: settings.shifts })

  // Every version stays, with who and what; an earlier one can be had again.
  await ask('lineSettings.save', { ...settings, failuresInARow: 5 })
  await ask('lineSettings.save', { ...settings, failuresInARow: 5 })
  const { versions } = (await ask('lineSettings.versions', {})) as RequestResult<'lineSettings.versions'>
  expect(versions).toHaveLength(2)
  expect(versions[0]).toMatchObject({ who: 'Set-up', changes: [{ field: 'failuresInARow', before: 4, after: 5 }] })
  await ask('lineSettings.restore', { id: versions[1]?.id ?? 0 })
  expect(await ask('lineSettings.get', {})).toEqual(settings)
  await expect(ask('lineSettings.restore', { id: 99 })).rejects.toMatchObject({ code: 'not-found' })
})

describe('a demo order', () => {
  test('failed board, report, bundle and spot check agree with what happened', async () => {
    await open('demo')
    await until((view) => view.slots.some((slot) => slot.state === 'fail'))
    const failed = stations.view().slots.find((slot) => slot.state === 'fail')
    await ask('slot.dispose', { slot: failed?.slot ?? 0, disposition: 'scrap', reason: 'flash is broken' })
    expect(stations.view().slots.find((slot) => slot.slot === failed?.slot)?.disposition).toBe('scrap')

    const view = await until(({ order }) => order?.state === 'finished')
    const orderId = view.order?.id ?? ''
    const report = (await ask('report.get', { kind: 'order', orderId })) as Report
    expect(report).toMatchObject({ tried: 25, passedFirst: 24, passed: 24, failed: 1, scrap: 1, rework: 0 })
    expect(report.failures).toEqual([{ code: 'digest-mismatch', count: 1 }])
    expect(report.slots.reduce((sum, slot) => sum + slot.passed, 0)).toBe(24)
    expect(await ask('report.get', { kind: 'time', from: 0, to: Date.now() + 1000 })).toMatchObject({ passed: 24 })
    expect(await ask('orders.list', {})).toMatchObject({ orders: [{ number: 'DEMO-001', passed: 24, current: true }] })

    const fileOf = async (format: 'csv' | 'pdf'): Promise<string> => {
      const wanted = { scope: { kind: 'order', orderId }, format, language: 'en' } as const
      const { content } = (await ask('report.file', wanted)) as { content: string }
      return Buffer.from(content, 'base64').toString('latin1')
    }
    expect(await fileOf('csv')).toContain('units,passed,24\r\n')
    expect((await fileOf('pdf')).slice(0, 5)).toBe('%PDF-')

    const bundle = (await ask('run.bundle', { runId: failed?.runId ?? '' })) as { content: string }
    expect(JSON.parse(Buffer.from(bundle.content, 'base64').toString())).toMatchObject({
      run: { failure_code: 'digest-mismatch', mac: failed?.mac },
    })
  })

  test('the board in a slot of a paused line is checked against its label', async () => {
    await open('demo')
    await until((view) => view.slots.some((slot) => slot.state === 'pass'))
    await expect(ask('inspection.check', { slot: 1, label: 'MT:Y.K9042C00KA0648G00' })).rejects.toMatchObject({
      code: 'not-now',
    })
    const { slot, qr, result } = await checkedPass()
    expect(result).toMatchObject({ right: true, serial: slot.serial })
    const other = encodeQrPayload({ ...parseQrPayload(qr), passcode: 1234567 })
    expect(await ask('inspection.check', { slot: slot.slot, label: other })).toMatchObject({ right: false })
    // The slot goes on as it was.
    expect(stations.view().slots.find((each) => each.slot === slot.slot)?.state).toBe('pass')
  })
})
