/** `--ledger`: unique over all runs, resumed after interruptions, safe in company. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { openLedgerRun } from '../../src/main/generation/ledger-run.ts'
import { openLedger } from '../../src/main/generation/ledger.ts'
import { openRecords } from '../../src/main/records/records.ts'
import {
  devicesIn,
  make,
  PAI,
  PRODUCT,
  QUICK,
  request,
  tableOf,
  temporaryFolder,
  vector,
  type MadeDevice,
} from './made.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)
let number = 0
const fresh = (): { outdir: string; ledger: string } => {
  const place = join(folder, String(++number))
  mkdirSync(place)
  return { outdir: join(place, 'out'), ledger: join(place, 'devices.db') }
}
const stopAfter = (count: number) => {
  const abort = new AbortController()
  return {
    signal: abort.signal,
    onProgress: ({ made }: { made: number }) => {
      if (made >= count) abort.abort()
    },
  }
}
const everything = (device: MadeDevice): string[] =>
  readdirSync(device.folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .filter((name) => name !== 'internal')
    .map((name) => `${name} ${device.read(name).toString('base64')}`)

describe('a run that was stopped', () => {
  test('goes on with the same command: nothing twice, nothing lost, one table of all', async () => {
    const { outdir, ledger } = fresh()
    const args = [...PAI, '-n', '12']
    const first = await make(outdir, args, { ledger, ...stopAfter(4) })
    expect(first.result.made).toBeLessThan(12)
    const before = new Map(first.devices.map((device) => [device.id, everything(device)]))
    const second = await make(outdir, args, { ledger })
    expect(second.result).toMatchObject({ made: 12, found: first.result.made, count: 12 })
    expect(second.devices).toHaveLength(12)
    for (const device of second.devices)
      if (before.has(device.id)) expect(everything(device)).toEqual(before.get(device.id))
    expect(new Set(second.summary.map((row) => row['serial-num'])).size).toBe(12)
    // The rows of the first run come first again.
    expect(second.summary.slice(0, first.summary.length)).toEqual(first.summary)
    const third = await make(outdir, args, { ledger })
    expect(third.result).toMatchObject({ made: 12, found: 0 })
    expect(third.devices).toHaveLength(24)
  })

  test('makes a damaged device whole again, and not one that was taken away', async () => {
    const { outdir, ledger } = fresh()
    const args = [...PAI, '-e', '-n', '14']
    const first = await make(outdir, args, { ledger, ...stopAfter(3) })
    const [damaged, taken] = first.devices
    const before = damaged && everything(damaged)
    writeFileSync(join(damaged?.folder ?? '', `${damaged?.id}-partition.bin`), '')
    renameSync(taken?.folder ?? '', join(folder, 'taken away'))
    const second = await make(outdir, args, { ledger })
    expect(second.result).toMatchObject({ made: 14, found: first.result.made - 1 })
    expect(damaged && everything(damaged)).toEqual(before)
    expect(existsSync(taken?.folder ?? '')).toBe(false)
    expect(second.summary).toHaveLength(14)
  })

  test('goes on with the bought DACs that are left', async () => {
    const { outdir, ledger } = fresh()
    const bought = await make(join(outdir, 'bought'), [...PAI, '-n', '12'])
    const args = [...PAI.slice(0, 3), '--dacs', bought.result.folder, '-n', '12']
    const first = await make(join(outdir, 'made'), args, { ledger, ...stopAfter(4) })
    expect(first.result.made).toBeLessThan(12)
    const { devices, result } = await make(join(outdir, 'made'), args, { ledger })
    expect(result).toMatchObject({ made: 12, found: first.result.made })
    expect(devices.map(({ id }) => id)).toEqual(bought.devices.map(({ id }) => id))
  })

  test('keeps the PAI that it made', async () => {
    const { outdir, ledger } = fresh()
    const paa = ['-c', vector('certs/Chip-Test-PAA-NoVID-Cert.pem'), '-k', vector('certs/Chip-Test-PAA-NoVID-Key.pem')]
    const args = ['--paa', ...paa, '-n', '6']
    await make(outdir, args, { ledger, ...stopAfter(2) })
    const { devices, result } = await make(outdir, args, { ledger })
    expect(new Set(devices.map((device) => device.read('internal/PAI_cert.der').toString('hex'))).size).toBe(1)
    expect(readdirSync(result.folder).filter((name) => name.startsWith('pai-'))).toHaveLength(1)
  })

  test('goes on with the rows of --mcsv, which are its own and no duplicates', async () => {
    const { outdir, ledger } = fresh()
    const schema = join(folder, 'schema.csv')
    const rows = join(folder, 'rows.csv')
    writeFileSync(schema, 'serial-num,data,string\n')
    writeFileSync(rows, `serial-num\n${Array.from({ length: 8 }, (_, index) => `R${index}`).join('\n')}\n`)
    const args = ['--csv', schema, '--mcsv', rows]
    await make(outdir, args, { ledger, ...stopAfter(2) })
    const { summary } = await make(outdir, args, { ledger })
    expect(summary.map((row) => row['serial-num'])).toEqual(Array.from({ length: 8 }, (_, index) => `R${index}`))
    appendFileSync(rows, 'R8\n')
    await expect(make(outdir, args, { ledger })).rejects.toThrow(/rows\.csv:2: the serial number belongs to a device/u)
  })
})

const entry = fileURLToPath(new URL('./generate-entry.ts', import.meta.url))
const start = (outdir: string, ledger: string, count: number) =>
  spawn(
    process.execPath,
    [entry, 'generate', ...PRODUCT, ...QUICK, ...PAI, '-n', String(count), '--outdir', outdir, '--ledger', ledger],
    { stdio: 'ignore' },
  )

describe('processes', () => {
  test('killed at any moment, what is there is whole, and the same command completes it', async () => {
    const { outdir, ledger } = fresh()
    const product = join(outdir, 'fff2_8001')
    const count = 300
    const child = start(outdir, ledger, count)
    const ended = once(child, 'exit')
    const there = (): number => (existsSync(product) ? devicesIn(product).length : 0)
    while (there() < 5) await delay(5)
    child.kill('SIGKILL')
    await ended
    const partial = devicesIn(product)
    expect(partial.length).toBeLessThan(count)
    for (const device of partial) {
      expect(device.partition.verifier).toHaveLength(97)
      expect(device.read('internal/DAC_private_key.bin')).toHaveLength(32)
      expect(device.codes.qrcode).toMatch(/^MT:/u)
    }
    const { result, devices, summary } = await make(outdir, [...PAI, '-n', String(count)], { ledger })
    expect(result).toMatchObject({ made: count, count })
    expect(result.found).toBeGreaterThanOrEqual(partial.length)
    expect(devices).toHaveLength(count)
    expect(new Set(summary.map((row) => row.qrcode)).size).toBe(count)
    expect(readdirSync(product).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('two at once on one new ledger both complete, with nothing in common', async () => {
    const { outdir, ledger } = fresh()
    const ends = await Promise.all([1, 2].map(() => once(start(outdir, ledger, 6), 'exit')))
    expect(ends.map(([code]) => code as number)).toEqual([0, 0])
    const product = join(outdir, 'fff2_8001')
    expect(devicesIn(product)).toHaveLength(12)
    const rows = readdirSync(product)
      .filter((name) => name.startsWith('summary-'))
      .flatMap((name) => tableOf(join(product, name)))
    expect(new Set(rows.map((row) => row['serial-num'])).size).toBe(12)
  })
})

test('a run that ends while another looks for one to go on with is no interrupted run', async () => {
  const { outdir, ledger: file } = fresh()
  const ledger = await openLedger(file)
  const asked = request(...PRODUCT, ...PAI, '--outdir', outdir)
  const first = await openLedgerRun(asked, ledger)
  let looks = 0
  const ask = async (...question: Parameters<typeof ledger.records.ask>): Promise<unknown> => {
    const answer = await ledger.records.ask(...question)
    if (question[0] !== 'openGenerationRuns' || looks++ > 0) return answer
    await first.keeping.book.end(true)
    first.keeping.work.remove()
    return answer
  }
  const second = await openLedgerRun(asked, {
    ...ledger,
    records: { ...ledger.records, ask: ask as typeof ledger.records.ask },
  })
  expect({ looks, resumed: second.resumed }).toEqual({ looks: 2, resumed: false })
  second.keeping.work.remove()
  await ledger.close()
})

describe('what the ledger holds', () => {
  test('no secret in clear, and nothing without its key', async () => {
    const { outdir, ledger } = fresh()
    const { devices } = await make(outdir, [...PAI, '--passcode', '20202021'], { ledger })
    const [device] = devices
    const stored = readFileSync(ledger)
    expect(stored.includes(device?.partition.serialNumber ?? '')).toBe(true)
    const { salt, verifier } = device?.partition ?? {}
    for (const secret of [salt, verifier, device?.read('internal/DAC_private_key.bin')]) {
      const bytes = Buffer.from(secret ?? [])
      expect(bytes.length).toBeGreaterThan(0)
      expect(stored.includes(bytes) || stored.includes(bytes.toString('base64'))).toBe(false)
    }
    const key = join(ledger, '..', 'station.key')
    const kept = readFileSync(key)
    rmSync(key)
    await expect(make(outdir, PAI, { ledger })).rejects.toThrow(/station\.key is missing/u)
    writeFileSync(key, Buffer.alloc(32, 1))
    await expect(make(outdir, PAI, { ledger })).rejects.toThrow(/is not the key under which/u)
    writeFileSync(key, kept)
    await expect(make(outdir, PAI, { ledger })).resolves.toBeDefined()
  })

  test('values of the line’s identities and of generated devices are unique together', async () => {
    const { ledger: file } = fresh()
    const records = await openRecords(file)
    try {
      await records.ask('createOrder', { id: 'order', number: 'WO-1', plan: '{}', quantity: 1, at: 1 })
      const identity = {
        ...{ id: 'i1', order_id: 'order', serial: 'S1', passcode_mark: 'p1', salt_mark: 's1', rotating_mark: 'r1' },
        ...{ key_mark: 'k1', dac_certificate: Uint8Array.of(1), sealed: Uint8Array.of(1) },
      }
      expect(await records.ask('addIdentity', { identity, at: 1 })).toEqual({ unique: true })
      await records.ask('beginGenerationRun', {
        id: 'run',
        request: 'x',
        described: '{}',
        quantity: 9,
        sealed: null,
        at: 1,
      })
      let position = 0
      const add = async (change: object) => {
        const device = {
          ...{ id: `g${position}`, run_id: 'run', position: position++, serial: `G${position}`, passcode_mark: null },
          ...{ salt_mark: null, rotating_mark: null, key_mark: null, mac: null, dac_certificate: null },
          ...{ sealed: Uint8Array.of(1), ...change },
        }
        const { taken } = await records.ask('addGenerated', { devices: [device], at: 1 })
        return { taken: taken[0]?.kind ?? null }
      }
      expect(await add({ serial: 'S1' })).toEqual({ taken: 'serial' })
      expect(await add({ passcode_mark: 'p1' })).toEqual({ taken: 'passcode' })
      expect(await add({ salt_mark: 's1' })).toEqual({ taken: 'salt' })
      expect(await add({ rotating_mark: 'r1' })).toEqual({ taken: 'rotatingId' })
      expect(await add({ key_mark: 'k1' })).toEqual({ taken: 'key' })
      expect(await add({ serial: 'S2', key_mark: 'k2', mac: 'AA:BB:CC:00:00:01' })).toEqual({ taken: null })
      const other = { ...identity, id: 'i2', serial: 'S3', passcode_mark: 'p3', salt_mark: 's3', rotating_mark: 'r3' }
      expect(await records.ask('addIdentity', { identity: { ...other, key_mark: 'k2' }, at: 1 })).toEqual({
        unique: false,
      })
      expect(await records.ask('addIdentity', { identity: { ...other, key_mark: 'k3' }, at: 1 })).toEqual({
        unique: true,
      })
      // The board has the identity with which it was imported.
      const begin = { runId: 'r', mac: 'AA:BB:CC:00:00:01', chip: 'esp32c3', orderId: 'order', slot: 1, at: 2 }
      expect(await records.ask('beginRun', begin)).toEqual({ kind: 'came-provisioned', serial: 'S2' })
      await records.ask('beginRun', { ...begin, mac: 'AA:BB:CC:00:00:02' })
      expect(await add({ mac: 'AA:BB:CC:00:00:02' })).toEqual({ taken: 'mac' })
    } finally {
      await records.close()
    }
    const raw = new DatabaseSync(file)
    for (const statement of [
      'DELETE FROM generated',
      'DELETE FROM used_values',
      "UPDATE generated SET serial = 'x'",
      "UPDATE used_values SET mark = 'x'",
      "INSERT INTO used_values (kind, mark) VALUES ('serial', 'S1')",
    ])
      expect(() => raw.exec(statement), statement).toThrow(/.+/u)
    raw.close()
  })

  test('a ledger in a folder that does not exist is refused by its name', async () => {
    await expect(openLedger(join(folder, 'no', 'such', 'folder.db'))).rejects.toThrow(/^--ledger .*folder\.db: /u)
  })
})
