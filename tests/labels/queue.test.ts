import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { LabelState } from '../../src/contract/index.ts'
import { drawLabel } from '../../src/main/labels/draw.ts'
import { createFolderPrinter } from '../../src/main/labels/folder-printer.ts'
import { layOutLabel } from '../../src/main/labels/layout.ts'
import { LabelError } from '../../src/main/labels/label-error.ts'
import { composeRow, type Stock } from '../../src/main/labels/label-row.ts'
import type { Printer } from '../../src/main/labels/printer.ts'
import { createLabelQueue, type LabelQueue, type QueueChange } from '../../src/main/labels/queue.ts'
import { createTcpPrinter } from '../../src/main/labels/tcp-printer.ts'
import { templateByName } from '../../src/main/labels/templates.ts'
import { openSimulatedPrinter, type SimulatedPrinterOptions } from '../../src/main/simulator/printer.ts'
import { parsePrinterFault, type PrinterFaultName } from '../../src/main/simulator/printer-faults.ts'
import { pictureOfBitmap, readCodes } from './decode.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'
import { SAMPLE } from './sample.ts'

const TEMPLATE = templateByName('unit-40x20')
const TIMING = { quick: 1, busy: 2, faulty: 5, idle: 50, patience: 60, fill: 40 }
const UNITS = ['UNIT-1', 'UNIT-2', 'UNIT-3', 'UNIT-4', 'UNIT-5']

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const until = async (what: string, holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 5000) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

interface Scene {
  readonly store: MemoryStore
  readonly queue: LabelQueue
  readonly changes: QueueChange[]
  states(): LabelState[]
}

const startQueue = (printer: Printer, store: MemoryStore = createMemoryStore(), stock?: Stock): Scene => {
  const changes: QueueChange[] = []
  const queue = createLabelQueue({
    store,
    printer,
    render: (label) => Promise.resolve(layOutLabel(TEMPLATE, { ...SAMPLE, serial: label.serial }, 203)),
    onChange: (change) => changes.push(change),
    timing: TIMING,
    ...(stock ? { stock } : {}),
  })
  closing.push(() => queue.stop())
  queue.start()
  return { store, queue, changes, states: () => store.all().map((label) => label.state) }
}

const openPrinter = async (options: SimulatedPrinterOptions = {}) => {
  const simulated = await openSimulatedPrinter(options)
  closing.push(() => simulated.close())
  const printer = (): Printer => createTcpPrinter('127.0.0.1', simulated.port, { patience: 100 })
  /** Serials of the whole labels that came out, in order. */
  const cameOut = (): string[] =>
    simulated.labels.filter((label) => label.whole).map((label) => /SN ([A-Z0-9-]+)/u.exec(label.zpl)?.[1] ?? '?')
  return { simulated, printer, cameOut }
}

const add = (store: MemoryStore, units: readonly string[] = UNITS): void => units.forEach((unit) => store.add(unit))

const faults = (name: PrinterFaultName, label = 2) => [parsePrinterFault(`${name}@${label}`)]

