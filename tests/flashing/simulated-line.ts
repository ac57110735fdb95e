import { randomBytes } from 'node:crypto'
import { PROBE_PLAN } from '../../src/main/flashing/loader/connect.ts'
import {
  startFlashWorkers,
  type FlashJob,
  type FlashWorkers,
  type RunEnd,
} from '../../src/main/flashing/workers/flash-workers.ts'
import { quickDeflate, type Region } from '../../src/main/flashing/images/prepare.ts'
import type { SessionPlan } from '../../src/main/flashing/session/session.ts'
import { openBench, type Bench } from '../../src/main/simulator/bench.ts'
import { slotPath, type BenchOptions } from '../../src/main/simulator/bench-protocol.ts'

/** Bytes that compress to about two thirds, as firmware does. */
export const firmware = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  bytes.set(randomBytes(Math.floor(length * 0.45)))
  for (let at = Math.floor(length * 0.45); at < length; at++) bytes[at] = (at * 31 + (at >> 9) * 7) & 0xff
  return bytes
}

export const macOf = (unit: number): string => `AA:BB:CC:00:00:${unit.toString(16).padStart(2, '0').toUpperCase()}`

/** The same in every process, and as good as incompressible. */
const noise = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let at = 0, state = 1; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

export const app: Region = { name: 'app', offset: 0x10000, bytes: noise(400_000) }

const planOfPresentBoard: SessionPlan = {
  chip: 'esp32c3',
  baud: 921_600,
  useStub: true,
  skipUnchanged: false,
  flashNeeded: 0x400000,
}
export const plan: SessionPlan = { ...planOfPresentBoard, connectPlan: PROBE_PLAN }

export interface WatchedRun extends FlashJob<RunEnd> {
  readonly found: Promise<void>
  /** Its first byte goes to flash. */
  readonly writes: Promise<void>
}

export interface Line {
  readonly bench: Bench
  readonly workers: FlashWorkers
  run(slot: number, own: Region, change?: Partial<SessionPlan>): WatchedRun
  /** Expects the board to be there already. */
  runNow(slot: number, own: Region, change?: Partial<SessionPlan>): WatchedRun
  close(): Promise<void>
}

/** Flash workers on a simulated bench, with a release of these regions loaded. */
export const openLine = async (options: BenchOptions, common: readonly Region[], threads = 2): Promise<Line> => {
  const bench = openBench(options)
  const workers = startFlashWorkers(
    threads,
    () => {
      const port = bench.connect()
      return { source: { kind: 'simulated', bench: port }, transfer: [port] }
    },
    { factor: 1 / options.pace },
  )
  await workers.loadRelease('release', common, quickDeflate)
  const start = (slot: number, own: Region, jobPlan: SessionPlan): WatchedRun => {
    const found = Promise.withResolvers<void>()
    const writes = Promise.withResolvers<void>()
    const job = workers.run(slot, slotPath(slot), jobPlan, 'release', {
      waiting: () => undefined,
      found: found.resolve,
      step(step) {
        if (step === 'write') writes.resolve()
      },
      progress: () => undefined,
      log: () => undefined,
      identified: () => Promise.resolve([own]),
    })
    return { ...job, found: found.promise, writes: writes.promise }
  }
  let closing: Promise<void> | undefined
  return {
    bench,
    workers,
    run: (slot, own, change = {}) => start(slot, own, { ...plan, ...change }),
    runNow: (slot, own, change = {}) => start(slot, own, { ...planOfPresentBoard, ...change }),
    close: () => (closing ??= workers.close().then(() => bench.close())),
  }
}
