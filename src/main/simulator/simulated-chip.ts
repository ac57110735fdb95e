/**
 * One simulated chip: bytes in, bytes out, two control lines, a flash that lasts. It is either running its application or in its
 * loader, ROM or stub.
 */
import { createHash } from 'node:crypto'
import { CHIPS, type ChipName } from '../espressif/chips.ts'
import type { FlashMemory } from './flash-memory.ts'
import { createFrameCutter } from './frame-cutter.ts'
import { readRequest, word, type Outcome } from './loader-packet.ts'
import { createRegisters, type Registers, type Silicon } from './registers.ts'
import { createRomLoader, type RomLoader } from './rom-loader.ts'
import { createStubLoader, type StubLoader } from './stub-loader.ts'

export interface ChipOptions {
  readonly chip: ChipName
  /** `AA:BB:CC:DD:EE:FF` */
  readonly mac: string
  readonly flash: FlashMemory
  readonly secureBoot?: boolean
  readonly flashEncrypted?: boolean
  readonly secureDownload?: boolean
  /** Its flash tells its parameters (SFDP); that of the recorded chips does not. */
  readonly sfdp?: boolean
  /** The boot pin is tied low: every reset leads into the loader. */
  readonly bootPinLow?: boolean
  /** Asked at each reset into the loader: does the chip start its application all the same? */
  readonly missesLoader?: () => boolean
  /** Asked when a stub is started: does it hang? */
  readonly stubFails?: () => boolean
  /** Asked at each start of the application: does it fail to start? */
  readonly firmwareFails?: () => boolean
  /** Called at each reset, before the chip says anything. */
  readonly onReset?: () => void
  /** EN, let go, takes so many milliseconds of the device's to rise past its capacitor, and only then is the boot pin read. */
  readonly enRise?: number
  /** Waits so many milliseconds of the device's time. */
  readonly work: (milliseconds: number) => Promise<void>
  /** The device's clock, milliseconds. */
  readonly now: () => number
  /** Bytes for the host, as they leave the chip. */
  readonly send: (bytes: Uint8Array) => void
}

export interface SimulatedChip {
  receive(bytes: Uint8Array): void
  setLines(lines: { dtr: boolean; rts: boolean }): void
  /** Power comes on: into what the control lines say at that moment, or not at all while they hold it in reset. */
  powerOn(): void
  /** Pulse on EN; the boot pin decides where it goes. */
  reset(intoLoader: boolean): void
  /** The chip's own rate; bytes at another arrive as noise. */
  baud(): number
  mode(): 'rom' | 'stub' | 'application' | 'off'
  resets(): number
  powerOff(): void
}

const ROM_BAUD = 115_200
/** Until the watchdog bites, as the flasher sets it, milliseconds. */
const WATCHDOG_TIME = 15
const END = 0xc0

const frameBytes = (payload: Uint8Array): Uint8Array => {
  const out: number[] = [END]
  for (const byte of payload)
    if (byte === END) out.push(0xdb, 0xdc)
    else if (byte === 0xdb) out.push(0xdb, 0xdd)
    else out.push(byte)
  out.push(END)
  return Uint8Array.from(out)
}

const IMAGE_MAGIC = 0xe9
const STARTED = 'I (24) boot: ESP-IDF 2nd stage bootloader\r\nI (310) main_task: Calling app_main()\r\n'
const NOT_STARTED = 'invalid header: 0xffffffff\r\ninvalid header: 0xffffffff\r\n'

const romText = (chip: ChipName, loader: boolean): string => {
  const where = loader ? 'waiting for download\r\n' : ''
  if (chip === 'esp32')
    return `ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:${loader ? '0xf (UART_BOOT(UART0))' : '0x13 (SPI_FAST_FLASH_BOOT)'}\r\n${where}`
  return `ESP-ROM:${chip}-api1-20210207\r\nBuild:Feb  7 2021\r\nrst:0x1 (POWERON),boot:${loader ? '0x2 (UART0_BOOT)' : '0xc (SPI_FAST_FLASH_BOOT)'}\r\n${loader ? 'wait uart0 download\r\n' : ''}`
}

/** Every simulated chip has a flash encryption key of its own. */
export const flashKeyOf = (mac: string): Uint8Array => createHash('sha256').update(`flash key of ${mac}`).digest()

