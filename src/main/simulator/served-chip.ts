/** One simulated chip behind a byte stream without control lines: its boot pin is held low, so that it always stands in its loader. */
import type { ChipName } from '../espressif/chips.ts'
import { createContact } from './contact.ts'
import type { FaultSpec } from './faults.ts'
import { createClock, createWire, type Pace } from './pace.ts'
import { createBoard } from './simulated-board.ts'

export interface ServedChipOptions {
  readonly chip: ChipName
  /** `AA:BB:CC:DD:EE:FF` */
  readonly mac: string
  readonly pace: Pace
  readonly faults: readonly FaultSpec[]
  /** Bytes, a power of two. */
  readonly flashSize?: number | undefined
  /** Where it keeps its flash; in memory without. */
  readonly directory?: string | undefined
  /** Old content stands everywhere in its flash. */
  readonly usedFlash?: boolean
  /** Its flash tells its parameters. */
  readonly sfdp?: boolean
}

export interface ServedChip {
  /** A program opens the port: false where another has it. */
  opens(): boolean
  /** Takes bytes from the host: false where the plug has come out. */
  receive(bytes: Uint8Array): boolean
  /** Off and on: into the ROM loader again. */
  powerCycle(): void
  close(): void
}

/** @param toHost called with the chip's bytes as they arrive at the host */
export const createServedChip = (options: ServedChipOptions, toHost: (bytes: Uint8Array) => void): ServedChip => {
  const clock = createClock(options.pace)
  // The stream has no rate of its own; whatever the chip speaks is what the host hears.
  const baud = (): number => board.baud()
  const board = createBoard(
    { mac: options.mac, faults: options.faults },
    {
      chip: options.chip,
      directory: options.directory,
      flashSize: options.flashSize,
      usedFlash: options.usedFlash ?? false,
      sfdp: options.sfdp ?? false,
      bootPinLow: true,
    },
    clock,
    createWire(clock, () => baud(), toHost),
  )
  const toChip = createWire(clock, baud, (bytes) => board.receive(bytes))
  const contact = createContact(
    () => board,
    clock,
    () => undefined,
  )
  board.powerOn()
  return {
    opens: contact.opens,
    receive(bytes) {
      const carried = contact.carries(bytes.length)
      if (carried) toChip(bytes)
      return carried
    },
    powerCycle: () => board.powerOn(),
    close: () => board.close(),
  }
}
