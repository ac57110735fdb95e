import { afterEach, describe, expect, test } from 'vitest'
import { startFlashWorkers, type FlashWorkers, type RunEnd } from '../../src/main/flashing/workers/flash-workers.ts'
import { quickDeflate, type Region } from '../../src/main/flashing/images/prepare.ts'
import type { SessionPlan } from '../../src/main/flashing/session/session.ts'
import { PROBE_PLAN } from '../../src/main/flashing/loader/connect.ts'
import { openBench, type Bench } from '../../src/main/simulator/bench.ts'
import { slotPath } from '../../src/main/simulator/bench-protocol.ts'

const MAC = 'AA:BB:CC:00:00:01'
const pattern = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * seed + (index >> 7) * 13) & 0xff)

const common: Region[] = [
  { name: 'bootloader', offset: 0, bytes: pattern(0x3001, 7) },
  { name: 'app', offset: 0x10000, bytes: pattern(90_000, 31) },
]
const own: Region = { name: 'fctry', offset: 0x3e0000, bytes: pattern(0x6000, 3) }
const plan: SessionPlan = {
  chip: 'esp32c3',
  baud: 921_600,
  useStub: true,
  skipUnchanged: false,
  connectPlan: PROBE_PLAN,
  flashNeeded: 0x400000,
}

let bench: Bench
let workers: FlashWorkers
afterEach(async () => {
  await workers.close()
  await bench.close()
})

const start = async (slots = 1): Promise<void> => {
  bench = openBench({ slots, chip: 'esp32c3', pace: Infinity })
  workers = startFlashWorkers(
    1,
    () => {
      const port = bench.connect()
      return { source: { kind: 'simulated', bench: port }, transfer: [port] }
    },
    { factor: 0 },
  )
  await workers.loadRelease('release', common, quickDeflate)
  await bench.insert(1, { mac: MAC, faults: [] })
}

const program = (
  seat: number,
  change: Partial<SessionPlan> = {},
): { ended: Promise<RunEnd>; macs: (string | null)[] } => {
  const macs: (string | null)[] = []
  const job = workers.run(seat, slotPath(seat), { ...plan, ...change }, 'release', {
    waiting: () => undefined,
    found: () => undefined,
    step: () => undefined,
    progress: () => undefined,
    log: () => undefined,
    identified: (board) => {
      macs.push(board.mac)
      return Promise.resolve([own])
    },
  })
  return { ended: job.ended, macs }
}

describe('programming a simulated board', () => {
  test.each([true, false])('stub %s: every region is on the flash and was read back', async (useStub) => {
    await start()
    const { ended, macs } = program(1, { useStub })
    const end = await ended
    expect(end).toMatchObject({ ok: true })
    expect(macs).toEqual([MAC])
    const flash = (await bench.flashOf(MAC)) ?? new Uint8Array()
    for (const { offset, bytes } of [...common, own])
      expect(Buffer.from(flash.subarray(offset, offset + bytes.length)).equals(bytes)).toBe(true)
    if (end.ok) expect(end.result.regions.every((region) => region.verified)).toBe(true)
  })

  test('a run that is cancelled while it waits releases its port', async () => {
    await start(2)
    const job = workers.run(2, slotPath(2), plan, 'release', {
      waiting: () => undefined,
      found: () => undefined,
      step: () => undefined,
      progress: () => undefined,
      log: () => undefined,
      identified: () => Promise.resolve([own]),
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    job.cancel()
    expect(await job.ended).toMatchObject({ ok: false, failure: { code: 'stopped' } })
    await bench.insert(2, { mac: 'AA:BB:CC:00:00:02', faults: [] })
    expect(await program(2).ended).toMatchObject({ ok: true })
  })
})
