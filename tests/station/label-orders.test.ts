/** Orders that only label modules which came provisioned: from the manifest to the label, and what nothing may break on the way. */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runHeadless } from '../../src/main/headless.ts'
import { LabelTemplate } from '../../src/contract/index.ts'
import { drawLabel } from '../../src/main/labels/draw.ts'
import { encodeManualCode, encodeQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { migrate } from '../../src/main/records/migrations.ts'
import { openRecords } from '../../src/main/records/records.ts'
import { openSqlite } from '../../src/main/records/sqlite.ts'
import { macOfBoard } from '../../src/main/simulator/bench-operator.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { demoOrder } from '../../src/main/station/orders/demo-order.ts'
import { drawLabelOf } from '../../src/main/station/labels/label-drawing.ts'
import { importManifest, manifestViews } from '../../src/main/station/orders/manifests.ts'
import { prepareLabelOrder, type LabelOrderRequest } from '../../src/main/station/orders/prepare-label-order.ts'
import { scanBack, unitLabels } from '../../src/main/station/labels/scan-back.ts'
import { pictureOfBitmap, readCodes } from '../labels/decode.ts'
import { openPassedUnits, type PassedUnits } from './passed-units.ts'

let units: PassedUnits
beforeEach(async () => {
  units = await openPassedUnits()
})
afterEach(() => units.close())

const macOf = (nth: number): string => `7C:DF:A1:AA:00:0${nth}`
const payload = (nth: number, productId = 0x8000) =>
  ({
    vendorId: 0xfff1,
    productId,
    flow: 0,
    discovery: 2,
    discriminator: 77,
    passcode: 34_567_890 + nth,
  }) as const
const qr = (nth: number): string => encodeQrPayload(payload(nth))
const row = (nth: number): string => `${macOf(nth)},MOD-${nth},${qr(nth)}`
const manifestOf = (rows: readonly string[], header = 'mac,serial,qrcode'): string => {
  const path = join(units.folder, 'manifest.csv')
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`)
  return path
}
const take = (rows: readonly string[], header?: string) => importManifest(units, manifestOf(rows, header))

const common = demoOrder('WO-9', 1, '-')
const prepare = async (rows: readonly string[], change: Partial<LabelOrderRequest> = {}, header?: string) =>
  prepareLabelOrder(units, { ...common, manifest: await take(rows, header), ...change })

/** An order of the records for these modules. */
const order = async (rows: readonly string[], number = 'WO-9', header?: string): Promise<string> => {
  const manifest = await take(rows, header)
  const { plan } = await prepareLabelOrder(units, { ...common, number, manifest })
  const id = `order ${number}`
  const remarks = {
    productId: null,
    releaseId: null,
    manifestId: manifest.id,
    due: null,
    lot: '',
    customerReference: '',
  }
  const rest = { ...remarks, notes: '', firstArticle: false, who: 'Ann' }
  await units.records.ask('createOrder', { id, number, plan: JSON.stringify(plan), quantity: 1, at: 1, remarks: rest })
  return id
}
const begin = (orderId: string, mac: string, runId: string = randomUUID()) =>
  units.records.ask('beginRun', { runId, mac, chip: 'esp32c3', orderId, slot: 4, at: Date.UTC(2026, 10, 24) })
const label = async (orderId: string, nth: number): Promise<string> => {
  const [runId, labelId] = [randomUUID(), randomUUID()]
  expect(await begin(orderId, macOf(nth), runId)).toMatchObject({ kind: 'begun', attempt: 1 })
  await units.records.ask('passRun', {
    runId,
    outcome: 'pass',
    at: Date.UTC(2026, 10, 24),
    log: '[]',
    regions: [],
    label: { id: labelId, who: 'line' },
  })
  return labelId
}
/** As another program would, past all of our code. */
const raw = (statement: string): void => {
  const database = new DatabaseSync(join(units.folder, 'records.db'))
  database.exec('PRAGMA foreign_keys = ON')
  try {
    database.exec(statement)
  } finally {
    database.close()
  }
}

describe('a module of the manifest', () => {
  test('is found by its MAC, and its label carries the codes of its row', async () => {
    const labelId = await label(await order([row(1), row(2)]), 1)
    const found = { serial: 'MOD-1', mac: macOf(1), slot: 4, state: 'waiting' }
    expect(await units.records.ask('findLabel', { id: labelId })).toMatchObject(found)
    const { layout, data } = await drawLabelOf(units.records, units.vault, labelId)
    expect(data).toMatchObject({
      serial: 'MOD-1',
      orderNumber: 'WO-9',
      date: '2026-11-24',
      manualCode: encodeManualCode(payload(1)),
    })
    expect(await readCodes(pictureOfBitmap(drawLabel(layout)))).toEqual([{ format: 'QRCode', text: qr(1) }])
    expect(await manifestViews(units.records)).toMatchObject([{ name: 'manifest.csv', modules: 2, taken: 1 }])
  })

  test('gets its codes from passcode and discriminator where the manifest has no QR code', async () => {
    const id = await order([`${macOf(1)},34567891,77`], 'WO-9', 'mac,passcode,discriminator')
    const { data } = await drawLabelOf(units.records, units.vault, await label(id, 1))
    // Without a serial number its MAC is its name.
    expect(data).toMatchObject({ qr: qr(1), serial: '7CDFA1AA0001' })
  })

  test('is labelled once; its label is reprinted, scanned and packed as any other', async () => {
    const id = await order([row(1)])
    const labelId = await label(id, 1)
    expect(await begin(id, macOf(1))).toMatchObject({ kind: 'made-before', serial: 'MOD-1' })
    await units.records.ask('reprintLabel', { labelId, newId: 'again', reason: 'torn', who: 'Ann', at: 5 })
    const printed = { id: 'again', from: ['waiting'], to: 'printed', fault: null, proof: null, at: 1 } as const
    await units.records.ask('moveLabel', printed)
    expect(await scanBack(units, 'off', undefined, qr(1), null, 'Ann')).toMatchObject({ serial: 'MOD-1' })
    expect((await unitLabels(units, qr(1))).labels.map((each) => [each.id, each.state])).toEqual([
      ['again', 'confirmed'],
      [labelId, 'superseded'],
    ])
    const ids = { carton: 'carton', label: null }
    const packing = { mac: macOf(1), orderId: id, size: 2, numbers: { prefix: 'C', digits: 4 }, ids, who: 'Ann', at: 6 }
    expect(await units.records.ask('packUnit', packing)).toMatchObject({ kind: 'added', count: 1 })
    expect(await units.records.ask('cartonUnits', { cartonId: 'carton' })).toMatchObject([{ serial: 'MOD-1' }])
  })

  test('is labelled in an order of its own manifest only, and no other order writes to it', async () => {
    const id = await order([row(1)])
    const made = await units.order('WO-10')
    expect(await begin(id, macOf(2))).toEqual({ kind: 'not-in-manifest' })
    expect(await begin(made, macOf(1))).toEqual({ kind: 'came-provisioned', serial: 'MOD-1' })
    const unit = await units.pass(made, 1, 'waiting')
    expect(await begin(id, unit.mac)).toMatchObject({ kind: 'made-before', serial: unit.serial })
  })
})

describe('an order is refused before it starts', () => {
  test('for a module that cannot be labelled, for too few of them, and for a test vendor on a real line', async () => {
    const refused: [rows: string[], change: Partial<LabelOrderRequest>, sentence: RegExp][] = [
      [[`${macOf(1)},MOD-1,${encodeQrPayload(payload(1, 0x8001))}`], {}, /MOD-1.*other product/u],
      [[row(2), `${macOf(3)},MOD-3,`], {}, /MOD-3.*has no codes/u],
      [[row(4)], { quantity: 2 }, /has 1 modules.*wants 2/u],
      [[`${macOf(5)},${'W'.repeat(32)},${qr(5)}`], {}, /W{32}.*shorten the text/u],
      [[row(6)], { simulated: false }, /test vendor/u],
    ]
    for (const [rows, change, sentence] of refused) await expect(prepare(rows, change)).rejects.toThrow(sentence)
  })

  test('modules of another order are not counted', async () => {
    await label(await order([row(1), row(2)], 'WO-8'), 1)
    await expect(prepare([row(1), row(2)], { quantity: 2 })).rejects.toThrow(/of which 1 are not in another order/u)
    expect((await prepare([row(1), row(2)])).modules).toBe(1)
  })
})

describe('a manifest', () => {
  test('is kept whole or not at all, and the same content again is the same manifest', async () => {
    await expect(take([row(1), `${macOf(1)},MOD-2,`])).rejects.toThrow(/manifest\.csv:3: the MAC/u)
    await expect(take([row(1), ',MOD-2,'])).rejects.toThrow(/manifest\.csv:3: it has no MAC/u)
    expect(await manifestViews(units.records)).toEqual([])
    const first = await take([row(1)])
    expect(await take([row(1)])).toEqual(first)
    await expect(take([row(1), row(2)])).rejects.toThrow(/manifest\.csv:2: .*in the records already/u)
  })
})

test('the records themselves refuse what would break a binding, a label or a module', async () => {
  const id = await order([row(1), row(2), row(4)])
  await label(id, 1)
  await begin(id, macOf(4), 'run 2')
  await units.records.ask('createOrder', { id: 'made', number: 'WO-10', plan: '{}', quantity: 1, at: 1 })
  const bound = (mac: string, orderId: string): string =>
    `INSERT INTO units SELECT '${mac}', NULL, id, '${orderId}', 'esp32c3', 1 FROM generated WHERE mac = '${macOf(2)}'`
  const refused: [statement: string, sentence: RegExp][] = [
    [`UPDATE units SET generated_id = NULL`, /a binding is fixed/u],
    [`UPDATE orders SET manifest_id = NULL WHERE id = '${id}'`, /what an order makes is fixed/u],
    [
      `INSERT INTO labels SELECT 99, 'x', run_id, mac, NULL, order_id, 1, 9, 0, 'waiting', NULL, NULL, NULL, NULL, 'w', 1, 1
       FROM labels`,
      /UNIQUE/u,
    ],
    [bound(macOf(2), 'made'), /the modules of its manifest/u],
    [bound(macOf(3), id), /the modules of its manifest/u],
    [`INSERT INTO units VALUES ('${macOf(3)}', NULL, NULL, 'made', 'esp32c3', 1)`, /CHECK/u],
    [`INSERT INTO regions VALUES ('run 2', 'app', 0, 4, 'm', 's', 0, 1)`, /nothing is written to a module/u],
  ]
  for (const [statement, sentence] of refused) expect(() => raw(statement)).toThrow(sentence)
})

test('modules that were labelled beside another order have one of their own, closed, and their labels stay', async () => {
  const file = join(units.folder, 'earlier.db')
  const db = openSqlite(file)
  await migrate(db, '009-first-articles')
  await db.destroy()
  const database = new DatabaseSync(file)
  const facts = JSON.stringify({ serial: 'MOD-1', orderNumber: 'WO-1' })
  const device = 'AA:BB:CC:00:00:01'
  database.exec(`
    INSERT INTO orders (id, number, plan, quantity, state, created_at) VALUES ('o', 'WO-1', '{"chip":"esp32c3","release":{}}', 5, 'paused', 1);
    INSERT INTO generation_runs VALUES ('manifest', 'r', '{"imported":"/m.csv"}', 1, 'finished', NULL, 1, 1);
    INSERT INTO generated (id, run_id, position, serial, mac, sealed, written, created_at)
      VALUES ('g', 'manifest', 0, 'MOD-1', '${device}', x'01', 1, 1);
    INSERT INTO label_passes VALUES ('g', '${device}', 3, '${facts}', 'Ann', 7);
    INSERT INTO labels (id, generated_id, slot, rank, state, who, created_at, updated_at, supersedes)
      VALUES ('first', 'g', 3, 1, 'superseded', 'Ann', 7, 8, NULL), ('second', 'g', 3, 2, 'printed', 'Ann', 8, 8, 'first');
    INSERT INTO voided_labels VALUES ('first', 'torn', 'Ann', 8)`)
  database.close()
  const records = await openRecords(file)
  expect(await records.ask('labelsOfUnit', { mac: device })).toMatchObject([
    { id: 'second', serial: 'MOD-1', state: 'printed', voided: false },
    { id: 'first', serial: 'MOD-1', state: 'superseded', voided: true },
  ])
  const kept = await records.ask('findOrder', { number: 'WO-1-MODULES-manifest' })
  expect(kept).toMatchObject({ manifest_id: 'manifest', state: 'finished', closed_at: 7 })
  expect(await records.ask('orderTotals', { orderId: kept?.id ?? '' })).toMatchObject({ passed: 1, labels: 1 })
  expect(await records.ask('orderTotals', { orderId: 'o' })).toMatchObject({ passed: 0 })
  await records.close()
})

describe('what does not fit a label is said before the order starts', () => {
  const many = (serials: readonly string[]): string[] =>
    serials.map((serial, index) => `7C:DF:A1:AB:00:${index.toString(16).padStart(2, '0')},${serial},${qr(index)}`)
  const template = (kind: 'unit' | 'carton', width: number, own: object) =>
    LabelTemplate.parse({
      ...{ format: 1, name: 'narrow', version: 1, width: 100, height: 20, kind },
      elements: [
        { type: 'text', name: 'mark', x: 1, y: 1, width: 20, height: 3, text: '{mark}', size: 2 },
        { name: 'own', x: 1, y: 6, width, height: 3, ...own },
      ],
    })
  const unit = (width: number, own: object) => ({
    labels: { labelTemplate: template('unit', width, own), labelFields: {}, carton: null },
  })
  /** Prepares an order of the same modules with a label that is wide enough, and with one that is not. */
  const both = async (
    serials: readonly string[],
    wide: Partial<LabelOrderRequest>,
    slim: Partial<LabelOrderRequest>,
  ) => {
    const manifest = await take(many(serials))
    await prepareLabelOrder(units, { ...common, manifest, ...wide })
    return prepareLabelOrder(units, { ...common, manifest, ...slim })
  }
  const serial = { type: 'text', text: 'SN {serial}', size: 2.5 }

  test('the widest serial is found among others that are as long', async () => {
    const narrow = Array.from({ length: 60 }, (_, index) => `I${String(index).padStart(2, '0')}IIIIIIIII`)
    await expect(both([...narrow, 'WWWWWWWWWWWW'], unit(60, serial), unit(20, serial))).rejects.toThrow(
      /manifest\.csv, module WWWWWWWWWWWW: .*the label's box “own” has 20 × 3 mm/u,
    )
  })

  test('a code that needs more room than longer ones: letters take twice the bars of digits', async () => {
    const digits = Array.from({ length: 60 }, (_, index) => `1234567890123456${String(index).padStart(2, '0')}`)
    const bars = { type: 'code-128', text: '{serial}' }
    await expect(both([...digits, 'ABCDEFGHIJKLMN'], unit(60, bars), unit(22, bars))).rejects.toThrow(
      /module ABCDEFGHIJKLMN: .*the label's box “own”/u,
    )
  })

  test('a carton has room for the widest serials of the manifest', async () => {
    const list = { type: 'text', text: '{cartonSerials}', size: 2 }
    const packed = (width: number) => {
      const { labels } = unit(60, serial)
      return { labels: { ...labels, carton: { size: 2, template: template('carton', width, list) } } }
    }
    await expect(both(['I1', 'WWWWWWW', 'I3', 'WWWWWW0'], packed(60), packed(20))).rejects.toThrow(
      /manifest\.csv: “WWWWWWW WWWWWW0” .*the label's box “own” has 20 × 3 mm/u,
    )
  })
})

describe('the unattended run', () => {
  const bench = (nth: number): string => `${macOfBoard(nth)},MOD-${nth},${qr(nth)}`
  const run = (count: number, rows: readonly string[], faults: readonly string[] = []) => {
    const said: string[] = []
    return runHeadless({
      units: count,
      out: join(units.folder, 'out'),
      simulation: { slots: 2, pace: Infinity, faults: faults.map(parseFault) },
      manifest: manifestOf(rows),
      say: (line) => said.push(line),
      signal: new AbortController().signal,
    }).then(({ complete, result }) => ({ complete, result, said: said.join('\n') }))
  }

  test('labels protected modules, writes to none, and puts aside what the manifest or the order does not name', async () => {
    const rows = [1, 2, 3, 5, 6, 7].map(bench)
    // The third does not tell its MAC, the fourth is not in the manifest, the sixth is another chip.
    const faults = ['secure-boot@1', 'flash-encrypted@2', 'secure-download@3', 'wrong-chip@6']
    const { complete, result, said } = await run(4, rows, faults)
    expect({ complete, result }).toMatchObject({ complete: true, result: { passed: 4, failed: 3, labels: 4 } })
    for (const code of ['unreadable-mac', 'not-in-manifest', 'wrong-chip']) expect(said).toContain(code)
    const csv = parse(readFileSync(join(units.folder, 'out', 'units.csv')), { columns: true })
    expect(csv).toMatchObject(
      [1, 2, 5, 7].map((nth) => ({ serial: `MOD-${nth}`, mac: macOfBoard(nth), qrcode: qr(nth) })),
    )
    for (const { serial } of csv as { serial: string }[])
      expect(existsSync(join(units.folder, 'out', 'labels', `${serial}.pdf`)), serial).toBe(true)
    const boards = join(units.folder, 'out', 'boards')
    for (const file of readdirSync(boards))
      expect(readFileSync(join(boards, file)).every((byte) => byte === 0xff)).toBe(true)
  })

  test('goes on with the same manifest and no other, and wants no more than there are', async () => {
    const rows = [1, 2, 3].map(bench)
    expect((await run(1, rows)).result.passed).toBe(1)
    const { result } = await run(3, rows)
    expect(result).toMatchObject({ passed: 3, labels: 3 })
    await expect(run(4, rows)).rejects.toThrow(/has 3 modules.*wants 4/u)
    await expect(run(1, [bench(7)])).rejects.toThrow(/the modules of manifest\.csv are others/u)
  })
})
