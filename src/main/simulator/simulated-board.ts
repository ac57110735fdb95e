/** A board on the bench: a chip, its flash, and the faults it was given. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ChipName } from '../espressif/chips.ts'
import { makeFolder } from '../make-folder.ts'
import { createFaultBook, type FaultBook } from './faults.ts'
import { createFlashMemory, type FlashMemory } from './flash-memory.ts'
import { createFaultyLine } from './line-faults.ts'
import { createSimulatedChip, type SimulatedChip } from './simulated-chip.ts'
import type { Board } from './bench-protocol.ts'
import type { SimulatedClock } from './pace.ts'

const FLASH_SIZE = 0x400000
const SMALL_FLASH = 0x80000
/** Bytes programmed until the power goes. */
const POWER_LASTS = 0x8000
/** The contact closes again after so many milliseconds, and the board starts anew. */
const POWER_OFF_FOR = 300

/** 10 kΩ and 1 µF at EN, as on Espressif's boards, milliseconds to the threshold, about. */
const EN_RISE = 5

/** What a flooding board says in so many milliseconds, at 115,200 baud; delimiters of frames are in it. */
const FLOOD_PAUSE = 20
const FLOOD = Uint8Array.from({ length: 230 }, (_, at) => (at % 23 === 0 ? 0xc0 : (at * 37) & 0xff))

export interface SimulatedBoard {
  readonly mac: string
  readonly flash: FlashMemory
  readonly faults: FaultBook
  /** Takes bytes from the host. */
  receive(bytes: Uint8Array): void
  setLines(lines: { dtr: boolean; rts: boolean }): void
  /** A pulse on EN, as the chip's own USB gives it. */
  reset(intoLoader: boolean): void
  powerOn(): void
  powerOff(): void
  baud(): number
  mode(): ReturnType<SimulatedChip['mode']>
  resets(): number
  close(): void
}

export interface BoardOptions {
  readonly chip: ChipName
  readonly directory?: string | undefined
  readonly flashSize?: number | undefined
  /** Every reset leads into the loader. */
  readonly bootPinLow?: boolean
  /** Old content stands everywhere in its flash. */
  readonly usedFlash?: boolean
  /** Its flash tells its parameters. */
  readonly sfdp?: boolean
  /** Called at each reset, before the chip says anything. */
  readonly onReset?: () => void
}

export const flashFile = (directory: string, mac: string): string => join(directory, `${mac.replaceAll(':', '-')}.bin`)

/** The flash as the chip sees it when it, or the power, is at fault. */
const faultyFlash = (
  flash: FlashMemory,
  faults: FaultBook,
  losePower: () => void,
): FlashMemory & { forget(): void } => {
  let programmed = 0
  return {
    ...flash,
    forget() {
      programmed = 0
    },
    program(offset, bytes) {
      programmed += bytes.length
      if (offset >= 0x1000 && faults.shows('flash-write-error')) throw new Error('the flash reports an error')
      if (programmed > POWER_LASTS && faults.shows('power-lost')) {
        flash.program(offset, bytes.subarray(0, bytes.length >> 1))
        losePower()
      } else if (offset >= 0x1000 && faults.shows('digest-mismatch')) {
        const wrong = Uint8Array.from(bytes)
        wrong[0] = (wrong[0] ?? 0) & 0x7e
        wrong[1] = (wrong[1] ?? 0) & 0xf0
        flash.program(offset, wrong)
      } else flash.program(offset, bytes)
    },
  }
}

/** @param send takes the board's bytes for the host */
export const createBoard = (
  board: Board,
  options: BoardOptions,
  clock: SimulatedClock,
  send: (bytes: Uint8Array) => void,
): SimulatedBoard => {
  const faults = createFaultBook(board.faults)
  if (options.directory) makeFolder(options.directory)
  const size = faults.has('wrong-flash-size') ? SMALL_FLASH : (options.flashSize ?? FLASH_SIZE)
  const flash = createFlashMemory(size, options.directory && flashFile(options.directory, board.mac))
  if (options.usedFlash) flash.program(0, new Uint8Array(size))
  let closed = false
  const powerOn = (): void => {
    if (!closed) chip.powerOn()
  }
  const faulty = faultyFlash(flash, faults, () => {
    chip.powerOff()
    void clock.wait(POWER_OFF_FOR).then(powerOn)
  })
  let flooding = false
  /** Speaks without a pause until the next reset, as fast as the wire takes it. */
  const flood = async (reset: number): Promise<void> => {
    await clock.wait(FLOOD_PAUSE)
    while (flooding && !closed && chip.resets() === reset + 1) {
      send(FLOOD)
      await (clock.runs ? clock.wait(FLOOD_PAUSE) : delay(1))
    }
  }
  const otherChip = options.chip === 'esp32' ? 'esp32c3' : 'esp32'
  const chip: SimulatedChip = createSimulatedChip({
    chip: faults.has('wrong-chip') ? otherChip : options.chip,
    mac: board.mac,
    flash: faulty,
    sfdp: options.sfdp ?? false,
    secureBoot: faults.has('secure-boot'),
    flashEncrypted: faults.has('flash-encrypted'),
    secureDownload: faults.has('secure-download'),
    bootPinLow: options.bootPinLow ?? false,
    missesLoader: () => flooding || faults.shows('boot-loop'),
    stubFails: () => faults.shows('stub-fails'),
    firmwareFails: () => faults.shows('no-boot'),
    onReset() {
      options.onReset?.()
      faults.runBegins()
      faulty.forget()
      line.reset()
      flooding = faults.shows('flood')
      if (flooding) void flood(chip.resets())
    },
    enRise: EN_RISE,
    work: clock.wait,
    now: clock.now,
    send: (bytes) => line.toHost(bytes),
  })
  const line = createFaultyLine(faults, clock, (bytes) => chip.receive(bytes), send)
  return {
    mac: board.mac,
    flash,
    faults,
    receive: (bytes) => line.toChip(bytes),
    setLines: (lines) => chip.setLines(lines),
    reset: (intoLoader) => chip.reset(intoLoader),
    powerOn,
    powerOff: () => chip.powerOff(),
    baud: () => chip.baud(),
    mode: () => chip.mode(),
    resets: () => chip.resets(),
    close() {
      closed = true
      chip.powerOff()
      flash.close()
    },
  }
}
