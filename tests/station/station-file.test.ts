/** A station's set-up as a file: the next station shows what it would change, and takes over all chosen parts or none of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  LabelSettings,
  LineSettings,
  REQUESTS,
  StationFile,
  type FilePart,
  type ProductDefinition,
  type RequestName,
  type RequestParams,
  type RequestResult,
} from '../../src/contract/index.ts'
import { templateByName } from '../../src/main/labels/templates.ts'
import { demoDefinition } from '../../src/main/station/orders/demo-order.ts'
import { openStations, type Stations } from '../../src/main/station/stations.ts'

const PEOPLE = [
  { name: 'Ada', role: 'engineer' as const, badge: 'B-100' },
  { name: 'Olu', role: 'operator' as const, badge: null },
]
const OWN_TEMPLATE = { ...templateByName('unit-40x20'), name: 'own-40x20' }
const PRODUCT: ProductDefinition = {
  ...demoDefinition(),
  testBuild: true,
  labels: { ...demoDefinition().labels, template: { name: OWN_TEMPLATE.name, version: 2 } },
}
const SETTINGS = LineSettings.parse({ failuresInARow: 3, start: { trigger: 'key' } })
const PLACE = { lineName: 'Line 7', printer: 'tcp://192.0.2.7:9100', printerDpi: 300 as const }

let folder = ''
let stations: Stations
let close = (): Promise<void> => Promise.resolve()
const open = async (name: string): Promise<void> => {
  await close()
  stations = await openStations({ host: 'web', mode: 'production', folder: join(folder, name), where: 'test', pace: 1 })
  const opened = stations
  close = () => opened.close()
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-station-file-'))
})
afterEach(async () => {
  await close()
  close = () => Promise.resolve()
  rmSync(folder, { recursive: true })
})
const ask = async <N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> => {
  const outcome = await stations.call(name, params)
  if (!outcome.ok) throw Object.assign(new Error(outcome.error.message), outcome.error)
  return REQUESTS[name].result.parse(outcome.result) as RequestResult<N>
}

/** The file of a station that has everything. */
const fileOfA = async (people: boolean): Promise<StationFile> => {
  await open('a')
  await ask('lineSettings.save', { ...SETTINGS, scanner: { port: '/dev/ttyUSB9', baud: 9600 } })
  await ask('labelSettings.save', LabelSettings.parse({ scanBack: 'each' }))
  // The product is on the second version of its template.
  for (const width of [40, 41]) await ask('templates.save', { template: { ...OWN_TEMPLATE, width } })
  await ask('products.save', { id: null, definition: PRODUCT })
  await ask('people.save', { people: PEOPLE })
  const { content } = await ask('stationFile.save', { people })
  const text = Buffer.from(content, 'base64').toString()
  return { ...StationFile.parse(JSON.parse(text)), place: PLACE }
}
const previewOf = async (file: StationFile) => {
  const { parts } = await ask('stationFile.preview', { content: JSON.stringify(file) })
  return Object.fromEntries(parts.map(({ part, changes, faults, left }) => [part, { changes, faults, left }]))
}
const take = (file: StationFile, ...parts: FilePart[]) =>
  ask('stationFile.takeOver', { content: JSON.stringify(file), parts })

test('holds no scanner port and no person unless wanted; of a product where its files lie, and no secret', async () => {
  const file = await fileOfA(false)
  expect(file).toMatchObject({
    version: 2,
    station: 'Station',
    settings: { failuresInARow: 3, scanner: null },
    people: [],
  })
  expect(file.templates).toMatchObject([{ name: 'own-40x20', version: 2, width: 41 }])
  expect(file.products).toEqual([PRODUCT])
  expect(JSON.stringify(file)).not.toMatch(/ttyUSB9|B-100|PRIVATE KEY/u)
})

