/** The unattended run from nothing to labels: what the boards hold, what the records say and what the labels show must agree. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { readRelease } from '../../src/main/firmware/release.ts'
import { runHeadless, type HeadlessOptions } from '../../src/main/headless.ts'
import { encodeManualCode, parseQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { computeVerifier } from '../../src/main/matter/spake2p.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { pictureOfPng, readCodes } from '../labels/decode.ts'
import { renderPdfPictures, skipPdf } from '../labels/render.ts'
import { ready } from 'zpl-renderer-js'

let out = ''
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'imprint-unattended-'))
})
afterEach(() => rmSync(out, { recursive: true }))

const options = (units: number, faults: string[] = [], slots = 8): HeadlessOptions => ({
  units,
  out,
  simulation: { slots, pace: Infinity, faults: faults.map(parseFault) },
  demoRelease: { appSize: 60_000 },
  say: () => undefined,
  signal: new AbortController().signal,
})

type Row = Record<'serial' | 'mac' | 'slot' | 'outcome' | 'attempts' | 'qrcode' | 'manualcode', string>
const units = (): Row[] => parse(readFileSync(join(out, 'units.csv')), { columns: true })
const flashOf = (mac: string): Uint8Array => {
  const folder = join(out, 'boards')
  const name = readdirSync(folder).find((file) =>
    file
      .replace(/[^0-9A-Fa-f]/gu, '')
      .toUpperCase()
      .includes(mac.replaceAll(':', '')),
  )
  return readFileSync(join(folder, name ?? ''))
}
const query = <T>(sql: string, ...values: (string | number)[]): T[] => {
  const database = new DatabaseSync(join(out, 'records.db'), { readOnly: true })
  try {
    return database.prepare(sql).all(...values) as T[]
  } finally {
    database.close()
  }
}
const FACTORY = { offset: 0x3e0000, size: 0x6000 }

/** The unit's own partition, as it lies in the board's flash. */
const factoryValues = (mac: string): Map<string, unknown> => {
  const partition = readNvs(flashOf(mac).subarray(FACTORY.offset, FACTORY.offset + FACTORY.size))
  expect(partition.findings).toEqual([])
  return new Map(partition.entries.map((entry) => [entry.key, entry.value]))
}

describe('24 units on 8 slots', () => {
  test('identities, flash, records and labels agree, and no two are alike', async () => {
    const { complete, result } = await runHeadless(options(24))
    expect(complete).toBe(true)
    expect(result).toMatchObject({ passed: 24, failed: 0, labels: 24 })

    const rows = units()
    expect(rows).toHaveLength(24)
    for (const column of ['serial', 'mac', 'qrcode'] as const)
      expect(new Set(rows.map((row) => row[column])).size).toBe(24)

    const release = await readRelease(join(out, 'demo-release'))
    const seen = { verifier: new Set(), salt: new Set(), 'rd-id-uid': new Set(), 'dac-key': new Set() }
    for (const row of rows) {
      expect(row).toMatchObject({ outcome: 'pass', attempts: '1' })
      const flash = flashOf(row.mac)
      for (const { offset, bytes } of release.images)
        expect(Buffer.from(flash.subarray(offset, offset + bytes.length)).equals(bytes)).toBe(true)
      const regions = query<{ offset: number; size: number; sha256: string }>(
        'SELECT offset, size, sha256 FROM regions JOIN runs ON runs.id = run_id WHERE mac = ?',
        row.mac,
      )
      expect(regions).toHaveLength(release.images.length + 1)
      for (const { offset, size, sha256 } of regions)
        expect(
          createHash('sha256')
            .update(flash.subarray(offset, offset + size))
            .digest('hex'),
        ).toBe(sha256)

      const values = factoryValues(row.mac)
      const payload = parseQrPayload(row.qrcode)
      expect(values.get('serial-num')).toBe(row.serial)
      expect(values.get('discriminator')).toBe(payload.discriminator)
      expect(encodeManualCode(payload)).toBe(row.manualcode)
      const verifier = computeVerifier({
        passcode: payload.passcode,
        salt: Buffer.from(String(values.get('salt')), 'base64'),
        iterations: Number(values.get('iteration-count')),
      })
      expect(values.get('verifier')).toBe(Buffer.from(verifier).toString('base64'))
      for (const [key, set] of Object.entries(seen)) set.add(String(values.get(key)))
    }
    for (const set of Object.values(seen)) expect(set.size).toBe(24)
  })

  test.skipIf(skipPdf)('each label, drawn and read by other programs, shows its unit', async () => {
    await runHeadless(options(6))
    const { api } = await ready
    for (const { serial, qrcode } of units()) {
      const file = (kind: string): Buffer => readFileSync(join(out, 'labels', `${serial}.${kind}`))
      const [page] = renderPdfPictures(file('pdf'), 300)
      expect(page && (await readCodes(page, ['QRCode'])).map((code) => code.text)).toEqual([qrcode])
      const zpl = file('zpl').toString('latin1')
      const [, width = '0'] = /\^PW(\d+)/u.exec(zpl) ?? []
      const [, height = '0'] = /\^LL(\d+)/u.exec(zpl) ?? []
      const picture = pictureOfPng(
        Buffer.from(await api.zplToBase64Async(zpl, Number(width) / 8, Number(height) / 8, 8), 'base64'),
      )
      expect((await readCodes(picture, ['QRCode'])).map((code) => code.text)).toEqual([qrcode])
    }
  })

  test('at the pace of the wire, as on real boards', async () => {
    const { result } = await runHeadless({ ...options(2, [], 2), simulation: { slots: 2, pace: 1, faults: [] } })
    expect(result).toMatchObject({ passed: 2, failed: 0, labels: 2 })
  })

  test('no secret is readable in what the run leaves behind', async () => {
    await runHeadless(options(2, [], 2))
    const rows = units()
    const secrets = rows.flatMap(({ mac, qrcode }) => {
      const values = factoryValues(mac)
      const { passcode } = parseQrPayload(qrcode)
      return [
        Buffer.from(String(passcode)),
        Buffer.from(values.get('dac-key') as Uint8Array),
        Buffer.from(String(values.get('salt'))),
      ]
    })
    const files = readdirSync(out).filter((name) => statSync(join(out, name)).isFile() && name !== 'units.csv')
    expect(files).toContain('records.db')
    for (const name of files) {
      const content = readFileSync(join(out, name))
      for (const secret of secrets) expect(content.includes(secret), name).toBe(false)
    }
    expect(statSync(join(out, 'station.key')).mode & 0o777).toBe(0o600)
  })
})

