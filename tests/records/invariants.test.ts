import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRecords, RecordsError, type Records } from '../../src/main/records/records.ts'

let folder = ''
let records: Records
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-records-'))
  records = await openRecords(join(folder, 'records.db'))
  await records.ask('createOrder', { id: 'order', number: 'WO-1', plan: '{}', quantity: 10, at: 1 })
})
afterEach(async () => {
  await records.close()
  rmSync(folder, { recursive: true })
})

const MAC = 'AA:BB:CC:00:00:01'
const identity = (n: number, change: object = {}) => ({
  id: `identity-${n}`,
  order_id: 'order',
  serial: `S-${n}`,
  passcode_mark: `passcode ${n}`,
  salt_mark: `salt ${n}`,
  rotating_mark: `rotating ${n}`,
  key_mark: `key ${n}`,
  dac_certificate: Uint8Array.of(n),
  sealed: Uint8Array.of(n, n),
  ...change,
})
const add = (n: number, change: object = {}) => records.ask('addIdentity', { identity: identity(n, change), at: 2 })
const begin = (runId: string, mac = MAC) =>
  records.ask('beginRun', { runId, mac, chip: 'esp32c3', orderId: 'order', slot: 3, at: 10 })
const region = { name: 'app', offset: 0, size: 4, md5: 'm', sha256: 's', skipped: false, verified: true }
const pass = (runId: string, change: object = {}) =>
  records.ask('passRun', {
    runId,
    outcome: 'pass',
    at: 20,
    log: '[]',
    regions: [region],
    label: { id: `label of ${runId}`, who: 'line' },
    ...change,
  })
const fail = (runId: string, final: boolean) =>
  records.ask('failRun', {
    runId,
    outcome: 'fail',
    final,
    at: 20,
    log: '[]',
    failure: { code: 'no-progress', step: 'write', board: 'reinsert', params: '{}', detail: '' },
  })
/** As another program would, past all of our code. */
const raw = (statement: string): (() => void) => {
  const database = new DatabaseSync(join(folder, 'records.db'))
  database.exec('PRAGMA foreign_keys = ON')
  return () => {
    try {
      database.exec(statement)
    } finally {
      database.close()
    }
  }
}

describe('invariant 1: nothing of an identity is used twice', () => {
  test.each(['serial', 'passcode_mark', 'salt_mark', 'rotating_mark', 'key_mark'])(
    'two identities with one %s',
    async (column) => {
      expect(await add(1)).toEqual({ unique: true })
      const first = identity(1) as Record<string, unknown>
      expect(await add(2, { [column]: first[column] })).toEqual({ unique: false })
      expect(await add(2)).toEqual({ unique: true })
    },
  )

  test('an identity cannot be bound to a second MAC, changed or deleted', async () => {
    await add(1)
    await begin('run')
    expect(
      raw(
        `INSERT INTO units (mac, identity_id, order_id, chip, bound_at) VALUES ('AA:BB:CC:00:00:02', 'identity-1', 'order', 'esp32c3', 1)`,
      ),
    ).toThrow(/UNIQUE constraint/u)
    expect(raw(`UPDATE units SET mac = 'AA:BB:CC:00:00:02'`)).toThrow(/a binding is fixed/u)
    expect(raw(`DELETE FROM units`)).toThrow(/never deleted/u)
    expect(raw(`UPDATE identities SET sealed = x'00'`)).toThrow(/an identity is fixed/u)
    expect(raw(`DELETE FROM identities`)).toThrow(/never deleted/u)
  })

  test('serial numbers are never given twice', async () => {
    expect(await records.ask('takeSerials', { prefix: 'A-', count: 5 })).toEqual({ first: 1 })
    expect(await records.ask('takeSerials', { prefix: 'A-', count: 2 })).toEqual({ first: 6 })
    expect(await records.ask('takeSerials', { prefix: 'B-', count: 1 })).toEqual({ first: 1 })
  })
})

describe('invariant 2: a pass needs every region read back', () => {
  test('no region, or one that was not verified', async () => {
    await add(1)
    await begin('run')
    await expect(pass('run', { regions: [] })).rejects.toThrow(/every region read back/u)
    await expect(pass('run', { regions: [{ ...region, verified: false }] })).rejects.toThrow(/every region read back/u)
    await expect(pass('run')).resolves.toBeUndefined()
  })

  test('an outcome is fixed', async () => {
    await add(1)
    await begin('run')
    await fail('run', true)
    await expect(pass('run')).rejects.toThrow(RecordsError)
    expect(raw(`UPDATE runs SET outcome = 'pass'`)).toThrow(/fixed|read back/u)
  })
})

