/** `imprint check` on a board that the unattended run made: its own label is right, another's is wrong, and both are kept. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHeadless } from '../../src/main/headless.ts'

const cli = new URL('../../src/main/cli.ts', import.meta.url).pathname
let out = ''
let simulator: ChildProcess
let port = ''
let units: Record<'serial' | 'mac' | 'qrcode' | 'manualcode', string>[] = []

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'imprint-check-'))
  await runHeadless({
    units: 2,
    out,
    simulation: { slots: 2, pace: Infinity, faults: [] },
    demoRelease: { appSize: 60_000 },
    say: () => undefined,
    signal: new AbortController().signal,
  })
  const rows: typeof units = parse(readFileSync(join(out, 'units.csv')), { columns: true })
  units = rows.filter((row) => row.qrcode !== '')
  const args = [
    'simulate',
    '--chip',
    'esp32c3',
    '--tcp',
    '127.0.0.1:0',
    '--keep',
    join(out, 'boards'),
    '--mac',
    units[0]?.mac ?? '',
  ]
  simulator = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  port = await new Promise((resolve) =>
    simulator.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString().trim())),
  )
})
afterAll(async () => {
  const gone = new Promise((resolve) => simulator.once('exit', resolve))
  simulator.kill('SIGTERM')
  await gone
  rmSync(out, { recursive: true })
})

const check = async (label: string): Promise<{ code: number | null; stdout: string }> => {
  const child = spawn(process.execPath, [cli, 'check', '--port', port, '--label', label, '--data', out, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout }
}

test('its own label is right, another one is wrong, and the records keep both', async () => {
  const own = await check(units[0]?.qrcode ?? '')
  expect(JSON.parse(own.stdout)).toMatchObject({ right: true, mac: units[0]?.mac, serial: units[0]?.serial })
  expect(own.code).toBe(0)
  expect((await check(units[0]?.manualcode ?? '')).code).toBe(0)

  const other = await check(units[1]?.qrcode ?? '')
  expect(other.code).toBe(1)
  const findings = JSON.parse(other.stdout) as { findings: { point: string; right: boolean | null }[] }
  expect(findings.findings.filter((item) => item.right === false).map((item) => item.point)).toEqual(
    expect.arrayContaining(['passcode', 'serial', 'mac']),
  )

  const database = new DatabaseSync(join(out, 'records.db'), { readOnly: true })
  expect(
    database
      .prepare('SELECT verdict FROM inspections ORDER BY id')
      .all()
      .map((row) => row['verdict']),
  ).toEqual(['right', 'right', 'wrong'])
  database.close()
})
