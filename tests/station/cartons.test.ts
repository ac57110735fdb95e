import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  closeCarton,
  listCartons,
  pack,
  reopenCarton,
  unpack,
  type CartonOrder,
} from '../../src/main/station/labels/carton-desk.ts'
import { drawLabelOf } from '../../src/main/station/labels/label-drawing.ts'
import { confirmAtCarton } from '../../src/main/station/labels/scan-back.ts'
import { drawLabel } from '../../src/main/labels/draw.ts'
import { pictureOfBitmap, readCodes } from '../labels/decode.ts'
import { openPassedUnits, plan, type PassedUnit, type PassedUnits } from './passed-units.ts'

let units: PassedUnits
let order: CartonOrder
beforeEach(async () => {
  units = await openPassedUnits()
  order = { id: await units.order('WO-1'), number: 'WO-1', plan }
})
afterEach(() => units.close())

const scan = async (unit: PassedUnit, mode: 'off' | 'slot' = 'off', into = order) =>
  pack(units.records, into, await confirmAtCarton(units, mode, unit.qr, 'Ann'), true, 'Ann')
const passed = () => units.pass(order.id, 1, 'printed')
const list = async () => (await listCartons(units.records, order)).cartons
const raw = (statement: string) => () => {
  const database = new DatabaseSync(join(units.folder, 'records.db'))
  database.exec('PRAGMA foreign_keys = ON')
  try {
    database.exec(statement)
  } finally {
    database.close()
  }
}

describe('a carton', () => {
  test('collects units by their labels, and is closed with a label when it is full', async () => {
    const made = [await passed(), await passed(), await passed()]
    const counts = []
    for (const unit of made) counts.push(await scan(unit))
    expect(counts.map(({ number, count, closed }) => [number, count, closed])).toEqual([
      ['WO-1-C0001', 1, false],
      ['WO-1-C0001', 2, false],
      ['WO-1-C0001', 3, true],
    ])
    const [carton] = await list()
    expect(carton).toMatchObject({ state: 'closed', count: 3, size: 3 })
    const { data, layout } = await drawLabelOf(units.records, units.vault, carton?.labelId ?? '')
    expect(data.carton).toEqual({ number: 'WO-1-C0001', serials: made.map(({ serial }) => serial) })
    const codes = await readCodes(pictureOfBitmap(drawLabel(layout)))
    expect(codes.map(({ format, text }) => `${format} ${text}`).toSorted()).toEqual([
      'Code128 WO-1-C0001',
      'DataMatrix WO-1-C0001',
    ])
    expect(await scan(await passed())).toMatchObject({ number: 'WO-1-C0002', count: 1 })
  })

  test('takes a unit once', async () => {
    const unit = await passed()
    await scan(unit)
    await expect(scan(unit)).rejects.toThrow(/in carton WO-1-C0001 already/u)
  })

  test('takes units of its own order only', async () => {
    const other = await units.pass(await units.order('WO-2'), 1, 'printed')
    await expect(scan(other)).rejects.toThrow(/of order WO-2/u)
  })

  test('takes no unit whose label waits, was thrown away, or was not scanned at its slot where that is asked', async () => {
    await expect(scan(await units.pass(order.id, 1, 'waiting'))).rejects.toThrow(/not confirmed/u)
    const torn = await passed()
    await units.records.ask('voidLabel', { labelId: torn.labelId, reason: 'torn', who: 'Ann', at: 5 })
    await expect(scan(torn)).rejects.toThrow(/not confirmed/u)
    await expect(scan(await passed(), 'slot')).rejects.toThrow(/not confirmed/u)
    expect(await list()).toEqual([])
  })

  test('is opened again with a reason: its label is void, units come out, and closing prints another', async () => {
    const made = [await passed(), await passed(), await passed()]
    for (const unit of made) await scan(unit)
    const [before] = await list()
    await expect(unpack(units.records, made[0]?.mac ?? '', 'defective', 'Lee')).rejects.toThrow(/open it again/u)
    await reopenCarton(units.records, before?.id ?? '', 'defective', 'Lee')
    expect(await units.records.ask('findLabel', { id: before?.labelId ?? '' })).toMatchObject({ state: 'superseded' })
    await unpack(units.records, made[0]?.mac ?? '', 'defective', 'Lee')
    await closeCarton(units.records, before?.id ?? '', true, 'Lee')
    const [after] = await list()
    expect(after).toMatchObject({ state: 'closed', count: 2 })
    expect(await units.records.ask('findLabel', { id: after?.labelId ?? '' })).toMatchObject({
      state: 'waiting',
      supersedes: before?.labelId,
      serial: 'WO-1-C0001',
      cartonId: after?.id,
    })
  })

  test('is not opened again beside another that is open, nor closed empty', async () => {
    const made = [await passed(), await passed(), await passed(), await passed()]
    for (const unit of made) await scan(unit)
    const [open, full] = await list()
    await expect(reopenCarton(units.records, full?.id ?? '', 'mistaken', 'Lee')).rejects.toThrow(
      /close that one first/u,
    )
    await unpack(units.records, made[3]?.mac ?? '', 'mistaken', 'Lee')
    await expect(closeCarton(units.records, open?.id ?? '', true, 'Lee')).rejects.toThrow(/units in it/u)
  })

  test('is kept by the records, whatever a program tries', async () => {
    const made = [await passed(), await passed(), await passed()]
    for (const unit of made) await scan(unit)
    const extra = await passed()
    const unscanned = await passed()
    await confirmAtCarton(units, 'off', extra.qr, 'Ann')
    const [carton] = await list()
    const put = (mac: string) => raw(`INSERT INTO carton_units VALUES ('${mac}', '${carton?.id}', 1, 'x')`)
    expect(put(extra.mac)).toThrow(/closed or full/u)
    expect(raw(`DELETE FROM carton_units`)).toThrow(/carton is closed/u)
    expect(raw(`DELETE FROM cartons`)).toThrow(/never deleted/u)
    expect(raw(`UPDATE cartons SET size = 9`)).toThrow(/fixed/u)
    await reopenCarton(units.records, carton?.id ?? '', 'mistaken', 'Lee')
    await unpack(units.records, made[0]?.mac ?? '', 'mistaken', 'Lee')
    expect(put(unscanned.mac)).toThrow(/confirmed label/u)
    expect(put(made[1]?.mac ?? '')).toThrow(/UNIQUE/u)
  })
})

test('an order whose units are not collected has no cartons', async () => {
  const plain = { ...order, plan: { ...plan, carton: null } }
  await expect(scan(await passed(), 'off', plain)).rejects.toThrow(/not collected/u)
})
