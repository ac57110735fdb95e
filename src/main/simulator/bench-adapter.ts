/** One socket of the bench: a serial adapter, the board in it if there is one, and who has the adapter open. */
import type { MessagePort } from 'node:worker_threads'
import type { FromPorts } from '../flashing/port-protocol.ts'
import { createWire, type SimulatedClock } from './pace.ts'
import type { SimulatedBoard } from './simulated-board.ts'

const ROM_BAUD = 115_200
/** As the system's binding words them. */
const BUSY = 'Error Resource temporarily unavailable Cannot lock port'
const REFUSED = 'Error: Invalid argument, cannot set this baud rate'
const UNPLUGGED = 'Error: No such device or address'
/** A cable that has a loose contact makes it again after so many milliseconds. */
const UNPLUGGED_FOR = 800
/** Bytes of a run until it loses contact. */
const CONTACT_LASTS = 0x5000

export interface BenchAdapter {
  readonly path: string
  isPlugged(): boolean
  board(): SimulatedBoard | undefined
  /** Puts a board in, or takes it out. */
  hold(board: SimulatedBoard | undefined): void
  /** The board's bytes for the host. */
  send(bytes: Uint8Array): void
  open(owner: MessagePort, baud: number): void
  write(bytes: Uint8Array): void
  setBaud(baud: number): void
  setLines(lines: { dtr: boolean; rts: boolean }): void
  owner(): MessagePort | undefined
  close(): void
}

export const createBenchAdapter = (path: string, clock: SimulatedClock): BenchAdapter => {
  let baud = ROM_BAUD
  let owner: MessagePort | undefined
  let board: SimulatedBoard | undefined
  let plugged = true
  let written = 0
  const say = (message: FromPorts): void => owner?.postMessage(message)
  // At a rate that is not the chip's own, a receiver sees noise: nothing that either side could take for a frame.
  const agrees = (): boolean => board?.baud() === baud
  const toChip = createWire(
    clock,
    () => baud,
    (bytes) => {
      if (agrees()) board?.receive(bytes)
    },
  )
  const toHost = createWire(
    clock,
    () => baud,
    (bytes) => say({ type: 'data', path, bytes }),
  )

  const unplug = (): void => {
    plugged = false
    say({ type: 'gone', path, reason: UNPLUGGED })
    owner = undefined
    board?.powerOff()
    void clock.wait(UNPLUGGED_FOR).then(() => {
      plugged = true
      board?.powerOn()
    })
  }

  return {
    path,
    isPlugged: () => plugged,
    board: () => board,
    hold(next) {
      board?.close()
      board = next
      board?.powerOn()
    },
    send(bytes) {
      if (owner && agrees()) toHost(bytes)
    },
    open(next, rate) {
      if (!plugged) throw new Error(UNPLUGGED)
      if (owner) throw new Error(BUSY)
      if (board?.faults.shows('port-busy')) {
        // The other program lets go of the port, and with it ends what would have been a run.
        board.faults.runBegins()
        throw new Error(BUSY)
      }
      owner = next
      baud = rate
      written = 0
    },
    write(bytes) {
      written += bytes.length
      if (written > CONTACT_LASTS && board?.faults.shows('usb-unplugged')) unplug()
      else toChip(bytes)
    },
    setBaud(rate) {
      if (rate !== ROM_BAUD && board?.faults.shows('baud-refused')) throw new Error(REFUSED)
      baud = rate
    },
    setLines: (lines) => board?.setLines(lines),
    owner: () => owner,
    close() {
      owner = undefined
    },
  }
}
