/**
 * A simulated label printer on a real TCP port of this machine. It prints as a Zebra does: formats in, ~HS and its label counter out,
 * silence or flags while something is wrong. Faults are data, or the caller's hand.
 */
import { appendFileSync, existsSync, statSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createPrintEngine, type PrintedLabel, type PrinterCondition } from './print-engine.ts'
import type { PrinterFault } from './printer-faults.ts'
import { createZplInput } from './zpl-input.ts'

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

export interface SimulatedPrinter {
  /** `tcp://127.0.0.1:…` */
  readonly address: string
  readonly port: number
  /** What came out, the latest last; at most a thousand. */
  readonly labels: readonly PrintedLabel[]
  set(condition: PrinterCondition): void
  clear(condition: PrinterCondition): void
  readonly conditions: ReadonlySet<PrinterCondition>
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
  const stopWith = (condition: PrinterCondition): void => {
    engine.set(condition)
    if (options.mendedAfter !== undefined) mending = setTimeout(() => engine.clear(condition), options.mendedAfter)
  }

  const { counterFile } = options
  const engine = createPrintEngine({
    count: counterFile !== undefined && existsSync(counterFile) ? statSync(counterFile).size : 0,
    labelTime: LABEL_TIME * (options.factor ?? 0),
    onStart(nth) {
      const fault = faultAt('printing', nth)
      if (fault?.name === 'half-label') printer.powerCycle()
      else if (fault) stopWith(fault.name as PrinterCondition)
    },
    onLabel(label) {
      if (label.whole && counterFile !== undefined) appendFileSync(counterFile, '.')
      labels.push(label)
      if (labels.length > LABELS_KEPT) labels.shift()
      options.onLabel?.(label)
      if (label.whole && faultAt('printed', ++out)) printer.dropConnections()
    },
  })

  const hostStatus = (): string => {
    const { conditions } = engine
    const paused = conditions.size > 0
    const lines = [
      `030,${flag(conditions.has('paper-out'))},${flag(paused)},0160,${digits(engine.buffered, 3)},0,0,0,000,0,0,0`,
      `000,0,${flag(conditions.has('head-open'))},${flag(conditions.has('ribbon-out'))},0,2,6,0,${digits(engine.remaining, 8)},1,000`,
      '1234,0',
    ]
    return lines.map((line) => `\x02${line}\x03\r\n`).join('')
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
        const silent = options.silentInFault === true && engine.conditions.size > 0
        if (found.type === 'format') {
          formats++
          if (faultAt('receiving', formats)) return printer.dropConnections()
          for (let copy = 0; copy < found.copies; copy++) engine.add(found.zpl)
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
    set: (condition) => engine.set(condition),
    clear: (condition) => engine.clear(condition),
    dropConnections() {
      for (const socket of sockets) socket.destroy()
    },
    powerCycle() {
      engine.powerCycle()
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
