/**
 * Records the event stream of a simulated line of 32 slots: `node scripts/dashboard/record.ts FILE SECONDS`. The boards are quick, so
 * that every slot goes through several whole runs; what is pushed is the product's own.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsePace } from '../../src/main/simulator/pace.ts'
import { openStation } from '../../src/main/station.ts'
import { demoOrder, demoRelease } from '../../src/main/station/orders/demo-order.ts'
import { prepareOrder } from '../../src/main/station/orders/prepare-order.ts'
import { answerRequest } from '../../src/main/station/requests/requests.ts'
import type { Stream } from './stream.ts'

const SLOTS = 32
const UNITS = 100_000
/** The line is in full swing after this, milliseconds. */
const SWING = 6_000
/** Share of a usual application's size: the boards take a few seconds each. */
const APP_SIZE = 220_000

const [file = '', seconds = '30'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'imprint-record-'))
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const station = await openStation({
  folder,
  facts: { name: 'Bench', line: 'Line 1', mode: 'demo', simulated: true, host: 'terminal', needsSetUp: false },
  where: 'bench',
  printer: { kind: 'simulated', factor: 10 },
})
try {
  const prepared = await prepareOrder(demoOrder('BENCH', UNITS, await demoRelease(folder, { appSize: APP_SIZE })))
  const faults = [3, 11, 26, 40, 57].map((unit) => ({ name: 'digest-mismatch' as const, unit, times: 2 }))
  const simulation = { slots: SLOTS, pace: parsePace('wire'), faults, keepsFailed: false, startsClear: true }
  const order = await station.openOrder({ prepared, bay: { kind: 'simulated', simulation } })
  await order.line.start()
  await pause(SWING)
  const began = Date.now()
  const view = station.view()
  const pushes: Stream['pushes'] = []
  const stop = station.onPatch((patch) => pushes.push({ at: Date.now() - began, patch: structuredClone(patch) }))
  await pause(Number(seconds) * 1000)
  stop()
  const refused = () => Promise.reject(new Error('not while recording'))
  const changes = {
    runDemoAgain: refused,
    openMode: refused,
    setUp: refused,
    workplace: refused,
    openOrder: refused,
    closeOrder: refused,
  }
  const answers: Stream['answers'] = {}
  const keep = async (name: string, params: object): Promise<void> => {
    const outcome = await answerRequest(station, changes, name, params)
    if (outcome.ok) answers[name] = outcome.result
  }
  const ended = pushes.flatMap(({ patch }) => patch.slots ?? []).find(({ state }) => state === 'pass')
  await keep('run.log', { runId: ended?.runId })
  await keep('label.preview', { labelId: ended?.label?.id })
  const stream: Stream = { view, length: Date.now() - began, pushes, answers }
  writeFileSync(file, JSON.stringify(stream))
  await order.line.stop('operator')
} finally {
  await station.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
