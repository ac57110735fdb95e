/** Boards that wait for their start on a simulated line: found, shown as ready, begun by key, touch and scan. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LineSettings, type RequestName, type RequestParams, type View } from '../../src/contract/index.ts'
import { openStations, type Stations } from '../../src/main/station/stations.ts'

let folder = ''
let stations: Stations
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-start-'))
  stations = await openStations({
    host: 'web',
    mode: 'demo',
    folder,
    where: 'test',
    pace: 20,
    demoRelease: { appSize: 60_000 },
  })
})
afterEach(async () => {
  await stations.close()
  rmSync(folder, { recursive: true })
})

const ask = <N extends RequestName>(name: N, params: RequestParams<N>) => stations.call(name, params)
const until = async (what: (view: View) => boolean): Promise<View> => {
  while (!what(stations.view())) await new Promise((resolve) => setTimeout(resolve, 20))
  return stations.view()
}
const slotsIn = (state: string): number[] =>
  stations
    .view()
    .slots.filter((slot) => slot.state === state)
    .map((slot) => slot.slot)

test('by key: a press begins what is ready, and nothing begins without', async () => {
  await ask('lineSettings.save', LineSettings.parse({ start: { trigger: 'key' } }))
  const view = await until(({ slots }) => slots.filter((slot) => slot.state === 'ready').length >= 2)
  expect(view.station.start).toEqual({ trigger: 'key', together: false })
  const waited = slotsIn('ready')
  expect(await ask('line.scan', { scanned: 'START' })).toEqual({ ok: true, result: { slots: null } })
  const begun = await ask('line.begin', { by: 'key' })
  expect(begun).toMatchObject({ ok: true })
  await until(({ slots }) =>
    waited.every((nth) => slots[nth - 1]?.state === 'working' || slots[nth - 1]?.runId !== null),
  )
  expect(await ask('order.pause', {})).toMatchObject({ ok: true })
  await until(({ slots }) => slots.every((slot) => slot.state !== 'working'))
})

test('by scan: the code of a slot begins it alone, the other boards wait on', async () => {
  await ask('lineSettings.save', LineSettings.parse({ start: { trigger: 'scan', code: 'FIX-1' } }))
  await until(({ slots }) => slots.filter((slot) => slot.state === 'ready').length >= 2)
  const [first = 0, second = 0] = slotsIn('ready')
  expect(await ask('line.begin', { by: 'key' })).toMatchObject({ ok: false, error: { code: 'not-now' } })
  expect(await ask('line.scan', { scanned: `FIX-1-${first}` })).toEqual({ ok: true, result: { slots: [first] } })
  const view = await until(({ slots }) => slots[first - 1]?.runId !== null)
  expect(view.slots[second - 1]?.state).toBe('ready')
  expect(await ask('line.begin', { by: 'touch', slot: second })).toEqual({ ok: true, result: { slots: [second] } })
  await until(({ slots }) => slots[second - 1]?.runId !== null)
})
