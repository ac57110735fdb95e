/** What must hold for products, releases and orders, whatever program writes into the records. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRecords, type Records } from '../../src/main/records/records.ts'

let folder = ''
let records: Records
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-orders-'))
  records = await openRecords(join(folder, 'records.db'))
  await saveProduct('as made')
  await create('WO-1')
})
afterEach(async () => {
  await records.close()
  rmSync(folder, { recursive: true })
})

const saveProduct = (written: string, change: object = {}) =>
  records.ask('saveProduct', {
    id: 'product',
    name: 'Lamp',
    definition: '{}',
    written,
    sealedPassword: Uint8Array.of(7),
    who: 'Ada',
    at: 1,
    ...change,
  })
const order = (number: string, change: object = {}) => ({
  id: `id of ${number}`,
  number,
  plan: '{}',
  quantity: 10,
  at: 1,
  remarks: {
    productId: 'product',
    releaseId: null,
    manifestId: null,
    due: '2026-12-24',
    lot: 'L7',
    customerReference: '',
    notes: '',
    firstArticle: true,
    who: 'Ada',
    ...change,
  },
})
const create = (...numbers: string[]) => records.ask('createOrders', { orders: numbers.map((number) => order(number)) })
const ORDER = 'id of WO-1'

const board = async (n: number): Promise<void> => {
  await records.ask('addIdentity', {
    identity: {
      id: `identity-${n}`,
      order_id: ORDER,
      serial: `S-${n}`,
      passcode_mark: `passcode ${n}`,
      salt_mark: `salt ${n}`,
      rotating_mark: `rotating ${n}`,
      key_mark: `key ${n}`,
      dac_certificate: Uint8Array.of(n),
      sealed: Uint8Array.of(n),
    },
    at: 2,
  })
}
const mac = (n: number): string => `AA:BB:CC:00:00:0${n}`
const begin = (n: number, attempt = 1) =>
  records.ask('beginRun', {
    runId: `run ${n}.${attempt}`,
    mac: mac(n),
    chip: 'esp32c3',
    orderId: ORDER,
    slot: 1,
    at: 3,
  })
const pass = (n: number, attempt = 1, label: { id: string; who: string } | null = null) =>
  records.ask('passRun', {
    runId: `run ${n}.${attempt}`,
    outcome: 'pass',
    at: 4 + n,
    log: '[]',
    regions: [{ name: 'app', offset: 0, size: 4, md5: 'm', sha256: 's', skipped: false, verified: true }],
    label,
  })
const fail = (n: number, attempt = 1) =>
  records.ask('failRun', {
    runId: `run ${n}.${attempt}`,
    outcome: 'fail',
    final: true,
    at: 4 + n,
    log: '[]',
    failure: { code: 'no-progress', step: 'write', board: 'reinsert', params: '{}', detail: '' },
  })
const approve = (n: number) =>
  records.ask('approveFirstArticle', { orderId: ORDER, mac: mac(n), who: 'Ada', comment: 'good', at: 9 })
const state = (to: 'running' | 'paused' | 'finished') =>
  records.ask('setOrderState', { id: ORDER, state: to, stopReason: null, at: 5 })
const close = () => records.ask('closeOrder', { id: ORDER, who: 'Ada', at: 6 })
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

describe('a product', () => {
  test('keeps what is written while an order of it is open, and nothing else', async () => {
    await expect(saveProduct('otherwise')).rejects.toThrow(/an open order uses this product/u)
    await saveProduct('as made', { definition: '{"moved":true}' })
    await state('finished')
    await saveProduct('otherwise')
    await create('WO-2')
    await expect(saveProduct('once more')).rejects.toThrow(/an open order uses this product/u)
  })

  test('keeps its sealed password when none is given, and loses it when it is taken away', async () => {
    await saveProduct('as made', { sealedPassword: undefined })
    expect((await records.ask('findProduct', { id: 'product' }))?.sealed_password).toEqual(Uint8Array.of(7))
    await saveProduct('as made', { sealedPassword: null })
    expect((await records.ask('findProduct', { id: 'product' }))?.sealed_password).toBeNull()
  })

  test('is archived when no order is open, and then has no new orders', async () => {
    const archive = (archived: boolean) => records.ask('archiveProduct', { id: 'product', archived, who: 'Ada', at: 8 })
    await expect(archive(true)).rejects.toThrow(/an open order uses this product/u)
    await close()
    await archive(true)
    await expect(create('WO-2')).rejects.toThrow(/the product is archived/u)
    await archive(false)
    await create('WO-2')
    expect(raw(`DELETE FROM products`)).toThrow(/archived, never deleted/u)
  })
})

test('orders are made all or none', async () => {
  await expect(create('WO-2', 'WO-3', 'WO-1')).rejects.toThrow(/UNIQUE/u)
  expect(await records.ask('orderNumbers')).toEqual(['WO-1'])
  await create('WO-2', 'WO-3')
  expect(await records.ask('orderNumbers')).toHaveLength(3)
})

describe('a closed order', () => {
  test('stays closed, starts no more, and makes nothing', async () => {
    await board(1)
    await begin(1)
    await records.ask('recover', { at: 4 })
    expect(await close()).toEqual({ closed: true })
    expect(await close()).toEqual({ closed: false })
    await expect(state('running')).rejects.toThrow(/stays closed/u)
    await expect(begin(1, 2)).rejects.toThrow(/the order is closed/u)
    expect(raw(`UPDATE orders SET closed_at = NULL`)).toThrow(/stays closed/u)
    expect(raw(`DELETE FROM orders`)).toThrow(/closed, never deleted/u)
  })

  test('gives back what was prepared for it and has no board: those DACs are free, and nothing else of them is', async () => {
    await board(1)
    await begin(1)
    await records.ask('recover', { at: 4 })
    await board(2)
    const marks = ['key 1', 'key 2']
    expect(await records.ask('usedDacs', { marks })).toEqual({ used: marks })
    expect(raw(`DELETE FROM identities WHERE id = 'identity-2'`)).toThrow(/never deleted, unless its order was closed/u)
    expect(raw(`DELETE FROM used_values WHERE mark = 'key 2'`)).toThrow(/stays used/u)
    await close()
    expect(await records.ask('usedDacs', { marks })).toEqual({ used: ['key 1'] })
    expect(raw(`DELETE FROM identities`)).toThrow(/never deleted, unless its order was closed/u)
    for (const mark of ['key 1', 'salt 2', 'passcode 2', 'rotating 2', 'S-2'])
      expect(raw(`DELETE FROM used_values WHERE mark = '${mark}'`)).toThrow(/stays used/u)
    await expect(board(3)).rejects.toThrow(/the order is closed/u)
    await create('WO-2')
    const again = { passcode_mark: 'p', salt_mark: 's', rotating_mark: 'r', key_mark: 'key 2', serial: 'S-9' }
    const prepare = (change: object) =>
      records.ask('addIdentity', {
        identity: {
          ...{ id: 'again', order_id: 'id of WO-2', dac_certificate: Uint8Array.of(1), sealed: Uint8Array.of(1) },
          ...again,
          ...change,
        },
        at: 9,
      })
    expect(await prepare({ serial: 'S-2' })).toEqual({ unique: false })
    expect(await prepare({ key_mark: 'key 1' })).toEqual({ unique: false })
    expect(await prepare({})).toEqual({ unique: true })
  })

  test('was not running', async () => {
    await state('running')
    await expect(close()).rejects.toThrow(/runs is not closed/u)
    // A program that was killed while it ran is found paused.
    await records.ask('recover', { at: 7 })
    expect(await close()).toEqual({ closed: true })
  })

  test('keeps its product, release and wish for an approval', () => {
    expect(raw(`UPDATE orders SET first_article = 0`)).toThrow(/what an order makes is fixed/u)
    expect(raw(`UPDATE orders SET product_id = NULL`)).toThrow(/what an order makes is fixed/u)
  })
})

describe('the first article', () => {
  test('is the only unit until it is approved', async () => {
    await board(1)
    await board(2)
    await begin(1)
    await expect(begin(2)).rejects.toThrow(/first article is not approved/u)
    await pass(1)
    await expect(begin(2)).rejects.toThrow(/first article is not approved/u)
    expect(await records.ask('firstArticle', { orderId: ORDER })).toEqual({
      state: 'to-approve',
      serial: 'S-1',
      mac: mac(1),
      approval: null,
      rejections: [],
    })
    await approve(1)
    expect(await begin(2)).toMatchObject({ kind: 'begun' })
    expect(await records.ask('firstArticle', { orderId: ORDER })).toMatchObject({
      state: 'approved',
      approval: { who: 'Ada', comment: 'good', at: 9 },
    })
  })

  test('may be another board when the first one fails', async () => {
    await board(1)
    await board(2)
    await begin(1)
    await fail(1)
    expect(await begin(2)).toMatchObject({ kind: 'begun' })
    await expect(approve(2)).rejects.toThrow(/only a unit that passed/u)
    await pass(2)
    await approve(2)
    await expect(approve(2)).rejects.toThrow(/UNIQUE/u)
    expect(raw(`UPDATE first_articles SET who = 'Eve'`)).toThrow(/an approval is fixed/u)
    expect(raw(`DELETE FROM first_articles`)).toThrow(/never deleted/u)
  })
})

describe('a first article that is rejected', () => {
  const LABEL = { id: 'label 1', who: 'line' }
  const reject = (n: number) =>
    records.ask('rejectFirstArticle', { orderId: ORDER, mac: mac(n), who: 'Ada', reason: 'label is wrong', at: 9 })
  beforeEach(async () => {
    for (const n of [1, 2]) await board(n)
    await begin(1)
  })

  test('is none of the order, is never made again, and gives way to another', async () => {
    await pass(1)
    expect(await reject(1)).toEqual({ kind: 'rejected' })
    expect(await records.ask('orderTotals', { orderId: ORDER })).toMatchObject({ passed: 0, failed: 1, firstPasses: 0 })
    expect(await records.ask('firstArticle', { orderId: ORDER })).toMatchObject({
      state: 'to-make',
      serial: null,
      rejections: [{ serial: 'S-1', mac: mac(1), who: 'Ada', reason: 'label is wrong', at: 9 }],
    })
    expect(await begin(1, 2)).toEqual({ kind: 'rejected' })
    expect(await begin(2)).toMatchObject({ kind: 'begun' })
    await pass(2)
    await approve(2)
    expect(await records.ask('firstArticle', { orderId: ORDER })).toMatchObject({ state: 'approved', serial: 'S-2' })
    const scope = { kind: 'order', orderId: ORDER } as const
    expect(await records.ask('report', { scope })).toMatchObject({
      passed: 1,
      failed: 1,
      scrap: 1,
      failures: [{ code: 'rejected', count: 1 }],
    })
    expect((await records.ask('orderUnits', { orderId: ORDER })).map(({ outcome }) => outcome)).toEqual([
      'rejected',
      'pass',
    ])
  })

  test('has no label that holds: one on paper is void, and none is printed again', async () => {
    await pass(1, 1, LABEL)
    await records.ask('moveLabel', { id: 'label 1', from: ['waiting'], to: 'printed', fault: null, proof: null, at: 8 })
    expect(raw(`INSERT INTO rejected_articles VALUES ('${mac(1)}', '${ORDER}', 'Eve', 'why not', 1)`)).toThrow(
      /the label of a rejected unit is void/u,
    )
    await reject(1)
    expect(await records.ask('findLabel', { id: 'label 1' })).toMatchObject({ state: 'superseded' })
    expect(raw(`INSERT INTO voided_labels VALUES ('label 1', 'twice', 'Eve', 1)`)).toThrow(/UNIQUE/u)
    const reprint = { labelId: 'label 1', newId: 'label 2', reason: 'lost', who: 'Ada', at: 9 }
    expect(await records.ask('reprintLabel', reprint)).toEqual({ reprinted: false })
  })

  test('waits for its approval: neither an approved one nor a failed one is rejected, and it stays so', async () => {
    await fail(1)
    await expect(reject(1)).rejects.toThrow(/only a first article that waits/u)
    await begin(2)
    await pass(2)
    await reject(2)
    await expect(approve(2)).rejects.toThrow(/the unit was rejected/u)
    expect(raw(`UPDATE rejected_articles SET who = 'Eve'`)).toThrow(/a rejection is fixed/u)
    expect(raw(`DELETE FROM rejected_articles`)).toThrow(/never deleted/u)
    await begin(1, 2)
    await pass(1, 2)
    await approve(1)
    await expect(reject(1)).rejects.toThrow(/only a first article that waits/u)
  })

  test('pauses an order that runs or was finished with it', async () => {
    await state('running')
    await pass(1)
    await state('finished')
    await reject(1)
    expect(await records.ask('findOrder', { id: ORDER })).toMatchObject({ state: 'paused', ended_at: null })
  })
})

test('a release is registered once', async () => {
  const release = {
    id: 'one',
    folder: '/build',
    factory_partition: null,
    name: 'lamp',
    version: '1',
    chip: 'esp32c3',
    digest: 'd',
    images: '[]',
    registered_at: 1,
    registered_by: 'Ada',
  }
  expect(await records.ask('keepRelease', release)).toEqual({ id: 'one' })
  expect(await records.ask('keepRelease', { ...release, id: 'two' })).toEqual({ id: 'one' })
  expect(await records.ask('keepRelease', { ...release, id: 'three', digest: 'e' })).toEqual({ id: 'three' })
  expect(raw(`UPDATE releases SET digest = 'f'`)).toThrow(/a release is fixed/u)
})
