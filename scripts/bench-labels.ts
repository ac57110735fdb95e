/**
 * Figures of labels: drawing and reading back, the queue behind a line and before a printer. Run by `npm run bench -- labels`.
 * Everything is measured on this machine, records on its disk and the printer's TCP connection included.
 */
import { randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { createLabelList } from '../src/main/cli/label-list.ts'
import { encodeQr } from '../src/main/labels/codes/qr-code.ts'
import type { LabelData } from '../src/main/labels/label-data.ts'
import { layOutLabel, RESOLUTIONS, type Layout } from '../src/main/labels/layout.ts'
import { renderPdf } from '../src/main/labels/pdf.ts'
import { renderPng } from '../src/main/labels/png.ts'
import { createLabelQueue } from '../src/main/labels/queue.ts'
import { createTcpPrinter } from '../src/main/labels/tcp-printer.ts'
import { DEFAULT_TEMPLATE, templateByName } from '../src/main/labels/templates.ts'
import { renderZpl } from '../src/main/labels/zpl.ts'
import { encodeManualCode, encodeQrPayload } from '../src/main/matter/onboarding-payload.ts'
import { isValidPasscode } from '../src/main/matter/passcode.ts'
import { openRecords } from '../src/main/records/records.ts'
import { openSimulatedPrinter } from '../src/main/simulator/printer.ts'
import { recordsLabelStore } from '../src/main/station/labels/label-store.ts'

const TEMPLATE = templateByName(DEFAULT_TEMPLATE)

const randomLabel = (): LabelData => {
  let passcode = 0
  while (!isValidPasscode(passcode)) passcode = randomInt(1, 99_999_999)
  const payload = {
    vendorId: 0xfff1,
    productId: 0x8000,
    flow: 0,
    discovery: 2,
    discriminator: randomInt(4096),
    passcode,
  } as const
  return {
    serial: `AUR-${String(randomInt(1_000_000)).padStart(6, '0')}`,
    mac: randomInt(2 ** 47)
      .toString(16)
      .padStart(12, '0'),
    slot: randomInt(1, 33),
    productName: 'Aurora 极光灯',
    vendorName: 'Test Vendor',
    vendorId: payload.vendorId,
    productId: payload.productId,
    qr: encodeQrPayload(payload),
    manualCode: encodeManualCode(payload),
    orderNumber: 'BENCH',
    date: '2026-11-24',
    mark: 'TEST',
    fields: {},
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const say = (what: string, figure: string): void => void process.stdout.write(`  ${what.padEnd(66)} ${figure}\n`)
const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`

/** Milliseconds a call. */
const timeOf = async (times: number, call: () => unknown): Promise<number> => {
  await call()
  const began = performance.now()
  for (let time = 0; time < times; time++) await call()
  return (performance.now() - began) / times
}

const drawing = async (): Promise<void> => {
  const payloads = Array.from({ length: 2000 }, () => randomLabel().qr)
  say('a QR symbol', ms(await timeOf(payloads.length - 1, () => encodeQr(payloads.pop() ?? ''))))
  for (const dpi of RESOLUTIONS) {
    const lay = (): Layout => layOutLabel(TEMPLATE, randomLabel(), dpi)
    say(`a label laid out and drawn as ZPL, ${dpi} dpi`, ms(await timeOf(300, () => renderZpl(lay()))))
    say(`a label laid out and drawn as PNG, ${dpi} dpi`, ms(await timeOf(100, () => renderPng(lay()))))
  }
  say('a label as PDF', ms(await timeOf(30, () => renderPdf(layOutLabel(TEMPLATE, randomLabel(), 600)))))
}

interface ReadBack {
  readonly read: number
  readonly wrong: string[]
}

/** Draws labels as PNG and reads them with zxing; its module comes from node_modules. */
const readBack = async (labels: number): Promise<ReadBack> => {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader')
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
  prepareZXingModule({ overrides: { wasmBinary: wasm.buffer }, fireImmediately: true })
  const wrong: string[] = []
  let read = 0
  for (let label = 0; label < labels; label++) {
    const data = randomLabel()
    for (const dpi of RESOLUTIONS) {
      const png = renderPng(layOutLabel(TEMPLATE, data, dpi))
      const [code] = await readBarcodes(png, { formats: ['QRCode'], tryRotate: false, tryInvert: false })
      if (code?.text === data.qr) read++
      else wrong.push(`${data.qr} at ${dpi} dpi: ${code?.text ?? 'nothing'}`)
    }
  }
  return { read, wrong }
}

const readAllBack = async (labels: number): Promise<void> => {
  const threads = Math.max(1, availableParallelism())
  const began = performance.now()
  const results = await Promise.all(
    Array.from({ length: threads }, (_, index) => {
      const share = Math.floor(((index + 1) * labels) / threads) - Math.floor((index * labels) / threads)
      const worker = new Worker(new URL(import.meta.url), { workerData: { labels: share } })
      return new Promise<ReadBack>((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
      })
    }),
  )
  const read = results.reduce((sum, result) => sum + result.read, 0)
  const wrong = results.flatMap((result) => result.wrong)
  const seconds = (performance.now() - began) / 1000
  say(
    `${labels} random labels at ${RESOLUTIONS.join(', ')} dpi, read back equal`,
    `${read} of ${3 * labels} (${seconds.toFixed(0)} s)`,
  )
  if (wrong.length > 0) throw new Error(`read otherwise than written: ${wrong.slice(0, 10).join('; ')}`)
}

/** 32 slots pass within a second: from the pass to its label with the printer, every commit included. */
const behindALine = async (folder: string): Promise<void> => {
  const records = await openRecords(join(folder, 'records.db'))
  const simulated = await openSimulatedPrinter()
  const slots = 32
  await records.ask('createOrder', { id: 'order', number: 'BENCH', plan: '{}', quantity: slots, at: 1 })
  const runs = Array.from({ length: slots }, (_, index) => ({
    runId: randomUUID(),
    labelId: randomUUID(),
    slot: index + 1,
  }))
  for (const { runId, slot } of runs) {
    const mark = `bench ${slot}`
    await records.ask('addIdentity', {
      identity: {
        id: `identity ${slot}`,
        order_id: 'order',
        serial: `BENCH-${slot}`,
        passcode_mark: mark,
        salt_mark: mark,
        rotating_mark: mark,
        key_mark: mark,
        dac_certificate: new Uint8Array(1),
        sealed: new Uint8Array(1),
      },
      at: 1,
    })
    const mac = `AA:BB:CC:00:00:${slot.toString(16).padStart(2, '0').toUpperCase()}`
    await records.ask('beginRun', { runId, mac, chip: 'esp32c3', orderId: 'order', slot, at: 1 })
  }
  const passedAt = new Map<string, number>()
  const inLine: number[] = []
  const took: number[] = []
  let allSent: () => void = () => undefined
  const sent = new Promise<void>((resolve) => {
    allSent = resolve
  })
  const queue = createLabelQueue({
    store: recordsLabelStore(records),
    printer: createTcpPrinter('127.0.0.1', simulated.port),
    render: () => Promise.resolve(layOutLabel(TEMPLATE, randomLabel(), 203)),
    onChange(change) {
      const began = change.type === 'label' && change.state === 'sent' ? passedAt.get(change.id) : undefined
      if (began === undefined) return
      took.push(performance.now() - began)
      if (took.length === slots) allSent()
    },
  })
  queue.start()
  await Promise.all(
    runs.map(async ({ runId, labelId }) => {
      await new Promise((resolve) => setTimeout(resolve, randomInt(1000)))
      passedAt.set(labelId, performance.now())
      await records.ask('passRun', {
        runId,
        outcome: 'pass',
        at: 2,
        log: '[]',
        regions: [{ name: 'app', offset: 0, size: 4, md5: 'm', sha256: 's', skipped: false, verified: true }],
        label: { id: labelId, who: 'bench' },
      })
      queue.wake()
      renderZpl(layOutLabel(TEMPLATE, randomLabel(), 203))
      inLine.push(performance.now() - (passedAt.get(labelId) ?? 0))
    }),
  )
  await sent
  await queue.stop()
  await simulated.close()
  await records.close()
  say(`${slots} slots pass within a second: pass to label committed and drawn, median`, ms(median(inLine)))
  say('  pass to its bytes with a printer that takes no time, median', ms(median(took)))
  say('  and at worst', ms(Math.max(...took)))
}

/** What is in use once everything that is not has been thrown away. */
const heapInUse = (): number => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

/** Prints a list of units; `onOut` when a label came out, `onSent` when the next one's bytes go out. */
const stream = async (
  labels: number,
  factor: number,
  options: { inFlightAtMost?: number; look?: number; onOut?: () => void; onSent?: () => void },
): Promise<number> => {
  const simulated = await openSimulatedPrinter({ factor, onLabel: () => options.onOut?.() })
  const list = createLabelList(Array.from({ length: labels }, (_, index) => `BENCH-${index}`))
  let over: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    over = resolve
  })
  const queue = createLabelQueue({
    store: list,
    printer: createTcpPrinter('127.0.0.1', simulated.port),
    render: ({ serial }) => Promise.resolve(layOutLabel(TEMPLATE, { ...randomLabel(), serial }, 203)),
    onChange(change) {
      if (change.type === 'label' && change.state === 'sent') options.onSent?.()
      if (list.unsettled === 0) over()
    },
    inFlightAtMost: options.inFlightAtMost ?? 2,
    timing: options.look === undefined ? {} : { quick: options.look, busy: options.look },
  })
  const began = performance.now()
  queue.start()
  await ended
  const took = performance.now() - began
  await queue.stop()
  await simulated.close()
  return took
}

const beforeAPrinter = async (labels: number): Promise<void> => {
  const gaps: number[] = []
  let freeAt: number | undefined
  await stream(60, 0.2, {
    inFlightAtMost: 1,
    onOut: () => {
      freeAt = performance.now()
    },
    onSent: () => {
      if (freeAt !== undefined) gaps.push(performance.now() - freeAt)
      freeAt = undefined
    },
  })
  say('printer free to the next label’s bytes, one in flight, median', ms(median(gaps)))
  say('  and at worst', ms(Math.max(...gaps)))

  // A printer of ten times the usual speed: 45 ms a label.
  const few = 200
  const took = await stream(few, 0.1, {})
  say(`${few} labels on a printer of 45 ms a label`, `${ms(took / few)} a label`)

  let out = 0
  const heap: number[] = []
  const all = await stream(labels, 0, {
    look: 1,
    onOut: () => {
      if (++out === labels / 2 || out === labels) heap.push(heapInUse())
    },
  })
  say(`${labels} labels in one stream, printer without delay`, `${((labels * 1000) / all).toFixed(0)} labels/s`)
  say(
    '  memory in use after half of them, and after all',
    heap.map((bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`).join(', '),
  )
}

/** @param options labels: of the two long runs; ten thousand without */
export const run = async (options: { labels?: number } = {}): Promise<void> => {
  const labels = options.labels ?? 10_000
  const folder = mkdtempSync(join(tmpdir(), 'imprint-bench-labels-'))
  try {
    await drawing()
    await behindALine(folder)
    await beforeAPrinter(labels)
    await readAllBack(labels)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (isMainThread) {
  if (process.argv[1] === import.meta.filename) await run({ labels: Number(process.argv[2] ?? 10_000) })
} else {
  const { labels } = workerData as { labels?: number }
  if (labels !== undefined) parentPort?.postMessage(await readBack(labels))
}