describe('boards that fail', () => {
  test('are put aside, and others take their place', async () => {
    const { complete, result } = await runHeadless(
      options(8, ['digest-mismatch@2', 'wrong-chip@4', 'power-lost@5:times=1'], 4),
    )
    expect(complete).toBe(true)
    expect(result).toMatchObject({ passed: 8, failed: 2, labels: 8 })
    const rows = units()
    expect(rows.filter((row) => row.outcome === 'pass')).toHaveLength(8)
    const failed = rows.filter((row) => row.outcome === 'fail')
    // The wrong chip was never bound, so it is no unit.
    expect(failed.map(({ attempts, qrcode }) => ({ attempts, qrcode }))).toEqual([{ attempts: '2', qrcode: '' }])
    expect(rows.find((row) => row.attempts === '2' && row.outcome === 'pass')).toBeDefined()
    expect(query(`SELECT failure_code FROM runs WHERE outcome = 'fail' AND final = 1 ORDER BY failure_code`)).toEqual([
      { failure_code: 'digest-mismatch' },
      { failure_code: 'wrong-chip' },
    ])
  })

  test('too many in a row stop the line', async () => {
    const faults = Array.from({ length: 20 }, (_, index) => `wrong-chip@${index + 1}`)
    const { complete, stopReason } = await runHeadless(options(4, faults, 2))
    expect({ complete, stopReason }).toEqual({ complete: false, stopReason: 'too-many-failures' })
  })
})

describe('a run that goes on', () => {
  const entry = new URL('./unattended-process.ts', import.meta.url).pathname
  const start = (count: number) =>
    spawn(process.execPath, [entry, out, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })

  test('kill -9 again and again: nothing is made twice, nothing is lost', async () => {
    for (let round = 0; round < 4; round++) {
      const child = start(12)
      const gone = new Promise((resolve) => child.once('exit', resolve))
      // Somewhere in the middle of boards being written: after so many lines of progress.
      let lines = 0
      child.stdout.on('data', (bytes: Buffer) => {
        lines += bytes.toString().split('\n').length - 1
        if (lines > 12 + round * 9) child.kill('SIGKILL')
      })
      await gone
    }
    const { complete, result } = await runHeadless(options(12, [], 4))
    expect(complete).toBe(true)
    expect(result).toMatchObject({ passed: 12, labels: 12 })
    const rows = units()
    expect(rows.filter((row) => row.outcome === 'pass')).toHaveLength(12)
    expect(rows.filter((row) => row.outcome !== 'pass')).toEqual([])
    for (const { mac, serial } of rows) expect(factoryValues(mac).get('serial-num')).toBe(serial)
    expect(query('SELECT mac FROM labels GROUP BY mac HAVING count(*) > 1')).toEqual([])
    expect(query('SELECT id FROM runs WHERE outcome IS NULL')).toEqual([])
    expect(readdirSync(join(out, 'labels'))).toHaveLength(24)
    expect(existsSync(join(out, 'units.csv.new'))).toBe(false)
  })

  test('a finished order is not made again; a larger one goes on', async () => {
    await runHeadless(options(2, [], 2))
    const first = units()
    expect((await runHeadless(options(2, [], 2))).result).toMatchObject({ passed: 2 })
    expect(units()).toEqual(first)
    expect((await runHeadless(options(4, [], 2))).result).toMatchObject({ passed: 4, labels: 4 })
    expect(units().slice(0, 2)).toEqual(first)
  })

  test('a first article is approved in the name that was given, and nothing is made without one', async () => {
    const approved = { ...options(2, [], 2), approver: 'Ada' }
    await runHeadless({ ...approved, signal: AbortSignal.abort() })
    await expect(runHeadless(options(2, [], 2))).rejects.toThrow(
      /before its first article is approved; give --approve/u,
    )
    expect((await runHeadless(approved)).result).toMatchObject({ passed: 2, labels: 2 })
    expect(query(`SELECT who, comment FROM first_articles`)).toEqual([
      { who: 'Ada', comment: 'approved at the terminal' },
    ])
  })

  test('an order that was begun without a first article gets none', async () => {
    await runHeadless({ ...options(1, [], 1), signal: AbortSignal.abort() })
    await expect(runHeadless({ ...options(1, [], 1), approver: 'Ada' })).rejects.toThrow(
      /was begun without a first article/u,
    )
  })

  test('other firmware under the same order is refused', async () => {
    await runHeadless(options(1, [], 1))
    rmSync(join(out, 'demo-release'), { recursive: true })
    await expect(runHeadless({ ...options(2, [], 1), demoRelease: { appSize: 70_000 } })).rejects.toThrow(
      /Order UNATTENDED is locked to other content than is there now; .*SHA-256/u,
    )
  })
})
