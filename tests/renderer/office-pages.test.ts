/** Reports, spot check and settings on a station that is only answers. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { LineSettings, type Report } from '../../src/contract/index.ts'
import { useScans } from '../../src/renderer/stores/scans.ts'
import ReportsView from '../../src/renderer/views/ReportsView.vue'
import SettingsView from '../../src/renderer/views/SettingsView.vue'
import SpotCheckView from '../../src/renderer/views/SpotCheckView.vue'
import { mixedSlots, viewOf } from '../e2e/fixtures-renderer/views.ts'
import { fakeConnection, type FakeConnection } from './fake-connection.ts'
import { mountOn } from './mount.ts'

let mounted: Awaited<ReturnType<typeof mountOn>>
let connection: FakeConnection
afterEach(() => {
  mounted.leave()
  vi.restoreAllMocks()
})

const open = async (page: Component, answers: Record<string, unknown>): Promise<void> => {
  connection = fakeConnection(viewOf(mixedSlots(8)), answers)
  mounted = await mountOn(connection, page)
  await flushPromises()
}
const asked = (name: string) => connection.asked.filter((one) => one.name === name).map(({ params }) => params)
const click = async (selector: string, text: string): Promise<void> => {
  mounted.byText(selector, text).click()
  await flushPromises()
}

describe('reports', () => {
  const REPORT: Report = {
    tried: 200,
    passedFirst: 190,
    passed: 196,
    failed: 4,
    rework: 2,
    scrap: 1,
    labels: { printed: 198, reprinted: 2 },
    failures: [
      { code: 'no-answer', count: 6 },
      { code: 'write-refused', count: 2 },
    ],
    cycle: { median: 11_800, p95: 13_400, slowest: 41_200 },
    hours: [{ at: 0, passed: 30, failed: 2 }],
    slots: [
      { slot: 1, tried: 40, passed: 39, failed: 1, insertions: 900, contact: 0, latestFailures: [] },
      { slot: 3, tried: 0, passed: 0, failed: 0, insertions: 12, contact: 5, latestFailures: ['no-answer'] },
    ],
    orders: [],
  }
  const order = {
    id: 'order-1',
    number: 'WO-48213',
    productName: 'Aurora Lamp E27',
    firmware: '1.4.2',
    manifest: null,
    quantity: 500,
    passed: 196,
    state: 'running',
    due: null,
    lot: '',
    createdAt: 0,
    current: true,
  }
  const answers = { 'report.get': REPORT, 'orders.list': { orders: [order] } }

  it('are of the order that the line works on, with yields, causes and sockets', async () => {
    await open(ReportsView, answers)
    expect(asked('report.get').at(-1)).toEqual({ kind: 'order', orderId: 'order-1' })
    for (const text of ['95.0%', '98.0%', '11.8s', 'The board does not answer.', '75%', '100%'])
      expect(mounted.text()).toContain(text)
  })

  it('mark a socket that is suspect, and give no yield of one that tried nothing', async () => {
    await open(ReportsView, answers)
    const rows = [...document.querySelectorAll('tbody tr')]
    expect(rows.map((row) => row.querySelector('.suspect') !== null)).toEqual([false, true])
    expect(rows.map((row) => row.querySelectorAll('td')[3]?.textContent)).toEqual(['97.5%', '–'])
  })

  it('are saved as the file that the station makes', async () => {
    const blobs: Blob[] = []
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      blobs.push(blob as Blob)
      return 'blob:test'
    })
    await open(ReportsView, {
      ...answers,
      'report.file': { name: 'WO-48213.csv', type: 'text/csv', content: btoa('serial,mac\n') },
    })
    await click('button', 'Save as CSV')
    expect(asked('report.file')).toEqual([
      { scope: { kind: 'order', orderId: 'order-1' }, format: 'csv', language: 'en' },
    ])
    expect(await blobs[0]?.text()).toBe('serial,mac\n')
  })
})

describe('spot check', () => {
  const wrong = {
    right: false,
    mac: '60:55:F9:B1:D5:01',
    serial: 'AL-2611-000306',
    findings: [
      { point: 'discriminator', right: true, code: 'discriminator-same', values: { device: 3840 } },
      { point: 'passcode', right: false, code: 'passcode-does-not-open', values: {} },
      { point: 'mac', right: null, code: 'mac-not-told', values: {} },
    ],
  }

  it('compares the unit in the chosen slot with the scanned label, point by point', async () => {
    await open(SpotCheckView, { 'inspection.check': wrong })
    useScans().deliver({ text: 'MT:Y.K9042C00KA0648G00', strokes: [] })
    await flushPromises()
    expect(asked('inspection.check')).toEqual([])
    await click('.slots button', 'Slot 3')
    await click('button', 'Check the unit')
    expect(asked('inspection.check')).toEqual([{ slot: 3, label: 'MT:Y.K9042C00KA0648G00' }])
    expect(asked('label.confirm')).toEqual([])
    expect(mounted.text()).toContain('The unit does not agree with its label or its record.')
    expect([...document.querySelectorAll('li')].map((li) => li.textContent?.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'Discriminator, agrees the discriminator is 3840',
      "Passcode, differs the label's passcode does not open this device",
      'MAC address, not checked the chip does not tell its MAC',
    ])
  })
})

describe('settings', () => {
  const answers = () => ({
    'lineSettings.get': LineSettings.parse({}),
    'people.get': { people: [{ name: 'A. Baker', role: 'engineer', badge: 'E-1001' }] },
  })

  it('are saved as they were read when nothing is changed', async () => {
    await open(SettingsView, answers())
    await click('button', 'Save the settings')
    expect(asked('lineSettings.save')).toEqual([answers()['lineSettings.get']])
    await click('button', 'Save the people')
    expect(asked('people.save')).toEqual([answers()['people.get']])
  })

  it('show what a file of another station would change, and take over what is ticked', async () => {
    const parts = [
      { part: 'line', changes: [{ field: 'failuresInARow', before: 8, after: 3 }], faults: [], left: [] },
      {
        part: 'products',
        changes: [{ field: 'product.vendorId', subject: 'Lamp', before: 0xfff1, after: 0x1a }],
        faults: [],
        left: [
          {
            field: 'Lamp',
            reason: 'product-not-right',
            values: {},
            fault: { code: 'file-missing', values: { file: 'pai.pem', what: 'pai-certificate' } },
          },
        ],
      },
      { part: 'people', changes: [], faults: [], left: [] },
    ]
    const preview = { station: 'Station A', savedAt: '2026-11-24T12:00:00Z', parts }
    await open(SettingsView, { ...answers(), 'stationFile.preview': preview, 'stationFile.takeOver': {} })
    const chooser = document.querySelector<HTMLInputElement>('input[type=file]')
    if (!chooser) throw new Error('a file is chosen')
    Object.defineProperty(chooser, 'files', { value: [new File(['{}'], 'station.json')] })
    chooser.dispatchEvent(new Event('change'))
    await vi.waitFor(() => mounted.byText('button', 'Take over'))
    await flushPromises()
    const said = document.querySelector('form.preview')?.textContent ?? ''
    for (const text of [
      '8 → 3',
      'Lamp: vendor ID',
      'FFF1 → 001A',
      '“Lamp” is left out',
      'pai.pem: the PAI certificate is missing',
      'As it is here',
    ])
      expect(said).toContain(text)
    await click('button', 'Take over')
    expect(asked('stationFile.takeOver')).toEqual([{ content: '{}', parts: ['line', 'products'] }])
  })

  it('open without a fault while nobody is entered, and say who comes first', async () => {
    await open(SettingsView, { ...answers(), 'people.get': { people: [] } })
    const said = (): string => mounted.byText('h2', 'People')?.closest('section')?.textContent ?? ''
    expect(said()).toContain('Begin with an engineer.')
    await click('button', 'Add a person')
    expect(said()).toContain('Give each person a name.')
    expect(document.querySelectorAll('.fault, .v-input--error')).toHaveLength(0)
    expect((mounted.byText('button', 'Save the people') as HTMLButtonElement).disabled).toBe(true)
  })

  it('take a scanned badge into the field that has the focus, and no person without a name', async () => {
    await open(SettingsView, answers())
    await click('button', 'Add a person')
    const save = mounted.byText('button', 'Save the people') as HTMLButtonElement
    expect(save.disabled).toBe(true)
    const inputs = [...(save.closest('form')?.querySelectorAll<HTMLInputElement>('li:last-child input') ?? [])]
    const [name, badge] = inputs
    if (!name || !badge) throw new Error('a person has a name and a badge')
    name.value = '王小明'
    name.dispatchEvent(new Event('input'))
    badge.dispatchEvent(new FocusEvent('focus'))
    useScans().deliver({ text: 'B-2002', strokes: [] })
    await flushPromises()
    expect(save.disabled).toBe(false)
    save.click()
    await flushPromises()
    expect(asked('people.save')).toEqual([
      { people: [...answers()['people.get'].people, { name: '王小明', role: 'operator', badge: 'B-2002' }] },
    ])
  })
})