describe('invariant 3: the binding comes before the first byte', () => {
  test('regions of a run without a unit are refused', () => {
    expect(
      raw(`INSERT INTO runs (id, order_id, slot, attempt, started_at) VALUES ('r', 'order', 1, 1, 1);
           INSERT INTO regions VALUES ('r', 'app', 0, 4, 'm', 's', 0, 1)`),
    ).toThrow(/only a bound run/u)
  })

  test('a run that went on when the program ended is found as interrupted, its unit keeps its identity', async () => {
    await add(1)
    await add(2)
    await begin('run')
    await records.close()
    records = await openRecords(join(folder, 'records.db'))
    expect(await records.ask('recover', { at: 30 })).toEqual({ interrupted: 1 })
    expect(await begin('again')).toMatchObject({ kind: 'begun', attempt: 2, identity: { id: 'identity-1' } })
  })
})

describe('invariant 4: the same MAC gets its own identity again, or nothing', () => {
  test('after a failure its own; after a pass nothing', async () => {
    await add(1)
    await add(2)
    expect(await begin('one')).toMatchObject({ kind: 'begun', attempt: 1, identity: { id: 'identity-1' } })
    await fail('one', true)
    expect(await begin('two')).toMatchObject({ kind: 'begun', attempt: 2, identity: { id: 'identity-1' } })
    await pass('two')
    expect(await begin('three')).toEqual({ kind: 'made-before', serial: 'S-1', at: 20 })
  })

  test('one run of a unit at a time', async () => {
    await add(1)
    await begin('one')
    await expect(begin('two')).rejects.toThrow(/UNIQUE constraint/u)
  })

  test('a unit of another order is refused, naming that order', async () => {
    await add(1)
    await begin('one')
    await fail('one', true)
    await records.ask('createOrder', { id: 'other', number: 'WO-2', plan: '{}', quantity: 10, at: 1 })
    expect(
      await records.ask('beginRun', { runId: 'two', mac: MAC, chip: 'esp32c3', orderId: 'other', slot: 1, at: 9 }),
    ).toEqual({ kind: 'bound-elsewhere', serial: 'S-1', orderNumber: 'WO-1' })
  })

  test('without an identity nothing is bound', async () => {
    expect(await begin('one')).toEqual({ kind: 'no-identity' })
    await add(1)
    expect(await begin('one')).toMatchObject({ kind: 'begun' })
  })
})

describe('invariant 5: one current label a pass', () => {
  test('a label without a pass, and a second current one, are refused', async () => {
    await add(1)
    await begin('run')
    const insert = (id: string): string =>
      `INSERT INTO labels (id, run_id, mac, order_id, rank, state, who, created_at, updated_at) VALUES ('${id}', 'run', '${MAC}', 'order', 1, 'waiting', 'x', 1, 1)`
    expect(raw(insert('early'))).toThrow(/only a pass has a label/u)
    await pass('run')
    expect(raw(insert('second'))).toThrow(/UNIQUE constraint/u)
  })
})

describe('group commit', () => {
  test('an operation that fails takes no other of its group with it', async () => {
    const results = await Promise.allSettled([
      add(1),
      records.ask('passRun', { runId: 'none', outcome: 'pass', at: 1, log: '[]', regions: [region], label: null }),
      add(2),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await records.ask('countReady', { orderId: 'order' })).toBe(2)
  })

  test('totals count units, not runs', async () => {
    for (const n of [1, 2, 3]) await add(n)
    await begin('one')
    await fail('one', false)
    await begin('two')
    await pass('two')
    await begin('three', 'AA:BB:CC:00:00:02')
    await fail('three', true)
    await begin('four', 'AA:BB:CC:00:00:03')
    await pass('four')
    const totals = await records.ask('orderTotals', { orderId: 'order' })
    expect(totals).toMatchObject({ passed: 2, failed: 1, firstTries: 3, firstPasses: 1 })
    const units = await records.ask('orderUnits', { orderId: 'order' })
    expect(units.map(({ serial, outcome, attempts }) => ({ serial, outcome, attempts }))).toEqual([
      { serial: 'S-1', outcome: 'pass', attempts: 2 },
      { serial: 'S-2', outcome: 'fail', attempts: 1 },
      { serial: 'S-3', outcome: 'pass', attempts: 1 },
    ])
  })

  test('what is asked after closing is refused', async () => {
    await records.close()
    await expect(records.ask('orderNumbers')).rejects.toThrow(/closed/u)
    records = await openRecords(join(folder, 'records.db'))
  })
})
