/** Boards on their own USB: the port goes away at each reset and comes back, and not every reset leads out of the loader. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Link } from '../../src/main/flashing/links/link.ts'
import type { BoardFacts, SecurityState } from '../../src/main/flashing/loader/identify.ts'
import type { Loader } from '../../src/main/flashing/loader/loader.ts'
import type { SessionPlan } from '../../src/main/flashing/session/session-plan.ts'
import { refuseUnheard } from '../../src/main/flashing/session/start-application.ts'
import type { Region } from '../../src/main/flashing/images/prepare.ts'
import { slotPath, type BenchOptions } from '../../src/main/simulator/bench-protocol.ts'
import { app, macOf, openLine, type Line } from './simulated-line.ts'

const own: Region = { name: 'fctry', offset: 0x3e0000, bytes: new Uint8Array(0x1000).fill(7) }
const common: Region[] = [
  { name: 'bootloader', offset: 0, bytes: Uint8Array.of(0xe9, 0, 0, 0) },
  { ...app, bytes: app.bytes.subarray(0, 60_000) },
]

let line: Line
afterEach(() => line.close())

const open = async (options: Partial<BenchOptions>): Promise<void> => {
  line = await openLine({ slots: 1, chip: 'esp32c3', pace: 20, ...options }, common)
}
/** Puts a board in and waits until the system has found its port. */
const plugIn = async (): Promise<void> => {
  await line.bench.insert(1, { mac: macOf(1), faults: [] })
  await new Promise((resolve) => setTimeout(resolve, 100))
}
const modeAfter = async (): Promise<string | undefined> => (await line.bench.stateOf(1))?.mode

describe('USB-Serial/JTAG', () => {
  test('a board that is there is written, though its port goes away at the reset', async () => {
    await open({ ownUsb: 'serial-jtag' })
    await plugIn()
    expect(await line.runNow(1, own).ended).toMatchObject({ ok: true, result: { board: { mac: macOf(1) } } })
    expect(await modeAfter()).toBe('application')
  })

  test('a board that is plugged in is found, and its removal is noticed, by its port alone', async () => {
    // So slow that the port is looked for more than once while it is away.
    await open({ ownUsb: 'serial-jtag', pace: 2 })
    const run = line.run(1, own)
    await line.bench.insert(1, { mac: macOf(1), faults: [] })
    expect(await run.ended).toMatchObject({ ok: true })
    let gone = false
    const removal = line.workers.awaitRemoval(1, slotPath(1), macOf(1))
    void removal.ended.then(() => (gone = true))
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(gone).toBe(false)
    await line.bench.remove(1)
    await removal.ended
  })
})

describe('USB that software drives', () => {
  test.each(['esp32s2', 'esp32s3', 'esp32p4'] as const)('%s: the watchdog starts the application', async (chip) => {
    await open({ chip, ownUsb: 'otg' })
    await plugIn()
    // The bootloader of some lies elsewhere; whether it runs is no matter here.
    expect(await line.runNow(1, own, { chip }).ended).toMatchObject({ ok: true })
    expect(await modeAfter()).toBe('application')
  })

  test('its reset line does not: a person who wants that finds the board in its loader', async () => {
    await open({ chip: 'esp32s3', ownUsb: 'otg' })
    await plugIn()
    expect(await line.runNow(1, own, { chip: 'esp32s3', startBy: 'reset' }).ended).toMatchObject({ ok: true })
    expect(await modeAfter()).toBe('stub')
  })
})

test.each([
  ['esp32c3', true],
  ['esp32c3', false],
  ['esp32c6', true],
] as const)('behind an adapter %s is started by its watchdog where it has one, stub %s', async (chip, useStub) => {
  await open({ chip })
  await plugIn()
  const end = await line.runNow(1, own, { chip, useStub, startBy: 'watchdog' }).ended
  expect(end).toMatchObject({ ok: true })
  expect(await modeAfter()).toBe('application')
})

describe('what the firmware says', () => {
  const bootText = 'app_main'

  test('is refused over a port that goes away with the reset, before anything is written', async () => {
    await open({ ownUsb: 'serial-jtag' })
    await plugIn()
    expect(await line.runNow(1, own, { bootText }).ended).toMatchObject({
      ok: false,
      board: 'call-engineer',
      failure: {
        code: 'boot-unheard',
        step: 'identify',
        detail: expect.stringMatching(/the chip's own USB/u) as string,
      },
    })
    const flash = await line.bench.flashOf(macOf(1))
    expect(flash?.every((byte) => byte === 0xff)).toBe(true)
  })

  const heard = (port: Partial<Link>, startBy?: 'watchdog', security: Partial<SecurityState> = {}): boolean => {
    const link = { address: 'port', hasLines: () => true, ownUsb: undefined, ...port }
    const board = { chip: 'esp32c3', security: { secureDownload: false, ...security } } as BoardFacts
    try {
      refuseUnheard({ link, step: 'identify' } as Loader, board, { bootText, startBy } as SessionPlan)
      return true
    } catch (error) {
      expect(error).toMatchObject({ code: 'boot-unheard' })
      return false
    }
  }

  test('can be waited for where the port stays and something starts the application', () => {
    const noLines = { hasLines: () => false }
    expect(heard({})).toBe(true)
    expect(heard(noLines)).toBe(false)
    expect(heard(noLines, 'watchdog')).toBe(true)
    expect(heard(noLines, 'watchdog', { secureDownload: true })).toBe(false)
    expect(heard({ ownUsb: 'otg' }, 'watchdog')).toBe(false)
  })
})
