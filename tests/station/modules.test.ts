import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DataFolder } from '../../src/main/station/data-folder.ts'
import { drawLabelOf } from '../../src/main/station/label-drawing.ts'
import { importModules, labelModule } from '../../src/main/station/modules.ts'
import { scanBack, unitLabels } from '../../src/main/station/scan-back.ts'
import { drawLabel } from '../../src/main/labels/draw.ts'
import { encodeQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { pictureOfBitmap, readCodes } from '../labels/decode.ts'
import { openPassedUnits, plan, type PassedUnits } from './passed-units.ts'

let units: PassedUnits
beforeEach(async () => {
  units = await openPassedUnits()
})
afterEach(() => units.close())

const MAC = '7C:DF:A1:AA:00:01'
const payload = {
  vendorId: 0xfff1,
  productId: 0x8000,
  flow: 0,
  discovery: 2,
  discriminator: 77,
  passcode: 34_567_890,
} as const
const qr = encodeQrPayload(payload)
const order = { number: 'WO-9', plan }
const take = (rows: string) => {
  const path = join(units.folder, 'manifest.csv')
  writeFileSync(path, rows)
  return importModules(units as unknown as DataFolder, path)
}
const label = (mac: string | null, slot = 4) =>
  labelModule(units, order, mac, slot, 'Ann', new Date('2026-11-24T12:00:00Z'))

describe('a module that came provisioned', () => {
  test('is found by its MAC, and its label carries the codes of its row', async () => {
    expect(await take(`mac,serial,qrcode\n${MAC},MOD-1,${qr}\n`)).toEqual({ imported: 1 })
    const labelled = await label(MAC)
    expect(labelled).toMatchObject({ mac: MAC, serial: 'MOD-1', before: false })
    expect(await units.records.ask('findLabel', { id: labelled.labelId })).toMatchObject({
      serial: 'MOD-1',
      mac: MAC,
      slot: 4,
      state: 'waiting',
    })
    const { layout, data } = await drawLabelOf(units.records, units.vault, labelled.labelId)
    expect(data).toMatchObject({ orderNumber: 'WO-9', productName: plan.product.name, date: '2026-11-24' })
    expect(await readCodes(pictureOfBitmap(drawLabel(layout)))).toEqual([{ format: 'QRCode', text: qr }])
  })

  test('is labelled once: the second time says which label to reprint', async () => {
    await take(`mac,serial,qrcode\n${MAC},MOD-1,${qr}\n`)
    const first = await label(MAC)
    expect(await label(MAC)).toEqual({ ...first, before: true })
    const newId = 'again'
    await units.records.ask('reprintLabel', { labelId: first.labelId, newId, reason: 'torn', who: 'Ann', at: 5 })
    expect(await label(MAC)).toMatchObject({ labelId: newId, before: true })
    expect((await unitLabels(units, qr)).labels.map(({ id, state }) => [id, state])).toEqual([
      [newId, 'waiting'],
      [first.labelId, 'superseded'],
    ])
  })

  test('gets its codes from passcode and discriminator where the manifest has no QR code', async () => {
    await take(`mac,serial,passcode,discriminator\n${MAC},MOD-1,34567890,77\n`)
    const { data } = await drawLabelOf(units.records, units.vault, (await label(MAC)).labelId)
    expect(data.qr).toBe(qr)
  })

  test('is refused when no manifest has it, its MAC is not told, it is of another product, or has no codes', async () => {
    await expect(label(MAC)).rejects.toMatchObject({ reason: 'module-unknown' })
    await expect(label(null)).rejects.toMatchObject({ reason: 'module-without-mac' })
    const other = encodeQrPayload({ ...payload, productId: 0x8001 })
    await take(`mac,serial,qrcode\n${MAC},MOD-1,${other}\n7CDFA1AA0002,MOD-2,\n`)
    await expect(label(MAC)).rejects.toMatchObject({ reason: 'module-of-other-product' })
    await expect(label('7C:DF:A1:AA:00:02')).rejects.toMatchObject({ reason: 'module-without-codes' })
    expect(await units.records.ask('countLabels')).toEqual({})
  })

  test('a manifest that is not right is refused whole, with file and row', async () => {
    await expect(take(`mac,serial,qrcode\n${MAC},MOD-1,${qr}\n${MAC},MOD-2,\n`)).rejects.toThrow(/manifest\.csv:3/u)
    await expect(label(MAC)).rejects.toMatchObject({ reason: 'module-unknown' })
  })

  test('its label is confirmed by scan, and its pass cannot be changed', async () => {
    await take(`mac,serial,qrcode\n${MAC},MOD-1,${qr}\n`)
    const { labelId } = await label(MAC)
    const printed = { id: labelId, from: ['waiting'], to: 'printed', fault: null, proof: null, at: 1 } as const
    await units.records.ask('moveLabel', printed)
    expect(await scanBack(units, 'off', undefined, qr, null, 'Ann')).toMatchObject({ labelId, serial: 'MOD-1' })
    const database = new DatabaseSync(join(units.folder, 'records.db'))
    expect(() => database.exec(`UPDATE label_passes SET slot = 9`)).toThrow(/fixed/u)
    expect(() => database.exec(`DELETE FROM label_passes`)).toThrow(/never deleted/u)
    database.close()
  })
})
