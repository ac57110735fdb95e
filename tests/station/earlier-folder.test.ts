/** A data folder of the last version, which knew no products: its order opens again, with a product and a release of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SetUpInput } from '../../src/contract/index.ts'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { resource } from '../../src/main/resources.ts'
import { openRecords } from '../../src/main/records/records.ts'
import { demoOrder, demoProduct } from '../../src/main/station/orders/demo-order.ts'
import { prepareOrder } from '../../src/main/station/orders/prepare-order.ts'
import { openStations } from '../../src/main/station/stations.ts'

let folder = ''
let build = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-earlier-'))
  build = join(folder, 'build')
  await writeDemoRelease(build, { appSize: 60_000 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const without = (value: object, ...keys: string[]): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))

test('opens with its order, which has a product now', async () => {
  const data = join(folder, 'data')
  const request = { ...demoOrder('WO-7', 5, build), simulated: false, testBuild: true }
  const { plan } = await prepareOrder({ ...request, certificationDeclaration: null })
  const earlierPlan = {
    ...without(plan, 'serial', 'boards', 'labelFields', 'carton'),
    release: without(plan.release ?? {}, 'images'),
    serialPrefix: plan.serial.prefix,
    labelTemplate: plan.labelTemplate.name,
  }
  const earlierSetUp = {
    stationName: 'Station B',
    lineName: 'Line 2',
    slotPorts: ['/dev/imprint-none'],
    printer: null,
    product: { ...without(demoProduct, 'discovery'), serialPrefix: plan.serial.prefix },
    orderNumber: 'WO-7',
    quantity: 5,
    releaseFolder: build,
    factoryPartition: null,
    baud: plan.baud,
    paiCertificate: resource('demo', 'test-pai-cert.pem'),
    paiKey: resource('demo', 'test-pai-key.pem'),
    certificationDeclaration: null,
    testBuild: true,
  }
  expect(SetUpInput.safeParse(earlierSetUp).success).toBe(true)

  const stations = () => openStations({ host: 'web', mode: 'production', folder: data, where: 'test', pace: 20 })
  await (await stations()).close()
  const records = await openRecords(join(data, 'records.db'))
  await records.ask('createOrder', { id: 'o', number: 'WO-7', plan: JSON.stringify(earlierPlan), quantity: 5, at: 1 })
  await records.ask('writeSetting', { name: 'set-up', value: JSON.stringify(earlierSetUp) })
  await records.close()

  const opened = await stations()
  try {
    expect(opened.view().order).toMatchObject({ number: 'WO-7', state: 'ready', firstArticle: null })
    const details = await opened.call('orders.get', { id: 'o' })
    expect(details).toMatchObject({
      ok: true,
      result: { productName: demoProduct.name, productId: expect.any(String) },
    })
    const products = await opened.call('products.list', {})
    expect(products).toMatchObject({ ok: true, result: { products: [{ openOrders: ['WO-7'] }] } })
  } finally {
    await opened.close()
  }
})
