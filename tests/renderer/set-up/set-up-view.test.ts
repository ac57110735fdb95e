/** The set-up as an engineer fills it in: checked step by step, findings beside their fields, saved when all is good. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  plainScheme,
  ProductDefinition,
  USUAL_CHECKS,
  type RequestResult,
  type SetUpFinding,
  type SetUpInput,
} from '../../../src/contract/index.ts'
import App from '../../../src/renderer/App.vue'
import { mixedSlots, viewOf } from '../../e2e/fixtures-renderer/views.ts'
import { fakeConnection, type FakeConnection } from '../fake-connection.ts'
import { mountOn } from '../mount.ts'

type Mounted = Awaited<ReturnType<typeof mountOn>>
let mounted: Mounted
let connection: FakeConnection

const SAVED: SetUpInput = {
  stationName: 'Station B',
  lineName: 'Line 2',
  slotPorts: ['/dev/ttyUSB1', '/dev/ttyUSB2'],
  printer: 'tcp://10.0.0.7:9100',
  printerDpi: 300,
  product: {
    name: 'Aurora Lamp E27',
    vendorName: 'Aurora',
    vendorId: 0x1234,
    productId: 0x8000,
    hardwareVersion: 1,
    hardwareVersionString: '1.0',
    serialPrefix: 'AL-2611-',
  },
  labels: { template: { name: 'unit-40x20', version: null }, fields: {}, carton: null },
  orderNumber: 'WO-48213',
  quantity: 500,
  releaseFolder: '/srv/aurora/build',
  factoryPartition: null,
  baud: 921_600,
  boards: USUAL_CHECKS,
  paiCertificate: '/srv/keys/pai.pem',
  paiKey: '/srv/keys/pai-key.pem',
  paiPassword: null,
  certificationDeclaration: null,
  testBuild: false,
  firstArticle: true,
}

const port = (path: string) => ({
  path,
  manufacturer: null,
  vendorId: null,
  productId: null,
  serialNumber: null,
  location: null,
})
/** The same array is answered each time, so that a test can plug in. */
let ports: ReturnType<typeof port>[]
const findings = (): SetUpFinding[] => answers.findings
let answers: { findings: SetUpFinding[] }

const open = async (
  input: SetUpInput | null,
  host: 'web' | 'electron' = 'web',
  known: Partial<RequestResult<'setUp.get'>> = {},
): Promise<void> => {
  ports = [port('/dev/ttyUSB1')]
  answers = { findings: [] }
  const view = viewOf(mixedSlots(1), { order: null })
  const production = { ...view.station, mode: 'production' as const, needsSetUp: true, host }
  connection = fakeConnection(
    { ...view, station: production },
    {
      'setUp.get': { input, ...known },
      'setUp.ports': { ports },
      'setUp.check': answers,
      'templates.list': { templates: [] },
      'setUp.findPrinters': { addresses: ['tcp://10.0.0.9:9100'] },
      'setUp.stopFinding': {},
      'setUp.printers': { printers: [{ name: 'Zebra_ZD421', about: 'Zebra ZD421' }] },
    },
  )
  mounted = await mountOn(connection, App)
  await vi.waitFor(() => expect(mounted.text()).toContain('Name of the station'))
  await flushPromises()
}
const press = async (selector: string, text: string): Promise<void> => {
  mounted.byText(selector, text).click()
  await flushPromises()
}
const asked = (name: string) => connection.asked.filter((one) => one.name === name)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  mounted.leave()
  vi.useRealTimers()
})

it('begins with what the file of another station gave: its line, its printer and its product', async () => {
  await open(null, 'web', {
    given: { lineName: 'Line 7', printer: 'folder:/labels', printerDpi: 300 },
    product: ProductDefinition.parse({
      name: 'Aurora Lamp E27',
      vendorName: 'Aurora',
      vendorId: 0xfff1,
      productId: 0x8000,
      hardwareVersion: 1,
      hardwareVersionString: '1.0',
      chips: ['esp32c3'],
      serial: plainScheme('AL-2611-'),
      attestation: { kind: 'test' },
      certificationDeclaration: null,
      labels: {},
      testBuild: true,
    }),
  })
  const values = (): string[] => [...document.querySelectorAll('input')].map(({ value }) => value)
  expect(values()).toContain('Line 7')
  await press('.step', 'Product')
  expect(values()).toEqual(expect.arrayContaining(['Aurora Lamp E27', 'FFF1', '8000', 'AL-2611-']))
  await press('.step', 'Labels')
  expect(values()).toContain('/labels')
})

it('says what is missing in a step only once that step is checked', async () => {
  await open(null)
  expect(mounted.text()).not.toContain('This field is needed.')
  await press('button', 'Check this step')
  expect(mounted.text()).toContain('This field is needed.')
  expect(mounted.byText('.step', 'Station').textContent).toContain('2 to correct')
  expect(mounted.byText('.step', 'Product').textContent).toContain('Not checked yet')
})

