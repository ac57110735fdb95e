import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scanBack, scanBackView, unitLabels, voidScanned } from '../../src/main/station/labels/scan-back.ts'
import { openPassedUnits, type PassedUnit, type PassedUnits } from './passed-units.ts'

let units: PassedUnits
let orderId = ''
let [one, two] = [] as unknown as [PassedUnit, PassedUnit]
beforeEach(async () => {
  units = await openPassedUnits()
  orderId = await units.order('WO-1')
  one = await units.pass(orderId, 1, 'printed')
  two = await units.pass(orderId, 2, 'printed')
})
afterEach(() => units.close())

const scan = (unit: Pick<PassedUnit, 'qr'>, slot: number | null, mode: 'off' | 'each' | 'slot' = 'slot') =>
  scanBack(units, mode, orderId, unit.qr, slot, 'Ann')
const stateOf = async ({ labelId }: PassedUnit) => (await units.records.ask('findLabel', { id: labelId }))?.state
const view = (mode: 'off' | 'each' | 'slot' = 'slot') => scanBackView(units.records, mode, orderId)
const audit = (): string[] => {
  const database = new DatabaseSync(join(units.folder, 'records.db'), { readOnly: true })
  const rows = database.prepare('SELECT action FROM audit ORDER BY id').all()
  database.close()
  return rows.map(({ action }) => String(action))
}

describe('labels scanned at their slots', () => {
  test('are wanted in the order of printing, each with slot and short mark, and confirmed one by one', async () => {
    expect(await view()).toMatchObject({ left: 2, next: { slot: 1, serial: one.serial, mark: '0001' }, hold: null })
    expect(await scan(one, null)).toEqual({ labelId: one.labelId, serial: one.serial, held: false })
    expect(await view()).toMatchObject({ left: 1, next: { slot: 2 } })
    expect(await scan(two, 2)).toMatchObject({ held: false })
    expect(await view()).toMatchObject({ left: 0, next: null })
    expect([await stateOf(one), await stateOf(two)]).toEqual(['confirmed', 'confirmed'])
  })

  test('a label of another slot holds the line, says whose it is, and confirms nothing', async () => {
    expect(await scan(two, 1)).toMatchObject({ held: true, serial: two.serial })
    expect(await view()).toMatchObject({
      hold: { slot: 1, expected: one.serial, found: { serial: two.serial, slot: 2 } },
    })
    expect([await stateOf(one), await stateOf(two)]).toEqual(['printed', 'printed'])
    await expect(scan(one, 1)).rejects.toThrow(/held for a wrong label/u)
  })

  test('a label of no unit of this station holds the line as well', async () => {
    expect(await scan({ qr: 'MT:Y.K9042C00KA0648G00' }, 2)).toMatchObject({ held: true, labelId: null })
    expect(await view()).toMatchObject({ hold: { slot: 2, expected: two.serial, found: null } })
  })

  test('the hold outlives the program, and is released once, with who and why', async () => {
    await scan(two, 1)
    const release = () => units.records.ask('releaseHold', { reason: 'put right', who: 'Lee', at: 9 })
    expect(await release()).toEqual({ released: true })
    expect(await release()).toEqual({ released: false })
    expect((await view()).hold).toBeNull()
    expect(await scan(one, 1)).toMatchObject({ held: false })
    expect(audit()).toEqual(['wrong label scanned', 'line released after a wrong label', 'label confirmed'])
  })

  test('where each label is scanned in any order, none holds the line', async () => {
    expect(await scan(two, null, 'each')).toMatchObject({ held: false, serial: two.serial })
    expect(await view('each')).toMatchObject({ mode: 'each', left: 1, next: { slot: 1 } })
    expect(await scan({ qr: 'MT:Y.K9042C00KA0648G00' }, null, 'each')).toEqual({
      labelId: null,
      serial: null,
      held: false,
    })
  })
})

describe('a label that is thrown away', () => {
  const discard = (unit: PassedUnit, labelId = unit.labelId) => voidScanned(units, unit.qr, labelId, 'torn', 'Ann')

  test('counts as failed when it was the current one, and asks for its replacement', async () => {
    expect(await discard(one)).toEqual({ replace: one.labelId })
    expect(await units.records.ask('findLabel', { id: one.labelId })).toMatchObject({
      state: 'failed',
      fault: 'voided',
    })
    const newId = 'replacement'
    const reprint = { labelId: one.labelId, newId, reason: 'torn', who: 'Ann', at: 5 }
    expect(await units.records.ask('reprintLabel', reprint)).toEqual({ reprinted: true })
    expect((await unitLabels(units, one.qr)).labels.map(({ id, state, voided }) => [id, state, voided])).toEqual([
      [newId, 'waiting', false],
      [one.labelId, 'superseded', true],
    ])
  })

  test('may be the one that was replaced; the current one stays good', async () => {
    await units.records.ask('reprintLabel', { labelId: one.labelId, newId: 'new', reason: 'torn', who: 'Ann', at: 5 })
    expect(await discard(one)).toEqual({ replace: null })
    expect(await units.records.ask('findLabel', { id: 'new' })).toMatchObject({ state: 'waiting', fault: null })
  })

  test('is scanned: that of another unit does not do; and only once', async () => {
    await expect(discard(one, two.labelId)).rejects.toThrow(/not of this unit/u)
    await discard(one)
    await expect(discard(one)).rejects.toThrow(/thrown away before/u)
    expect(audit()).toEqual(['label voided'])
  })

  test('has come out: one that waits is not thrown away', async () => {
    const three = await units.pass(orderId, 3, 'waiting')
    await expect(discard(three)).rejects.toThrow(/waits to be printed/u)
  })

  test('is never confirmed again, whatever a program tries', async () => {
    await discard(one)
    const confirm = { id: one.labelId, from: ['failed'], to: 'confirmed', fault: null, proof: null, at: 6 } as const
    await expect(units.records.ask('moveLabel', confirm)).rejects.toThrow(/never used again/u)
  })
})

describe('labels of a panel', () => {
  test('wait until it is done, and then print in the order of its slots', async () => {
    const late = await Promise.all([5, 3, 4].map((slot) => units.pass(orderId, slot, 'waiting', true)))
    const slots = async () => (await units.records.ask('waitingLabels', { limit: 10 })).map(({ slot }) => slot)
    expect(await slots()).toEqual([])
    expect(await units.records.ask('releasePanel')).toEqual({ released: late.length })
    expect(await slots()).toEqual([3, 4, 5])
    expect(await units.records.ask('releasePanel')).toEqual({ released: 0 })
  })

  test('the order is changed by a person: one up, or first', async () => {
    const ids: string[] = []
    for (const slot of [3, 4, 5, 6]) ids.push((await units.pass(orderId, slot, 'waiting')).labelId)
    const slots = async () => (await units.records.ask('waitingLabels', { limit: 10 })).map(({ slot }) => slot)
    const raise = (nth: number, to: 'first' | 'up') =>
      units.records.ask('raiseLabel', { id: ids[nth] ?? '', to, who: 'Ann', at: 9 })
    await raise(2, 'up')
    expect(await slots()).toEqual([3, 5, 4, 6])
    await raise(3, 'first')
    expect(await slots()).toEqual([6, 3, 5, 4])
    await raise(3, 'up')
    expect(await slots()).toEqual([6, 3, 5, 4])
    expect(await units.records.ask('raiseLabel', { id: one.labelId, to: 'up', who: 'Ann', at: 9 })).toEqual({
      raised: false,
    })
  })
})