describe('a printer that counts its labels', () => {
  test('every label comes out once, in order, and is recorded as printed by proof', async () => {
    const { printer, cameOut } = await openPrinter()
    const { store, queue, states } = startQueue(printer())
    add(store)
    queue.wake()
    await until('all printed', () => states().every((state) => state === 'printed'))
    expect(cameOut()).toEqual(UNITS)
    expect(store.history.map(({ to }) => to).filter((state) => state === 'sent')).toHaveLength(UNITS.length)
  })

  test('at most two labels are with the printer at a time', async () => {
    const { simulated, printer } = await openPrinter()
    simulated.set('paused')
    const { store, queue } = startQueue(printer())
    add(store)
    await until('printer seen paused', () => queue.printerView().state === 'paused')
    expect(store.inState('sent')).toHaveLength(0)
    simulated.clear('paused')
    let most = 0
    await until('all printed', () => {
      most = Math.max(most, store.inState('sent').length)
      return store.inState('printed').length === UNITS.length
    })
    expect(most).toBeLessThanOrEqual(2)
  })

  test.each(['paper-out', 'ribbon-out', 'head-open', 'paused'] as const)(
    '%s in mid-batch: the queue waits, shows it, and goes on by itself',
    async (name) => {
      const { simulated, printer, cameOut } = await openPrinter({ faults: faults(name) })
      const { store, queue, states } = startQueue(printer())
      add(store)
      queue.wake()
      await until(`printer seen ${name}`, () => queue.printerView().state === name)
      expect(cameOut()).toEqual(['UNIT-1'])
      expect(store.inState('sent').length).toBeLessThanOrEqual(2)
      simulated.clear(name)
      await until('all printed', () => states().every((state) => state === 'printed'))
      expect(cameOut()).toEqual(UNITS)
    },
  )

  test.each(['paper-out', 'ribbon-out', 'head-open'] as const)(
    'silence in %s is shown as not answering, and nothing is lost or doubled',
    async (name) => {
      const { simulated, printer, cameOut } = await openPrinter({ faults: faults(name), silentInFault: true })
      const { store, queue, states } = startQueue(printer())
      add(store)
      queue.wake()
      await until('printer seen silent', () => queue.printerView().state === 'not-answering')
      simulated.clear(name)
      await until('all printed', () => states().every((state) => state === 'printed'))
      expect(cameOut()).toEqual(UNITS)
    },
  )

  test.each(['lost-before', 'lost-after', 'half-label'] as const)(
    '%s: the counter tells what came out; one whole label a unit, and nobody is asked',
    async (name) => {
      const { simulated, printer, cameOut } = await openPrinter({ faults: faults(name, 3) })
      const { store, queue, states } = startQueue(printer())
      add(store)
      queue.wake()
      await until('all printed', () => states().every((state) => state === 'printed'))
      expect(cameOut().toSorted()).toEqual(UNITS)
      expect(store.history.filter(({ to }) => to === 'in-doubt')).toEqual([])
      expect(simulated.labels.filter((label) => !label.whole)).toHaveLength(name === 'half-label' ? 1 : 0)
    },
  )

  test.each([
    ['that says so', false, 'printing'],
    ['that gives no answer', true, 'not-answering'],
  ] as const)(
    'a full buffer %s: what is on its way is not sent again, nothing more is sent, and all goes on by itself',
    async (_, silentInFault, state) => {
      const { simulated, printer, cameOut } = await openPrinter({ faults: faults('buffer-full'), silentInFault })
      const watched = printer()
      let looks = 0
      const { store, queue, states } = startQueue({ ...watched, look: () => (looks++, watched.look()) })
      add(store)
      queue.wake()
      await until('the buffer is full', () => simulated.bufferFull && queue.printerView().state === state)
      // Longer than a printer may show nothing of a label before it counts as not there.
      const before = { looks, at: performance.now() }
      await until('looked at', () => looks > before.looks + 5 && performance.now() > before.at + 2 * TIMING.patience)
      expect(cameOut()).toEqual(['UNIT-1'])
      expect(store.inState('sent').length).toBeLessThanOrEqual(2)
      simulated.clear('buffer-full')
      await until('all printed', () => states().every((each) => each === 'printed'))
      expect(cameOut()).toEqual(UNITS)
      expect(store.history.filter(({ to }) => to === 'in-doubt')).toEqual([])
    },
  )

  test('power lost under a full buffer: the counter tells that nothing came out, and each unit gets one label', async () => {
    const { simulated, printer, cameOut } = await openPrinter({ faults: faults('buffer-full') })
    const { store, queue, states } = startQueue(printer())
    add(store)
    queue.wake()
    await until('the buffer is full', () => simulated.bufferFull)
    simulated.powerCycle()
    await until('all printed', () => states().every((each) => each === 'printed'))
    expect(cameOut()).toEqual(UNITS)
  })

  test('a restart with labels in the printer: the counter proves them', async () => {
    const { simulated, printer, cameOut } = await openPrinter({ faults: faults('paper-out') })
    const first = startQueue(printer())
    add(first.store)
    first.queue.wake()
    await until('two labels are in the printer', () => simulated.conditions.has('paper-out'))
    await first.queue.stop()
    const second = startQueue(printer(), first.store)
    await until('printer seen out of paper', () => second.queue.printerView().state === 'paper-out')
    simulated.clear('paper-out')
    await until('all printed', () => second.states().every((state) => state === 'printed'))
    expect(cameOut()).toEqual(UNITS)
    expect(first.store.history.filter(({ to }) => to === 'in-doubt')).toEqual([])
  })

  test('a label that comes out between the two questions of a look does not hold up the next one', async () => {
    let printed = 0
    let sent = 0
    const sleeps: number[] = []
    const store = createMemoryStore()
    add(store, ['UNIT-1', 'UNIT-2'])
    const queue = createLabelQueue({
      store,
      inFlightAtMost: 1,
      render: () => Promise.resolve(layOutLabel(TEMPLATE, SAMPLE, 203)),
      onChange: () => undefined,
      timing: TIMING,
      clock: {
        now: () => sleeps.length,
        sleep(milliseconds) {
          if (store.inState('printed').length < 2) sleeps.push(milliseconds)
          return new Promise((resolve) => setImmediate(resolve))
        },
      },
      printer: {
        name: 'slow to forget',
        confirms: true,
        repeatable: false,
        look() {
          // The status was given before the label came out, the count after.
          const pending = sent - printed
          printed = sent
          return Promise.resolve({ state: pending > 0 ? 'printing' : 'ready', pending, count: printed, session: 1 })
        },
        send: () => Promise.resolve(void sent++),
        close: () => Promise.resolve(),
      },
    })
    closing.push(() => queue.stop())
    queue.start()
    await until('all printed', () => store.inState('printed').length === 2)
    expect(Math.max(...sleeps)).toBeLessThanOrEqual(TIMING.busy)
  })

  test('a power cut that sets the counter back proves nothing: a person is asked', async () => {
    let sight = { pending: 0, count: 700 }
    let session = 1
    const store = createMemoryStore()
    add(store, ['UNIT-1', 'UNIT-2'])
    const { queue } = startQueue(
      {
        name: 'forgets its counter',
        confirms: true,
        repeatable: false,
        look: () => Promise.resolve({ state: sight.pending > 0 ? 'printing' : 'ready', ...sight, session }),
        // It takes both, and one of them comes out before the power fails.
        send() {
          sight = { ...sight, pending: sight.pending + 1 }
          if (sight.pending === 2) {
            sight = { pending: 0, count: 0 }
            session = 2
          }
          return Promise.resolve()
        },
        close: () => Promise.resolve(),
      },
      store,
    )
    queue.wake()
    await until('both are in doubt', () => store.inState('in-doubt').length === 2)
    expect(store.inState('printed', 'waiting')).toEqual([])
  })

  test('nobody listens: the labels wait, and print when the printer is there', async () => {
    const { simulated, cameOut } = await openPrinter()
    const { port } = simulated
    await simulated.close()
    const { store, queue, states } = startQueue(createTcpPrinter('127.0.0.1', port, { patience: 100 }))
    add(store)
    queue.wake()
    await until('printer cannot be reached', () => queue.printerView().state === 'not-answering')
    expect(states().every((state) => state === 'waiting')).toBe(true)
    const back = await openSimulatedPrinter({ port })
    closing.push(() => back.close())
    await until('all printed', () => states().every((state) => state === 'printed'))
    expect(back.labels).toHaveLength(UNITS.length)
    expect(cameOut()).toEqual([])
  })
})

