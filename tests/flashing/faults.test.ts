/** Every fault of the bench: it ends in a pass after the retries that the line permits, or in a failure of a known kind; never in a hang. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RunFailure } from '../../src/main/flashing/failure.ts'
import type { RunEnd } from '../../src/main/flashing/workers/flash-workers.ts'
import type { Region } from '../../src/main/flashing/images/prepare.ts'
import type { SessionPlan } from '../../src/main/flashing/session/session.ts'
import { FAULT_NAMES, parseFault, type FaultName } from '../../src/main/simulator/faults.ts'
import { app, macOf, openLine, type Line } from './simulated-line.ts'

const own: Region = { name: 'fctry', offset: 0x3e0000, bytes: new Uint8Array(0x3000).fill(7) }
const common: Region[] = [
  { name: 'bootloader', offset: 0, bytes: Uint8Array.of(0xe9, 0, 0, 0) },
  { ...app, bytes: app.bytes.subarray(0, 120_000) },
]
/** As the line does: so many runs, each of which leaves alone what is right already. */
const RUNS = 3

/** What a run ends in when the fault shows itself in every run. */
const ALWAYS: Readonly<Record<FaultName, string>> = {
  'wrong-chip': 'wrong-chip in identify',
  'wrong-flash-size': 'wrong-flash-size in identify',
  'secure-boot': 'security-differs in identify',
  'flash-encrypted': 'security-differs in identify',
  'secure-download': 'security-differs in identify',
  'no-answer': 'no-answer in connect',
  'late-answer': 'pass',
  noise: 'pass',
  'boot-loop': 'no-answer in connect',
  flood: 'no-answer in connect',
  'stub-fails': 'stub-not-started in bind',
  'dropped-byte': 'pass',
  'flipped-bit': 'pass',
  'duplicated-answer': 'pass',
  'stalled-answer': 'pass',
  'flash-write-error': 'write-refused in write',
  'digest-mismatch': 'digest-mismatch in verify',
  'power-lost': 'no-progress in write',
  'no-boot': 'not-booting in verify',
  'usb-unplugged': 'port-lost in write',
  'port-busy': 'port-busy in connect',
  'baud-refused': 'baud-unsupported in identify',
}

/** The run in which a board passes whose fault shows itself once. */
const ONCE: readonly (readonly [FaultName, number])[] = [
  ['no-answer', 1],
  ['late-answer', 1],
  ['noise', 1],
  ['boot-loop', 1],
  ['flood', 1],
  ['dropped-byte', 1],
  ['flipped-bit', 1],
  ['duplicated-answer', 1],
  ['stalled-answer', 1],
  ['stub-fails', 2],
  ['flash-write-error', 2],
  ['digest-mismatch', 2],
  ['power-lost', 2],
  ['no-boot', 2],
  ['usb-unplugged', 2],
  ['port-busy', 2],
  ['baud-refused', 2],
]

const WIRE_FAULTS = ['dropped-byte', 'flipped-bit', 'duplicated-answer', 'stalled-answer'] as const

/** All of them side by side on one bench, each on a board of its own. */
interface Case {
  readonly fault: string
  readonly runs: number
  readonly change: Partial<SessionPlan>
}
const CASES: readonly Case[] = [
  ...FAULT_NAMES.map((name) => ({ fault: name, runs: 1, change: {} })),
  ...ONCE.map(([name]) => ({ fault: `${name}:times=1`, runs: RUNS, change: {} })),
  ...WIRE_FAULTS.map((name) => ({ fault: `${name}:times=1`, runs: 1, change: { useStub: false } })),
]

let line: Line
let endsOf: (RunEnd[] | undefined)[]
beforeAll(async () => {
  line = await openLine({ slots: CASES.length, chip: 'esp32c3', pace: 20 }, common)
  endsOf = await Promise.all(
    CASES.map(async ({ fault, runs, change }, index) => {
      await line.bench.insert(index + 1, { mac: macOf(index + 1), faults: [parseFault(fault)] })
      const ends: RunEnd[] = []
      for (let run = 0; run < runs; run++) {
        // The first run expects its board; a further one waits for it, as it may have to be plugged in again.
        const start = run === 0 ? line.runNow : line.run
        const end = await start(index + 1, own, { bootText: 'app_main', ...change, skipUnchanged: run > 0 }).ended
        ends.push(end)
        if (end.ok) break
      }
      return ends
    }),
  )
})
afterAll(() => line.close())

const outcome = (end: RunEnd | undefined): string =>
  end === undefined ? 'nothing' : end.ok ? 'pass' : `${end.failure.code} in ${end.failure.step}`

const indexOf = (fault: string, change: Partial<SessionPlan> = {}): number =>
  CASES.findIndex((item) => item.fault === fault && item.change.useStub === change.useStub)

test.each(FAULT_NAMES)('%s, every time', (name) => {
  const index = indexOf(name)
  const end = endsOf[index]?.[0]
  expect(outcome(end)).toBe(ALWAYS[name])
  if (end?.ok !== false) return
  const failure = new RunFailure(end.failure.code, end.failure.step, end.failure.detail)
  expect(failure.help).not.toBe('')
  expect(failure.message).toContain(`sim:slot-${index + 1}`)
})

describe('a fault that shows itself once: the board passes in run', () => {
  test.each(ONCE)('%s: %i', async (name, run) => {
    const index = indexOf(`${name}:times=1`)
    expect(endsOf[index]?.map(outcome).at(-1)).toBe('pass')
    expect(endsOf[index]).toHaveLength(run)
    const flash = (await line.bench.flashOf(macOf(index + 1))) ?? new Uint8Array()
    for (const { offset, bytes } of [...common, own])
      expect(Buffer.from(flash.subarray(offset, offset + bytes.length)).equals(bytes)).toBe(true)
  })
})

describe('without a stub the region is begun again', () => {
  test.each(WIRE_FAULTS)('%s', (name) => {
    expect(endsOf[indexOf(`${name}:times=1`, { useStub: false })]?.map(outcome)).toEqual(['pass'])
  })
})
