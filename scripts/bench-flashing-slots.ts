/** The part of the flashing bench that needs control lines and faults: boards on a simulated bench in a thread of this process, at wire pace. */
import { startFlashWorkers, type FlashWorkers, type RunEnd } from '../src/main/flashing/workers/flash-workers.ts'
import { PROBE_PLAN } from '../src/main/flashing/loader/connect.ts'
import { quickDeflate, type Deflate, type Region } from '../src/main/flashing/images/prepare.ts'
import type { SessionPlan } from '../src/main/flashing/session/session-plan.ts'
import { openBench, type Bench } from '../src/main/simulator/bench.ts'
import { slotPath, type BenchOptions } from '../src/main/simulator/bench-protocol.ts'
import { parseFault } from '../src/main/simulator/faults.ts'

const BAUD = 921_600
const own: Region = { name: 'fctry', offset: 0x3e0000, bytes: new Uint8Array(0x1000).fill(7) }
const plan: SessionPlan = { chip: 'esp32c3', baud: BAUD, useStub: true, skipUnchanged: false, flashNeeded: 0x400000 }

const macOf = (slot: number): string => `AA:BB:CC:DD:00:${slot.toString(16).padStart(2, '0').toUpperCase()}`

export interface BenchLine {
  readonly bench: Bench
  readonly workers: FlashWorkers
  insert(slot: number, fault?: string): Promise<void>
  /** @param steps told when each step begins, milliseconds of this process */
  run(slot: number, change?: Partial<SessionPlan>, told?: (what: string, at: number) => void): Promise<RunEnd>
}

/** One thread serves all slots, so that they are as much in each other's way as they can be. */
export const onBench = async <T>(
  options: Omit<BenchOptions, 'chip' | 'pace'>,
  app: Region,
  use: (line: BenchLine) => Promise<T>,
  deflate: Deflate = quickDeflate,
): Promise<T> => {
  const bench = openBench({ ...options, chip: 'esp32c3', pace: 1 })
  const workers = startFlashWorkers(
    1,
    () => {
      const port = bench.connect()
      return { source: { kind: 'simulated', bench: port }, transfer: [port] }
    },
    { factor: 1 },
  )
  try {
    await workers.loadRelease('release', [app], deflate)
    return await use({
      bench,
      workers,
      insert: (slot, fault) =>
        bench.insert(slot, { mac: macOf(slot), faults: fault === undefined ? [] : [parseFault(fault)] }),
      run: (slot, change = {}, told = () => undefined) =>
        workers.run(slot, slotPath(slot), { ...plan, ...change }, 'release', {
          waiting: () => undefined,
          found: () => told('found', performance.now()),
          step: (step) => told(step, performance.now()),
          progress: () => undefined,
          log: () => undefined,
          identified: () => Promise.resolve([own]),
        }).ended,
    })
  } finally {
    await workers.close()
    await bench.close()
  }
}

/** How much later than the wire alone would have it the latest acknowledgement of a neighbour came, milliseconds. */
export const neighbourDelay = (fault: string, app: Region): Promise<number> =>
  onBench({ slots: 4 }, app, async ({ insert, run }) => {
    for (const slot of [1, 2, 3, 4]) await insert(slot, slot === 1 ? fault : undefined)
    void run(1, { connectPlan: PROBE_PLAN })
    const ends = await Promise.all([2, 3, 4].map((slot) => run(slot)))
    const late = ends.map((end) => {
      const transfer = end.ok ? end.result.regions.find(({ name }) => name === app.name)?.transfer : undefined
      return transfer ? transfer.slowest.milliseconds - transfer.slowest.bytes / (BAUD / 10_000) : Infinity
    })
    return Math.max(...late)
  })

/** From a board's insertion until it is found, milliseconds; the slowest of several, at moments that have nothing to do with each other. */
export const detectionTime = (ownUsb: BenchOptions['ownUsb'], app: Region): Promise<number> =>
  onBench({ slots: 4, ...(ownUsb ? { ownUsb } : {}) }, app, async ({ insert, run }) => {
    const times = [1, 2, 3, 4].map(async (slot) => {
      let foundAt = 0
      const ended = run(slot, { connectPlan: PROBE_PLAN }, (what, at) => {
        if (what === 'found') foundAt = at
      })
      await new Promise((resolve) => setTimeout(resolve, 1_000 + slot * 137))
      const insertedAt = performance.now()
      await insert(slot)
      await ended
      return foundAt - insertedAt
    })
    return Math.max(...(await Promise.all(times)))
  })