describe('a printer without a counter', () => {
  // Slow enough to be seen at work by a queue on a busy machine.
  const options = { counter: false, factor: 0.4 } as const
  const FEW = UNITS.slice(0, 3)

  test('a label is printed when it was seen in the printer and then not any more; one at a time', async () => {
    const { printer, cameOut } = await openPrinter(options)
    const { store, queue, states } = startQueue(printer())
    add(store, FEW)
    queue.wake()
    let most = 0
    await until('all printed', () => {
      most = Math.max(most, store.inState('sent').length)
      return states().every((state) => state === 'printed')
    })
    expect(most).toBe(1)
    expect(cameOut()).toEqual(FEW)
  })

  test.each(['paper-out', 'ribbon-out', 'head-open', 'paused'] as const)(
    '%s in mid-batch: the label stays with the printer until it comes out, and nobody is asked',
    async (name) => {
      const { simulated, printer, cameOut } = await openPrinter({ ...options, faults: faults(name) })
      const { store, queue, states } = startQueue(printer())
      add(store, FEW)
      queue.wake()
      await until(`printer seen ${name}`, () => queue.printerView().state === name)
      expect(cameOut()).toEqual(['UNIT-1'])
      expect(store.inState('sent')).toMatchObject([{ serial: 'UNIT-2' }])
      simulated.clear(name)
      await until('all printed', () => states().every((state) => state === 'printed'))
      expect(cameOut()).toEqual(FEW)
      expect(store.history.filter(({ to }) => to === 'in-doubt')).toEqual([])
    },
  )

  test('a full buffer: the label that is on its way stays with the printer until it comes out, and nobody is asked', async () => {
    const { simulated, printer, cameOut } = await openPrinter({ ...options, faults: faults('buffer-full') })
    const { store, queue, states } = startQueue(printer())
    add(store, FEW)
    queue.wake()
    await until('the buffer is full', () => simulated.bufferFull && queue.printerView().state === 'printing')
    expect(cameOut()).toEqual(['UNIT-1'])
    expect(store.inState('sent')).toMatchObject([{ serial: 'UNIT-2' }])
    simulated.clear('buffer-full')
    await until('all printed', () => states().every((state) => state === 'printed'))
    expect(cameOut()).toEqual(FEW)
    expect(store.history.filter(({ to }) => to === 'in-doubt')).toEqual([])
  })

  test.each([
    ['lost-before', false],
    ['lost-after', true],
    ['half-label', false],
  ] as const)('%s: a person is asked, and the answer is recorded', async (name, cameOutReally) => {
    const { printer, cameOut } = await openPrinter({ ...options, faults: faults(name) })
    const { store, queue, states } = startQueue(printer())
    add(store, FEW)
    queue.wake()
    await until('a label is in doubt', () => store.inState('in-doubt').length > 0)
    const [doubtful] = store.inState('in-doubt')
    expect(doubtful).toMatchObject({ serial: 'UNIT-2', fault: 'no-evidence' })
    expect(cameOut().includes('UNIT-2')).toBe(cameOutReally)
    expect(await queue.answer(doubtful?.id ?? '', cameOutReally, 'operator 7')).toBe(true)
    await until('all printed', () => states().every((state) => state === 'printed'))
    expect(cameOut().toSorted()).toEqual(FEW)
    expect(store.history.filter(({ who }) => who === 'operator 7')).toEqual([
      { id: doubtful?.id, to: cameOutReally ? 'printed' : 'waiting', who: 'operator 7' },
    ])
  })

  test('a restart while the printer is silent: the label is watched, and proved when it comes out', async () => {
    const { simulated, printer, cameOut } = await openPrinter({
      ...options,
      silentInFault: true,
      faults: faults('paper-out'),
    })
    const first = startQueue(printer())
    add(first.store, FEW)
    first.queue.wake()
    await until('paper is out', () => simulated.conditions.has('paper-out'))
    await first.queue.stop()
    const { queue, states } = startQueue(printer(), first.store)
    await until('printer seen silent', () => queue.printerView().state === 'not-answering')
    expect(first.store.inState('sent')).toMatchObject([{ serial: 'UNIT-2' }])
    simulated.clear('paper-out')
    await until('all printed', () => states().every((state) => state === 'printed'))
    expect(cameOut()).toEqual(FEW)
  })

  test('a restart after which the printer has lost its memory: a person is asked', async () => {
    const { simulated, printer } = await openPrinter({ ...options, faults: faults('paper-out') })
    const first = startQueue(printer())
    add(first.store, FEW)
    first.queue.wake()
    await until('paper is out', () => simulated.conditions.has('paper-out'))
    await first.queue.stop()
    simulated.powerCycle()
    simulated.clear('paper-out')
    const { store } = startQueue(printer(), first.store)
    await until('in doubt', () => store.inState('in-doubt').length > 0)
    expect(store.inState('in-doubt')).toMatchObject([{ serial: 'UNIT-2', fault: 'no-evidence' }])
  })
})

