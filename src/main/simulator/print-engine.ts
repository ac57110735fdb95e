/** The mechanics of a simulated label printer: a buffer of formats, one label under the head at a time, and what can go wrong. */

/** What stops a printer until somebody comes. */
export type PrinterCondition = 'paper-out' | 'ribbon-out' | 'head-open' | 'paused'

export interface PrintedLabel {
  readonly zpl: string
  /** False for half a label: the printer lost power under it. */
  readonly whole: boolean
}

export interface PrintEngineOptions {
  /** Labels that came out in its life before. */
  readonly count?: number
  /** From the start of a label to its end, ms. */
  readonly labelTime: number
  /** A label came out, whole or not. */
  readonly onLabel: (label: PrintedLabel) => void
  /** A label is about to be printed, from 1. Conditions set here stop it half way. */
  readonly onStart?: (nth: number) => void
}

export interface PrintEngine {
  readonly buffered: number
  /** 1 while a label is under the head. */
  readonly remaining: number
  /** Labels that came out whole, ever. */
  readonly count: number
  readonly conditions: ReadonlySet<PrinterCondition>
  add(zpl: string): void
  set(condition: PrinterCondition): void
  /** Goes on by itself: a label that had begun is printed again, whole. */
  clear(condition: PrinterCondition): void
  /** Off and on: buffer and conditions of the pause are gone; a label under the head is left half. */
  powerCycle(): void
  stop(): void
}

export const createPrintEngine = (options: PrintEngineOptions): PrintEngine => {
  let buffer: string[] = []
  let current: string | undefined
  let timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  let count = options.count ?? 0
  let started = 0
  const conditions = new Set<PrinterCondition>()

  const halt = (): void => {
    clearTimeout(timer as NodeJS.Timeout)
    clearImmediate(timer as NodeJS.Immediate)
    timer = undefined
  }
  const after = (call: () => void): void => {
    timer = options.labelTime > 0 ? setTimeout(call, options.labelTime) : setImmediate(call)
  }
  const finish = (): void => {
    timer = undefined
    const zpl = current
    if (zpl === undefined) return
    current = undefined
    count++
    options.onLabel({ zpl, whole: true })
    go()
  }
  const go = (): void => {
    if (timer !== undefined || conditions.size > 0) return
    if (current === undefined) {
      current = buffer.shift()
      if (current === undefined) return
      options.onStart?.(++started)
      if (conditions.size > 0 || current === undefined) return
    }
    after(finish)
  }

  return {
    get buffered() {
      return buffer.length
    },
    get remaining() {
      return current === undefined ? 0 : 1
    },
    get count() {
      return count
    },
    conditions,
    add(zpl) {
      buffer.push(zpl)
      go()
    },
    set(condition) {
      conditions.add(condition)
      halt()
    },
    clear(condition) {
      conditions.delete(condition)
      go()
    },
    powerCycle() {
      halt()
      if (current !== undefined) options.onLabel({ zpl: current, whole: false })
      current = undefined
      buffer = []
      conditions.delete('paused')
    },
    stop: halt,
  }
}