export const createSimulatedChip = (options: ChipOptions): SimulatedChip => {
  const chip = CHIPS[options.chip]
  const { flash, send, work, now } = options
  const silicon: Silicon & { secureDownload: boolean } = {
    chip,
    mac: Uint8Array.from(options.mac.split(':').map((part) => Number.parseInt(part, 16))),
    jedecId: 0x40c8 | (Math.round(Math.log2(flash.size)) << 16),
    sfdp: options.sfdp ?? false,
    secureBoot: options.secureBoot ?? false,
    flashEncrypted: options.flashEncrypted ?? false,
    flashKey: flashKeyOf(options.mac),
    secureDownload: options.secureDownload ?? false,
  }
  const cutter = createFrameCutter()
  let mode: 'rom' | 'stub' | 'application' | 'off' = 'off'
  let baud = ROM_BAUD
  let registers: Registers
  let rom: RomLoader
  let stub: StubLoader
  let lines = { dtr: false, rts: false }
  /** EN is let go and rises: what ends that, and when. */
  let rising: { readonly until: number; readonly end: () => void } | undefined
  /** Grows with every reset, so that what was begun before it says nothing after it. */
  let life = 0
  let poweredOff = false
  let resets = 0
  let queue: Promise<void> = Promise.resolve()
  let waiting = 0

  /** Is there a bootloader where the ROM looks for one, and does it run? */
  const boots = (): boolean =>
    flash.read(chip.bootloaderOffset, 1)[0] === IMAGE_MAGIC && options.firmwareFails?.() !== true

  const reset = (bootPinIsLow: boolean): void => {
    poweredOff = false
    options.onReset?.()
    const wanted = bootPinIsLow || options.bootPinLow === true
    const intoLoader = wanted && options.missesLoader?.() !== true
    life++
    resets++
    waiting = 0
    queue = Promise.resolve()
    baud = ROM_BAUD
    cutter.reset()
    mode = intoLoader ? 'rom' : 'application'
    registers = createRegisters(silicon)
    rom = createRomLoader(silicon, registers, flash)
    stub = createStubLoader(registers, flash, now)
    send(Buffer.from(romText(options.chip, intoLoader), 'latin1'))
    if (!intoLoader) send(Buffer.from(boots() ? STARTED : NOT_STARTED, 'latin1'))
  }

  const finish = async (outcome: Outcome, born: number): Promise<void> => {
    if (outcome.before) await work(outcome.before)
    if (born !== life) return
    for (const payload of outcome.answers) send(frameBytes(payload))
    if (outcome.baud) baud = outcome.baud
    if (outcome.then === 'start-stub') {
      mode = 'stub'
      registers.stubStarts()
      if (options.stubFails?.()) mode = 'off'
      else send(frameBytes(Buffer.from('OHAI', 'latin1')))
    } else if (outcome.then === 'reboot') reset(false)
    else if (outcome.then === 'watchdog')
      void work(WATCHDOG_TIME).then(() => {
        if (born === life) reset(lines.dtr && !lines.rts)
      })
    const after = await outcome.after
    if (after) await work(after)
  }

  const serve = async (frame: Uint8Array, born: number): Promise<void> => {
    if (born !== life) return
    const transfer = mode === 'stub' ? stub.transfer() : undefined
    if (transfer) {
      for (const payload of transfer.acknowledge(word(frame, 0))) send(frameBytes(payload))
      return
    }
    const request = readRequest(frame)
    if (!request) return
    await finish(await (mode === 'stub' ? stub : rom).handle(request), born)
  }

  return {
    powerOn() {
      poweredOff = false
      if (lines.rts && !lines.dtr) mode = 'off'
      else reset(lines.dtr && !lines.rts)
    },
    reset,
    baud: () => baud,
    mode: () => mode,
    resets: () => resets,
    receive(bytes) {
      if (mode === 'off' || mode === 'application') return
      // Acknowledgements of READ_FLASH are one bare word, and come as they like; all else has a header.
      const reading = mode === 'stub' && stub.transfer() !== undefined
      const frames = cutter.push(bytes, reading ? 4 : 8)
      // The stub has one buffer to fill while it works; of several frames in one piece it sees the first.
      const taken = mode === 'stub' && !reading ? frames.slice(0, 1) : frames
      for (const frame of taken) {
        if (mode === 'stub' && !reading && waiting >= 2) return
        waiting++
        const born = life
        queue = queue
          .then(() => serve(frame, born))
          .finally(() => {
            if (born === life) waiting--
          })
      }
    },
    setLines(next) {
      // RTS alone holds EN low; DTR alone holds the boot pin low. Both together pull neither (two transistors).
      const heldBefore = lines.rts && !lines.dtr
      const held = next.rts && !next.dtr
      // A busy host calls timers late: by its own clock the chip has read its boot pin before this change.
      if (rising && now() > rising.until) rising.end()
      lines = next
      // Held again before it has risen, it does not start.
      if (held) rising = undefined
      if (!heldBefore || held) return
      const wait = options.enRise ?? 0
      const mine = {
        until: now() + wait,
        end() {
          if (rising !== mine) return
          rising = undefined
          if (!poweredOff) reset(lines.dtr && !lines.rts)
        },
      }
      rising = mine
      void work(wait).then(mine.end)
    },
    powerOff() {
      life++
      poweredOff = true
      rising = undefined
      mode = 'off'
    },
  }
}