describe('a printer that cannot tell', () => {
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'imprint-labels-'))
    closing.push(() => rm(path, { recursive: true, force: true }))
    return path
  }

  test('a folder gets a file a label and form; its labels end as sent, not confirmed', async () => {
    const path = folder()
    const { store, queue, states } = startQueue(createFolderPrinter(path))
    add(store)
    queue.wake()
    await until('all sent', () => store.all().every((label) => label.fault === 'not-confirmed'))
    expect(states()).toEqual(UNITS.map(() => 'sent'))
    expect(readdirSync(path).toSorted()).toEqual(UNITS.flatMap((unit) => [`${unit}.pdf`, `${unit}.zpl`]))
    expect(queue.printerView()).toMatchObject({ confirms: false, state: 'ready' })
  })

  test('after a crash the folder gets again what it may not have; what it had stays', async () => {
    const path = folder()
    const store = createMemoryStore()
    add(store, ['UNIT-1', 'UNIT-2'])
    const proof = JSON.stringify({ printer: `folder:${path}`, target: null })
    await store.move({ id: 'label-1', from: ['waiting'], to: 'sent', fault: 'not-confirmed', proof })
    await store.move({ id: 'label-2', from: ['waiting'], to: 'sent', fault: null, proof })
    startQueue(createFolderPrinter(path), store)
    await until('all sent', () => store.all().every((label) => label.fault === 'not-confirmed'))
    expect(readdirSync(path).toSorted()).toEqual(['UNIT-2.pdf', 'UNIT-2.zpl'])
  })

  test('a label that was sent to another printer before the crash is in doubt', async () => {
    const store = createMemoryStore()
    add(store, ['UNIT-1'])
    const proof = JSON.stringify({ printer: 'tcp://10.0.0.9:9100', target: 7 })
    await store.move({ id: 'label-1', from: ['waiting'], to: 'sent', fault: null, proof })
    startQueue(createFolderPrinter(folder()), store)
    await until('in doubt', () => store.inState('in-doubt').length === 1)
    expect(store.all()).toMatchObject([{ fault: 'restarted' }])
  })

  test('a folder that cannot be written: the labels wait', async () => {
    const path = join(folder(), 'a-file')
    writeFileSync(path, '')
    const { store, queue, states } = startQueue(createFolderPrinter(path))
    add(store, ['UNIT-1'])
    queue.wake()
    await until('printer in error', () => queue.printerView().state === 'error')
    expect(['waiting', 'sent']).toContain(states()[0])
    rmSync(path)
    await until('sent', () => store.all().every((label) => label.fault === 'not-confirmed'))
  })
})

