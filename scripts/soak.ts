/**
 * `npm run soak`: many boards with random faults on 32 simulated slots, the clock sped up. Every unit has to end in a defined state,
 * and nothing may be left behind: no open port, no timer, no growing memory.
 */
import { fileURLToPath } from 'node:url'
import { PROBE_PLAN } from '../src/main/flashing/loader/connect.ts'
import { startFlashWorkers, type RunEnd } from '../src/main/flashing/workers/flash-workers.ts'
import { quickDeflate, type Region } from '../src/main/flashing/images/prepare.ts'
import { openBench } from '../src/main/simulator/bench.ts'
import { slotPath } from '../src/main/simulator/bench-protocol.ts'
import { FAULT_NAMES, type FaultSpec } from '../src/main/simulator/faults.ts'

export interface SoakOptions {
  readonly units: number
  readonly slots: number
  /** Names the run: the same seed gives the same faults. */
  readonly seed: number
  /** Simulated seconds in one of ours. */
  readonly pace: number
}

export interface SoakResult {
  /** How many units ended in each state, `pass` or a failure's code. */
  readonly ends: Readonly<Record<string, number>>
  readonly runs: number
  /** Passed units whose flash is not byte for byte what was to be written. */
  readonly wrong: readonly string[]
  /** Slots that were still open at the end. */
  readonly openPorts: number
  /** Kinds of resources that are there after the run and were not before it. */
  readonly leaked: readonly string[]
  /** Growth of the heap after a first tenth of the units, bytes. */
  readonly heapGrowth: number
  readonly seconds: number
}

/** A board in three is faulty. */
const FAULTY = 1 / 3
const ATTEMPTS = 3
const APP_SIZE = 60_000

const random = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const macOf = (unit: number): string => {
  const digits = unit.toString(16).toUpperCase().padStart(6, '0')
  return ['AA', 'BB', 'CC', digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)].join(':')
}

const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const counted = (items: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

export const soak = async (options: SoakOptions): Promise<SoakResult> => {
  const { units, slots, seed, pace } = options
  const startedAt = performance.now()
  // The first worker would open this process's own outputs; where they are pipes, that is nothing that a run leaves behind.
  process.stdout.write('')
  process.stderr.write('')
  const resourcesBefore = counted(process.getActiveResourcesInfo())
  const next = random(seed)
  const app: Region = { name: 'app', offset: 0x10000, bytes: Uint8Array.from({ length: APP_SIZE }, () => next() * 256) }
  const ownOf = (unit: number): Region => ({
    name: 'fctry',
    offset: 0x3e0000,
    bytes: new Uint8Array(0x1000).fill(unit & 0xff),
  })
  const bench = openBench({ slots, chip: 'esp32c3', pace })
  const workers = startFlashWorkers(
    2,
    () => {
      const port = bench.connect()
      return { source: { kind: 'simulated', bench: port }, transfer: [port] }
    },
    { factor: 1 / pace },
  )
  await workers.loadRelease('release', [app], quickDeflate)

  const ends: Record<string, number> = {}
  const wrong: string[] = []
  let runs = 0
  let taken = 0
  let heapAfterStart = 0

  const faultsOf = (): FaultSpec[] => {
    if (next() > FAULTY) return []
    const name = FAULT_NAMES[Math.floor(next() * FAULT_NAMES.length)] ?? 'no-answer'
    return [{ name, unit: 1, times: 1 + Math.floor(next() * ATTEMPTS) }]
  }
  const program = async (slot: number, unit: number, attempt: number): Promise<RunEnd> => {
    runs++
    const plan = { chip: 'esp32c3', baud: 921_600, useStub: true, flashNeeded: 0x400000 } as const
    const job = workers.run(
      slot,
      slotPath(slot),
      // What has to be plugged in again is waited for; a board that never answers is taken for failed at the first try.
      { ...plan, skipUnchanged: attempt > 1, ...(attempt > 1 ? { connectPlan: PROBE_PLAN } : {}) },
      'release',
      {
        waiting: () => undefined,
        found: () => undefined,
        step: () => undefined,
        progress: () => undefined,
        log: () => undefined,
        identified: () => Promise.resolve([ownOf(unit)]),
      },
    )
    return job.ended
  }
  const checkFlash = async (unit: number): Promise<void> => {
    const flash = (await bench.flashOf(macOf(unit))) ?? new Uint8Array()
    for (const { offset, bytes } of [app, ownOf(unit)])
      if (!Buffer.from(flash.subarray(offset, offset + bytes.length)).equals(bytes)) wrong.push(macOf(unit))
  }
  const runSlot = async (slot: number): Promise<void> => {
    for (let unit = ++taken; unit <= units; unit = ++taken) {
      if (unit === Math.ceil(units / 10)) heapAfterStart = heap()
      await bench.insert(slot, { mac: macOf(unit), faults: faultsOf() })
      let end = await program(slot, unit, 1)
      for (let attempt = 2; attempt <= ATTEMPTS && !end.ok && mayRetry(end.failure.code); attempt++)
        end = await program(slot, unit, attempt)
      const state = end.ok ? 'pass' : end.failure.code
      ends[state] = (ends[state] ?? 0) + 1
      if (end.ok) await checkFlash(unit)
      const removal = workers.awaitRemoval(slot, slotPath(slot), macOf(unit))
      await bench.remove(slot)
      await removal.ended
    }
  }
  await Promise.all(Array.from({ length: slots }, (_, index) => runSlot(index + 1)))
  const heapGrowth = heap() - heapAfterStart
  const openPorts = await bench.openPorts()
  await workers.close()
  await bench.close()
  const leaked = [...counted(process.getActiveResourcesInfo())]
    .filter(([kind, count]) => count > (resourcesBefore.get(kind) ?? 0))
    .map(([kind]) => kind)
  return { ends, runs, wrong, openPorts, leaked, heapGrowth, seconds: (performance.now() - startedAt) / 1000 }
}

const WORTH_ANOTHER_RUN = new Set([
  'port-busy',
  'port-lost',
  'baud-unsupported',
  'stub-not-started',
  'link-unreliable',
  'no-progress',
  'write-refused',
  'digest-mismatch',
])
const mayRetry = (code: string): boolean => WORTH_ANOTHER_RUN.has(code)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const units = Number(process.argv[2] ?? 1000)
  const result = await soak({ units, slots: 32, seed: Number(process.argv[3] ?? 1), pace: 100 })
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
  const ended = Object.values(result.ends).reduce((sum, count) => sum + count, 0)
  if (ended !== units || result.wrong.length > 0 || result.openPorts > 0 || result.leaked.length > 0)
    process.exitCode = 1
}
