/** A board on the bench: a chip, its flash, and the faults it was given. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ChipName } from '../espressif/chips.ts'
import { createFlashMemory, type FlashMemory } from './flash-memory.ts'
import { createSimulatedChip, type SimulatedChip } from './simulated-chip.ts'
import type { Board } from './bench-protocol.ts'
import type { FaultSpec } from './faults.ts'
import type { SimulatedClock } from './pace.ts'

const FLASH_SIZE = 0x400000
const SMALL_FLASH = 0x80000
/** Bytes programmed until the power goes. */
const POWER_LASTS = 0x8000

export interface SimulatedBoard {
  readonly chip: SimulatedChip
  readonly flash: FlashMemory
  /** Counts down the faults that last for some runs only. */
  runBegins(): void
  close(): void
}

export const flashFile = (directory: string, mac: string): string => join(directory, `${mac.replaceAll(':', '-')}.bin`)

export const createBoard = (
  board: Board,
  chipName: ChipName,
  clock: SimulatedClock,
  send: (bytes: Uint8Array) => void,
  options: { directory: string | undefined; flashSize: number | undefined },
): SimulatedBoard => {
  const left = new Map<FaultSpec['name'], number>(board.faults.map((fault) => [fault.name, fault.times]))
  const has = (name: FaultSpec['name']): boolean => (left.get(name) ?? 0) > 0
  if (options.directory) mkdirSync(options.directory, { recursive: true })
  const size = has('wrong-flash-size') ? SMALL_FLASH : (options.flashSize ?? FLASH_SIZE)
  const flash = createFlashMemory(size, options.directory && flashFile(options.directory, board.mac))
  let programmed = 0
  const faulty: FlashMemory = {
    ...flash,
    program(offset, bytes) {
      programmed += bytes.length
      if (has('flash-write-error') && offset >= 0x1000) throw new Error('the flash reports an error')
      if (has('power-lost') && programmed > POWER_LASTS) {
        flash.program(offset, bytes.subarray(0, bytes.length >> 1))
        chip.powerOff()
        return
      }
      if (has('digest-mismatch') && offset >= 0x1000) {
        const wrong = Uint8Array.from(bytes)
        wrong[0] = (wrong[0] ?? 0) & 0x7e
        wrong[1] = (wrong[1] ?? 0) & 0xf0
        flash.program(offset, wrong)
      } else flash.program(offset, bytes)
    },
  }
  const chip: SimulatedChip = createSimulatedChip({
    chip: has('wrong-chip') ? (chipName === 'esp32' ? 'esp32c3' : 'esp32') : chipName,
    mac: board.mac,
    flash: faulty,
    secureBoot: has('secure-boot'),
    flashEncrypted: has('flash-encrypted'),
    work: clock.wait,
    send,
  })
  const quiet: SimulatedChip = { ...chip, receive: (bytes) => (has('no-answer') ? undefined : chip.receive(bytes)) }
  return {
    chip: quiet,
    flash,
    runBegins() {
      programmed = 0
      for (const [name, times] of left) left.set(name, times - 1)
    },
    close() {
      chip.powerOff()
      flash.close()
    },
  }
}