describe('labels side by side', () => {
  const stock = { across: 2, pitch: 43 }

  test('print in rows; the last one prints alone when nothing fills its row', async () => {
    const { simulated, printer } = await openPrinter()
    const store = createMemoryStore()
    add(store)
    const { states } = startQueue(printer(), store, stock)
    await until('all printed', () => states().every((state) => state === 'printed'))
    const rows = simulated.labels.map(({ zpl }) => zpl.match(/SN UNIT-\d/gu)?.map((text) => text.slice(3)))
    expect(rows).toEqual([['UNIT-1', 'UNIT-2'], ['UNIT-3', 'UNIT-4'], ['UNIT-5']])
  })

  test('of a row that the printer lost, every label prints again', async () => {
    const { simulated, printer } = await openPrinter({ faults: faults('half-label', 2) })
    const store = createMemoryStore()
    add(store)
    const { states } = startQueue(printer(), store, stock)
    await until('all printed', () => states().every((state) => state === 'printed'))
    const whole = simulated.labels.filter((label) => label.whole)
    expect(whole.flatMap(({ zpl }) => zpl.match(/UNIT-\d/gu)).toSorted()).toEqual(UNITS)
  })

  test('every code of a row is read back from where it belongs', async () => {
    const units = [SAMPLE, { ...SAMPLE, serial: 'DEMO-2', qr: 'MT:Y.K9042C00KA0648G01' }]
    const row = composeRow(
      units.map((data) => layOutLabel(TEMPLATE, data, 203)),
      stock,
    )
    expect(row.width).toBe((43 + 40) * 8)
    const picture = pictureOfBitmap(drawLabel(row))
    const codes = await readCodes(picture)
    expect(codes.map(({ text }) => text).toSorted()).toEqual(units.map(({ qr }) => qr).toSorted())
  })

  test('labels that do not fit their stock fail, and none is printed', async () => {
    const { simulated, printer } = await openPrinter()
    const store = createMemoryStore()
    add(store, ['UNIT-1', 'UNIT-2'])
    startQueue(printer(), store, { across: 2, pitch: 39 })
    await until('both failed', () => store.inState('failed').length === 2)
    expect(simulated.labels).toEqual([])
  })

  test('a pitch below a label’s width, and more labels than a row holds, are refused', () => {
    const layout = layOutLabel(TEMPLATE, SAMPLE, 203)
    expect(() => composeRow([layout, layout], { across: 2, pitch: 39 })).toThrow(LabelError)
    expect(() => composeRow([layout, layout], { across: 1, pitch: 0 })).toThrow(LabelError)
    expect(() => composeRow([], { across: 2, pitch: 43 })).toThrow(LabelError)
  })
})

