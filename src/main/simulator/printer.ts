/**
 * A simulated label printer on a real TCP port of this machine. It prints as a Zebra does: formats in, ~HS and its label counter out,
 * silence or flags while something is wrong. Faults are data, or the caller's hand.
 */
import { appendFileSync, existsSync, statSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createPrintEngine, type PrintedLabel, type PrinterCondition } from './print-engine.ts'
import type { PrinterFault } from './printer-faults.ts'
import { createZplInput, type PrinterInput } from './zpl-input.ts'

export interface SimulatedPrinterOptions {
  /** 0 takes a free one. */
  readonly port?: number
  /** Real time in a simulated time: 1 prints as fast as a printer does, 0 at once. */
  readonly factor?: number
  /** False for a printer without a label counter. */
  readonly counter?: boolean
  /** Keeps the counter over restarts of this program, as a real printer does: a byte a label. */
  readonly counterFile?: string
  /** No answer at all while something is wrong, as some models do. */
  readonly silentInFault?: boolean
  readonly faults?: readonly PrinterFault[]
  /** Somebody comes and mends what stops it after so many milliseconds; nobody does without. */
  readonly mendedAfter?: number
  onLabel?(label: PrintedLabel): void
}

/** What stops it from printing, or from taking more. */
export type PrinterTrouble = PrinterCondition | 'buffer-full'

export interface SimulatedPrinter {
  /** `tcp://127.0.0.1:…` */
  readonly address: string
  readonly port: number
  /** What came out, the latest last; at most a thousand. */
  readonly labels: readonly PrintedLabel[]
  set(condition: PrinterTrouble): void
  clear(condition: PrinterTrouble): void
  readonly conditions: ReadonlySet<PrinterCondition>
  readonly bufferFull: boolean
  dropConnections(): void
  powerCycle(): void
  close(): Promise<void>
}

/** A 40 × 20 mm label at 100 mm a second, and the start of the motor. */
const LABEL_TIME = 450
const LABELS_KEPT = 1000
const COUNTER = 'odometer.total_label_count'

const flag = (value: boolean): string => (value ? '1' : '0')
const digits = (value: number, length: number): string => String(value).padStart(length, '0')

export const openSimulatedPrinter = async (options: SimulatedPrinterOptions = {}): Promise<SimulatedPrinter> => {
  const labels: PrintedLabel[] = []
  const sockets = new Set<Socket>()
  let formats = 0
  let out = 0
  const faultAt = (moment: PrinterFault['moment'], label: number): PrinterFault | undefined =>
    options.faults?.find((fault) => fault.moment === moment && fault.label === label)

  let mending: NodeJS.Timeout | undefined
  const stopWith = (trouble: PrinterTrouble): void => {
    printer.set(trouble)
    if (options.mendedAfter !== undefined) mending = setTimeout(() => printer.clear(trouble), options.mendedAfter)
  }

  const { counterFile } = options
  const engine = createPrintEngine({
    count: counterFile !== undefined && existsSync(counterFile) ? statSync(counterFile).size : 0,
    labelTime: LABEL_TIME * (options.factor ?? 0),
    onStart(nth) {
      const fault = faultAt('printing', nth)
      if (fault?.name === 'half-label') printer.powerCycle()
      else if (fault) stopWith(fault.name as PrinterTrouble)
    },
    onLabel(label) {
      if (label.whole && counterFile !== undefined) appendFileSync(counterFile, '.')
      labels.push(label)
      if (labels.length > LABELS_KEPT) labels.shift()
      options.onLabel?.(label)
      if (label.whole && faultAt('printed', ++out)) printer.dropConnections()
    },
  })

  /** What the buffer has no room for, over the connections that are open; undefined while it has. */
  let held: Extract<PrinterInput, { type: 'format' }>[] | undefined

  const hostStatus = (): string => {
    const { conditions } = engine
    const paused = conditions.size > 0
    const lines = [
      `030,${flag(conditions.has('paper-out'))},${flag(paused)},0160,${digits(engine.buffered, 3)},${flag(held !== undefined)},0,0,000,0,0,0`,
      `000,0,${flag(conditions.has('head-open'))},${flag(conditions.has('ribbon-out'))},0,2,6,0,${digits(engine.remaining, 8)},1,000`,
      '1234,0',
    ]
    return lines.map((line) => `\x02${line}\x03\r\n`).join('')
  }

  const print = ({ zpl, copies }: Extract<PrinterInput, { type: 'format' }>): void => {
    for (let copy = 0; copy < copies; copy++) engine.add(zpl)
  }

  const server = createServer((socket) => {
    const input = createZplInput()
    sockets.add(socket)
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (text: string) => {
      for (const found of input.feed(text)) {
        if (socket.destroyed) return
        const silent = options.silentInFault === true && (engine.conditions.size > 0 || held !== undefined)
        if (found.type === 'format') {
          const fault = faultAt('receiving', ++formats)
          if (fault?.name === 'lost-before') return printer.dropConnections()
          if (fault) stopWith('buffer-full')
          if (held) held.push(found)
          else print(found)
        } else if (silent) continue
        else if (found.type === 'host-status') socket.write(hostStatus())
        else if (options.counter !== false) socket.write(found.name === COUNTER ? `"${engine.count}"` : '"?"')
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : 0

  const printer: SimulatedPrinter = {
    address: `tcp://127.0.0.1:${port}`,
    port,
    labels,
    conditions: engine.conditions,
    get bufferFull() {
      return held !== undefined
    },
    set(trouble) {
      if (trouble === 'buffer-full') held ??= []
      else engine.set(trouble)
    },
    clear(trouble) {
      if (trouble !== 'buffer-full') return engine.clear(trouble)
      const waiting = held ?? []
      held = undefined
      for (const format of waiting) print(format)
    },
    dropConnections() {
      if (held) held = []
      for (const socket of sockets) socket.destroy()
    },
    powerCycle() {
      engine.powerCycle()
      held = undefined
      this.dropConnections()
    },
    async close() {
      clearTimeout(mending)
      engine.stop()
      this.dropConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return printer
}
