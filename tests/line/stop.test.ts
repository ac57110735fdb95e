/** Stopping in the middle: every port is released, every run has an outcome, and the station closes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStations, type Stations } from '../../src/main/station/stations.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-stop-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (): Promise<Stations> =>
  openStations({ host: 'web', mode: 'demo', folder, where: 'test', pace: 10, demoRelease: { appSize: 300_000 } })
const untilWriting = async (stations: Stations, count: number): Promise<void> => {
  const writing = (): number => stations.view().slots.filter((slot) => slot.step === 'write').length
  while (writing() < count) await new Promise((resolve) => setTimeout(resolve, 20))
}
const openRuns = (): unknown => {
  const database = new DatabaseSync(join(folder, 'records.db'), { readOnly: true })
  try {
    return database.prepare('SELECT count(*) AS count FROM runs WHERE outcome IS NULL').get()?.['count']
  } finally {
    database.close()
  }
}

test('the station closes while boards are being written', async () => {
  const stations = await open()
  await untilWriting(stations, 3)
  await stations.close()
  expect(openRuns()).toBe(0)
})

test('a stopped order stops every slot, and goes on when it is started again', async () => {
  const stations = await open()
  await untilWriting(stations, 3)
  expect(await stations.call('order.stop', {})).toMatchObject({ ok: true })
  expect(stations.view().order).toMatchObject({ state: 'stopped', stopReason: 'operator', running: 0 })
  expect(openRuns()).toBe(0)
  expect(await stations.call('order.start', {})).toMatchObject({ ok: true })
  await untilWriting(stations, 1)
  await stations.close()
})
