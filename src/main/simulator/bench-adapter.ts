/** One socket of the bench: a serial adapter, the board in it if there is one, and who has the adapter open. */
import type { MessagePort } from 'node:worker_threads'
import type { OwnUsb } from '../flashing/ports/found-port.ts'
import type { FromPorts } from '../flashing/ports/port-protocol.ts'
import { createContact } from './contact.ts'
import { createWire, type SimulatedClock } from './pace.ts'
import type { SimulatedBoard } from './simulated-board.ts'

const ROM_BAUD = 115_200
/** As the system's binding words them. */
const BUSY = 'Error Resource temporarily unavailable Cannot lock port'
const REFUSED = 'Error: Invalid argument, cannot set this baud rate'
const UNPLUGGED = 'Error: No such device or address'
/** The system has found the chip's own USB again so many milliseconds after a reset. */
const RETURNS_AFTER = 300

interface UsbLines {
  set(lines: { dtr: boolean; rts: boolean }): void
  /** The host has lost the port: none is set any more. */
  forget(): void
}

/**
 * The lines as the chip's own USB takes them: DTR alone asks for the loader, RTS alone is the reset, and neither forgets what was asked.
 *
 * Source: ESP32-C3 technical reference manual, chapter 'USB Serial/JTAG Controller' (reset and download mode by DTR and RTS).
 */
const createUsbLines = (reset: (intoLoader: boolean) => void): UsbLines => {
  let asked = false
  let held = false
  return {
    set({ dtr, rts }) {
      if (dtr && !rts) asked = true
      if (!dtr && !rts) asked = false
      const holds = rts && !dtr
      const begins = holds && !held
      held = holds
      if (begins) reset(asked)
    },
    forget() {
      asked = false
      held = false
    },
  }
}

export interface BenchAdapter {
  readonly path: string
  isPlugged(): boolean
  board(): SimulatedBoard | undefined
  /** Puts a board in, or takes it out. */
  hold(board: SimulatedBoard | undefined): void
  /** The board says that its chip is reset; its own USB goes away with that, and comes back. */
  chipResets(): void
  /** The board's bytes for the host. */
  send(bytes: Uint8Array): void
  open(owner: MessagePort, baud: number): void
  write(bytes: Uint8Array): void
  setBaud(baud: number): void
  setLines(lines: { dtr: boolean; rts: boolean }): void
  owner(): MessagePort | undefined
  close(): void
}

/** @param ownUsb there is no adapter: the port is the chip's own USB, and there as long as a board is */
export const createBenchAdapter = (path: string, clock: SimulatedClock, ownUsb?: OwnUsb): BenchAdapter => {
  let baud = ROM_BAUD
  let owner: MessagePort | undefined
  let board: SimulatedBoard | undefined
  let plugged = true
  /** Of DTR and RTS; a board that is put in finds them so. */
  let state = { dtr: false, rts: false }
  const say = (message: FromPorts): void => owner?.postMessage(message)
  // At a rate that is not the chip's own, a receiver sees noise: nothing that either side could take for a frame.
  const agrees = (): boolean => ownUsb !== undefined || board?.baud() === baud
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

  const vanish = (): void => {
    plugged = false
    say({ type: 'gone', path, reason: UNPLUGGED })
    owner = undefined
    lines?.forget()
  }
  const contact = createContact(
    () => board,
    clock,
    () => {
      plugged = true
    },
  )

  const lines =
    ownUsb &&
    createUsbLines((intoLoader) => {
      // The lines of the USB that software drives do nothing while the loader runs, for the loader does not heed them.
      if (ownUsb === 'serial-jtag' || board?.mode() === 'application') board?.reset(intoLoader)
    })

  return {
    path,
    isPlugged: () => plugged && (ownUsb === undefined || board !== undefined),
    board: () => board,
    hold(next) {
      board?.close()
      if (ownUsb && board) vanish()
      plugged = true
      board = next
      if (!lines) board?.setLines(state)
      board?.powerOn()
    },
    chipResets() {
      if (!ownUsb || !plugged) return
      vanish()
      void clock.wait(RETURNS_AFTER).then(() => {
        plugged = true
      })
    },
    send(bytes) {
      if (owner && agrees()) toHost(bytes)
    },
    open(next, rate) {
      if (!plugged || (ownUsb && !board)) throw new Error(UNPLUGGED)
      if (owner) throw new Error(BUSY)
      if (!contact.opens()) throw new Error(BUSY)
      owner = next
      baud = rate
    },
    write(bytes) {
      if (contact.carries(bytes.length)) toChip(bytes)
      else vanish()
    },
    setBaud(rate) {
      if (rate !== ROM_BAUD && board?.faults.shows('baud-refused')) throw new Error(REFUSED)
      baud = rate
    },
    setLines(next) {
      state = next
      if (lines) lines.set(next)
      else board?.setLines(next)
    },
    owner: () => owner,
    close() {
      owner = undefined
    },
  }
}