it('shows what the station finds beside the field, good or bad', async () => {
  await open(SAVED)
  findings().push(
    {
      field: 'releaseFolder',
      ok: false,
      said: 'release-not-right',
      values: {},
      fault: { code: 'build-missing', values: { file: '/srv/aurora/build/flasher_args.json' } },
    },
    { field: 'slotPorts.1', ok: true, said: 'port-there', values: { port: '/dev/ttyUSB2' } },
  )
  await press('.step', 'Firmware and order')
  await press('button', 'Check this step')
  expect(mounted.text()).toContain('/srv/aurora/build/flasher_args.json is missing')
  expect(mounted.byText('.step', 'Firmware').textContent).toContain('1 to correct')
  await press('.step', 'Slots')
  await press('button', 'Check this step')
  expect(mounted.text()).toContain('/dev/ttyUSB2 is there')
  expect(mounted.byText('.step', 'Slots').textContent).toContain('Checked')
})

it('goes on to the next step when this one is right, and otherwise to the first field that is wrong', async () => {
  await open(SAVED)
  findings().push({
    field: 'flashKey',
    ok: false,
    said: 'flash-key-not-right',
    values: {},
    fault: { code: 'flash-key-unfit', values: { file: 'key.bin' } },
  })
  await press('button', 'Next step')
  expect(mounted.byText('h2', 'Slots')).toBeDefined()
  await press('.step', 'Firmware and order')
  const seldom = document.querySelector('details')
  expect(seldom?.open).toBe(false)
  await press('button', 'Next step')
  expect(mounted.byText('h2', 'Firmware and order')).toBeDefined()
  expect(seldom?.open).toBe(true)
  expect(document.activeElement?.closest('.v-input')?.textContent).toContain(
    'key.bin: this flash encryption key does not go with this firmware',
  )
})

it('says which step stands in the way of a check', async () => {
  await open(SAVED)
  await press('.step', 'Product')
  const name = document.querySelector<HTMLInputElement>('.form input')
  if (!name) throw new Error('the product has a name')
  name.value = ''
  name.dispatchEvent(new Event('input'))
  await press('.step', 'Attestation')
  await press('button', 'Check this step')
  expect(mounted.text()).toContain('once the step “Product” is corrected')
  expect(mounted.byText('.step', 'Attestation').textContent).toContain('Not checked yet')
  expect(asked('setUp.check')[0]?.params).not.toHaveProperty('product')
})

it('does not save what the station finds fault with, and goes to the step', async () => {
  await open(SAVED)
  findings().push({
    field: 'paiCertificate',
    ok: false,
    said: 'attestation-not-right',
    values: {},
    fault: { code: 'pai-expired', values: { file: 'pai.pem', date: '2026-01-31' } },
  })
  await press('button', 'Save and open the line')
  expect(asked('setUp.save')).toEqual([])
  expect(mounted.byText('h2', 'Attestation')).toBeDefined()
  expect(mounted.text()).toContain('pai.pem expired on 2026-01-31')
})

it('saves exactly what was filled in when everything is good', async () => {
  await open(SAVED)
  await press('button', 'Save and open the line')
  expect(asked('setUp.save').map(({ params }) => params)).toEqual([SAVED])
})

it('numbers the slots in the order in which boards are plugged in', async () => {
  await open({ ...SAVED, slotPorts: ['/dev/ttyUSB1'] })
  await press('.step', 'Slots')
  await vi.advanceTimersByTimeAsync(1_500)
  await press('button', 'Number the slots by plugging in')
  expect(mounted.text()).toContain('Plug the board of slot 2 in now.')
  for (const path of ['/dev/ttyUSB7', '/dev/ttyUSB3']) {
    ports.push(port(path))
    await vi.advanceTimersByTimeAsync(1_500)
    await flushPromises()
  }
  await press('button', 'Finish numbering')
  await press('button', 'Save and open the line')
  expect(asked('setUp.save')[0]?.params).toMatchObject({
    slotPorts: ['/dev/ttyUSB1', '/dev/ttyUSB7', '/dev/ttyUSB3'],
  })
})

it('offers the system’s printers in the window, and takes the one that is chosen', async () => {
  await open(SAVED, 'electron')
  await press('.step', 'Label')
  await press('button', 'System printer')
  expect(mounted.text()).toContain('Printers of this computer')
  await press('button', 'Use this printer')
  await press('button', 'Save and open the line')
  expect(asked('setUp.save')[0]?.params).toMatchObject({ printer: 'system:Zebra_ZD421' })
})

it('offers no system printer in a browser, and asks for none', async () => {
  await open(SAVED)
  await press('.step', 'Label')
  expect(mounted.text()).not.toContain('System printer')
  expect(asked('setUp.printers')).toEqual([])
})

it('looks for printers on the network only when asked, and stops when the page is left', async () => {
  await open(SAVED)
  await press('.step', 'Label')
  expect(asked('setUp.findPrinters')).toEqual([])
  await press('button', 'Look for printers on the network')
  await press('button', 'Use this printer')
  await press('.step', 'Station')
  expect(asked('setUp.stopFinding')).toHaveLength(1)
  await press('button', 'Save and open the line')
  expect(asked('setUp.save')[0]?.params).toMatchObject({ printer: 'tcp://10.0.0.9:9100' })
})