describe('people at the queue', () => {
  test('pause stops the next label, resume goes on', async () => {
    const { printer, cameOut } = await openPrinter()
    const { store, queue, states } = startQueue(printer())
    queue.pause()
    add(store)
    queue.wake()
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(cameOut()).toEqual([])
    expect(queue.printerView().queuePaused).toBe(true)
    queue.resume()
    await until('all printed', () => states().every((state) => state === 'printed'))
  })

  test('a reprint supersedes, and both are in the record', async () => {
    const { printer, cameOut } = await openPrinter()
    const { store, queue, states } = startQueue(printer())
    add(store, ['UNIT-1'])
    queue.wake()
    await until('printed', () => states()[0] === 'printed')
    const next = await queue.reprint('label-1', 'smudged', 'operator')
    await until('printed again', () => states()[1] === 'printed')
    expect(states()).toEqual(['superseded', 'printed'])
    expect(next).toBe('label-2')
    expect(await queue.reprint('label-1', 'again', 'operator')).toBeNull()
    expect(cameOut()).toEqual(['UNIT-1', 'UNIT-1'])
  })

  test('a label put first prints first', async () => {
    const { printer, cameOut } = await openPrinter()
    const { store, queue, states } = startQueue(printer())
    queue.pause()
    add(store)
    expect(await queue.raise('label-4', 'first', 'operator')).toBe(true)
    expect(await queue.raise('label-9', 'first', 'operator')).toBe(false)
    queue.resume()
    await until('all printed', () => states().every((state) => state === 'printed'))
    expect(cameOut()[0]).toBe('UNIT-4')
  })

  test('a label that cannot be laid out fails alone', async () => {
    const { printer, cameOut } = await openPrinter()
    const store = createMemoryStore()
    add(store)
    const queue = createLabelQueue({
      store,
      printer: printer(),
      render: ({ serial }) =>
        serial === 'UNIT-2'
          ? Promise.reject(new LabelError('overflow', 'too long'))
          : Promise.resolve(layOutLabel(TEMPLATE, { ...SAMPLE, serial }, 203)),
      onChange: () => undefined,
      timing: TIMING,
    })
    closing.push(() => queue.stop())
    queue.start()
    await until('the others printed', () => store.inState('printed').length === 4)
    expect(store.inState('failed')).toMatchObject([{ serial: 'UNIT-2', fault: 'layout' }])
    expect(cameOut()).not.toContain('UNIT-2')
  })
})