test('is shown part by part, taken over as a whole, and changes nothing the second time', async () => {
  const file = await fileOfA(true)
  await open('b')
  const shown = await previewOf(file)
  expect(Object.values(shown).flatMap(({ faults }) => faults)).toEqual([])
  expect(shown['line']?.changes).toEqual([
    { field: 'start.trigger', before: 'insertion', after: 'key' },
    { field: 'failuresInARow', before: 8, after: 3 },
  ])
  expect(shown['labels']?.changes).toEqual([{ field: 'printing.scanBack', before: 'off', after: 'each' }])
  expect(shown['place']?.changes.map(({ field, after }) => [field, after])).toEqual([
    ['place.lineName', 'Line 7'],
    ['place.printer', 'tcp://192.0.2.7:9100'],
    ['place.printerDpi', 300],
  ])
  expect(shown['templates']?.changes).toEqual([{ field: 'template', subject: 'own-40x20', before: null, after: 1 }])
  expect(shown['products']?.changes).toEqual([{ field: 'product', subject: PRODUCT.name, before: null, after: true }])
  expect(shown['people']?.changes).toHaveLength(2)
  expect(await ask('lineSettings.get', {})).toEqual(LineSettings.parse({}))

  await take(file, 'line', 'labels', 'place', 'templates', 'products', 'people')
  expect(await ask('lineSettings.get', {})).toEqual(SETTINGS)
  expect(await ask('labelSettings.get', {})).toMatchObject({ scanBack: 'each' })
  // Its template is version 1 here.
  const [product] = (await ask('products.list', {})).products
  expect(product?.definition).toEqual({
    ...PRODUCT,
    labels: { ...PRODUCT.labels, template: { name: OWN_TEMPLATE.name, version: 1 } },
  })
  expect((await ask('people.get', {})).people).toHaveLength(2)
  // The station is not set up yet: its set-up begins with what the file gave.
  expect(await ask('setUp.get', {})).toEqual({ input: null, given: PLACE, product: product?.definition })
  expect(Object.values(await previewOf(file)).flatMap(({ changes }) => changes)).toEqual([])
})

test('takes nothing where one chosen part cannot be had, and names its field', async () => {
  const file = await fileOfA(true)
  const key = { kind: 'pai' as const, certificate: '/nowhere/pai.pem', key: '/nowhere/key.pem' }
  const broken = {
    ...file,
    products: [{ ...PRODUCT, testBuild: false, attestation: key }],
    people: [PEOPLE[1] ?? PEOPLE[0]],
  }
  await open('b')
  const shown = await previewOf(broken as StationFile)
  expect(shown['products']?.faults).toMatchObject([{ field: `products.${PRODUCT.name}`, reason: 'product-not-right' }])
  expect(shown['people']?.faults).toEqual([{ field: 'people', reason: 'no-engineer', values: {} }])
  await expect(take(broken as StationFile, 'line', 'labels', 'templates', 'products')).rejects.toThrow(/pai\.pem/u)
  expect(await ask('lineSettings.get', {})).toEqual(LineSettings.parse({}))
  expect(await ask('labelSettings.get', {})).toEqual(LabelSettings.parse({}))
  expect((await ask('templates.list', {})).templates.filter(({ builtIn }) => !builtIn)).toEqual([])
  // Without the templates the product lacks its own.
  await expect(take(file, 'products')).rejects.toThrow(/own-40x20/u)
  await take(broken as StationFile, 'line')
  expect(await ask('lineSettings.get', {})).toEqual(SETTINGS)
  const records = new DatabaseSync(join(folder, 'b', 'records.db'), { readOnly: true })
  expect(records.prepare(`SELECT who, subject FROM audit WHERE action = 'set-up taken over'`).all()).toEqual([
    { who: 'Set-up', subject: 'Station' },
  ])
  records.close()
})

test('leaves out a product whose files are not here, names it and the file, and takes the others over', async () => {
  const file = await fileOfA(true)
  const key = { kind: 'pai' as const, certificate: '/nowhere/pai.pem', key: '/nowhere/key.pem' }
  const given = { ...file, products: [{ ...PRODUCT, name: 'Elsewhere', attestation: key }, PRODUCT] } as StationFile
  await open('b')
  const { changes, faults, left } = (await previewOf(given))['products'] ?? {}
  expect(faults).toEqual([])
  expect(left).toEqual([
    {
      field: 'Elsewhere',
      reason: 'product-not-right',
      values: {},
      fault: { code: 'file-missing', values: { file: '/nowhere/pai.pem', what: 'pai-certificate' } },
    },
  ])
  expect(changes?.map(({ subject }) => subject)).toEqual([PRODUCT.name])
  await take(given, 'templates', 'products')
  expect((await ask('products.list', {})).products.map(({ definition }) => definition.name)).toEqual([PRODUCT.name])
})

test('is refused where it is no such file, or a field of it is wrong; one of an earlier program is read', async () => {
  await open('b')
  const earlier = { imprint: 'line settings', version: 1, station: 'Old', savedAt: '2026-11-01', settings: SETTINGS }
  const preview = (said: unknown) =>
    ask('stationFile.preview', { content: typeof said === 'string' ? said : JSON.stringify(said) })
  expect((await preview(earlier)).parts.map(({ part }) => part)).toEqual(['line'])
  await expect(preview('not a file')).rejects.toThrow(/not a file of line settings/u)
  await expect(preview({ ...earlier, settings: { failuresInARow: 0 } })).rejects.toThrow(/settings\.failuresInARow/u)
  await expect(preview({ ...earlier, people: [{ name: '' }] })).rejects.toThrow(/people\.0\.name/u)
  await expect(preview({ ...earlier, version: 3 })).rejects.toThrow(/version/u)
})
