/** The system's printers: a label becomes a page of its own size, is handed over without a dialog, and ends at 'sent'. */
import { expect, test } from 'vitest'
import { createSystemPrinters, pageAddress } from '../../src/main/electron/system-printers.ts'
import { layOutLabel } from '../../src/main/labels/layout.ts'
import { renderPng } from '../../src/main/labels/png.ts'
import { printerAt } from '../../src/main/labels/printer-at.ts'
import { createLabelQueue } from '../../src/main/labels/queue.ts'
import { templateByName } from '../../src/main/labels/templates.ts'
import { createMemoryStore } from '../labels/memory-store.ts'
import { SAMPLE } from '../labels/sample.ts'
import { BrowserWindow, system } from './electron-stand-in.ts'

const LAYOUT = layOutLabel(templateByName('unit-40x20'), SAMPLE, 203)
const LIMITS = { print: 20, list: 20 }

type Take = typeof system.take
/** The system, and the hidden windows that were opened to print. */
const computer = (take: Take = (answer) => answer(true, '')) => {
  system.take = take
  const opened: BrowserWindow[] = []
  const shown = new BrowserWindow({ webPreferences: {} })
  const printers = createSystemPrinters(
    (options) => {
      const window = new BrowserWindow({ webPreferences: { ...options.webPreferences, show: options.show } })
      opened.push(window)
      return window
    },
    () => shown,
    LIMITS,
  )
  return { opened, shown, printers, printer: printerAt('system:Office', {}, printers) }
}

test('the page has the label’s size and holds its picture alone', () => {
  const png = renderPng(LAYOUT)
  const address = pageAddress({ printer: 'Office', title: '<A&B>', png, widthMm: 40, heightMm: 20 })
  const html = Buffer.from(address.replace(/^data:text\/html;charset=utf-8;base64,/u, ''), 'base64').toString()
  expect(html).toContain('<title>&#60;A&#38;B&#62;</title>')
  expect(html).toContain('@page{size:40.000mm 20.000mm;margin:0}')
  expect(html).toContain(`<img src="data:image/png;base64,${Buffer.from(png).toString('base64')}">`)
})

test('it is printed silently, in true size, by a window that is hidden, runs nothing and goes away', async () => {
  const { opened, printer } = computer()
  expect(await printer.look()).toMatchObject({ state: 'ready' })
  await printer.send({ name: 'DEMO-1', layout: LAYOUT }, 1)
  expect(opened).toHaveLength(1)
  expect(opened[0]?.options.webPreferences).toMatchObject({
    show: false,
    javascript: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  })
  expect(opened[0]?.printed).toEqual([
    {
      silent: true,
      deviceName: 'Office',
      color: false,
      margins: { marginType: 'none' },
      pageSize: { width: 40_000, height: 20_000 },
    },
  ])
  expect(opened[0]?.destroyed).toBe(true)
})

test('each label of a queue is handed over once and ends as sent, not confirmed', async () => {
  const { opened, printer } = computer()
  const store = createMemoryStore()
  for (const unit of ['A', 'B', 'C']) store.add(unit)
  const queue = createLabelQueue({
    store,
    printer,
    render: () => Promise.resolve(LAYOUT),
    onChange: () => undefined,
    timing: { quick: 1, busy: 1, faulty: 1, idle: 1 },
  })
  queue.start()
  await expect.poll(() => store.all().every(({ fault }) => fault === 'not-confirmed')).toBe(true)
  await queue.stop()
  expect(store.all().map(({ unit, state }) => [unit, state])).toEqual(['A', 'B', 'C'].map((unit) => [unit, 'sent']))
  expect(opened.map(({ printed }) => printed.length)).toEqual([1, 1, 1])
})

const REFUSALS: [what: string, take: Take, arrived: 'nothing' | 'unknown'][] = [
  ['options that are refused', (answer) => answer(false, 'Invalid deviceName provided'), 'nothing'],
  [
    'options that throw',
    () => {
      throw new Error('height and width properties must be minimum 352 microns')
    },
    'nothing',
  ],
  ['a job that failed', (answer) => answer(false, 'Print job failed'), 'unknown'],
  ['no answer', () => undefined, 'unknown'],
]
test.each(REFUSALS)('%s: what can have come of it is said', async (_what, take, arrived) => {
  const { opened, printer } = computer(take)
  await expect(printer.send({ name: 'DEMO-1', layout: LAYOUT }, 1)).rejects.toMatchObject({
    name: 'PrinterError',
    arrived,
  })
  expect(opened[0]?.destroyed).toBe(true)
})

test('a page that cannot be drawn prints nothing', async () => {
  const { printers } = computer()
  const broken = createSystemPrinters(
    () => {
      const window = new BrowserWindow({ webPreferences: {} })
      window.loadURL = () => Promise.reject(new Error('ERR_FAILED'))
      return window
    },
    () => undefined,
    LIMITS,
  )
  const page = { printer: 'Office', title: 'A', png: renderPng(LAYOUT), widthMm: 40, heightMm: 20 }
  await expect(broken.print(page)).rejects.toMatchObject({ name: 'PrinterError', arrived: 'nothing' })
  await expect(printers.print(page)).resolves.toBeUndefined()
})

test('a printer that is not there, a system that does not answer and a host without printers are in error', async () => {
  const { printers, shown, printer } = computer()
  expect(await printerAt('system:Cellar', {}, printers).look()).toMatchObject({ state: 'error' })
  shown.webContents.getPrintersAsync = () => new Promise(() => undefined)
  expect(await printer.look()).toMatchObject({ state: 'error' })
  const nowhere = printerAt('system:Office')
  expect(await nowhere.look()).toMatchObject({ state: 'error' })
  await expect(nowhere.send({ name: 'A', layout: LAYOUT }, 1)).rejects.toMatchObject({ arrived: 'nothing' })
})
