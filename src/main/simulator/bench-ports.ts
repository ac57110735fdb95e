/** The bench itself: sockets with a serial adapter each, boards that come and go, and the flash workers that use the adapters. */
import { existsSync, readFileSync } from 'node:fs'
import type { MessagePort } from 'node:worker_threads'
import type { PortInfo } from '@serialport/bindings-interface'
import type { FromPorts, PortCall, ToPorts } from '../flashing/ports/port-protocol.ts'
import { CHIPS } from '../espressif/chips.ts'
import { createBenchAdapter, type BenchAdapter } from './bench-adapter.ts'
import { slotPath, type BenchCall, type BenchOptions, type Board, type BoardState } from './bench-protocol.ts'
import { createClock } from './pace.ts'
import { createBoard, flashFile } from './simulated-board.ts'

export interface BenchPorts {
  /** Lends the adapters over a message port. */
  connect(borrower: MessagePort): void
  call(call: BenchCall): unknown
}

/** Product ids: of the USB-Serial/JTAG controller one for all chips, of the software's own the chip's id. */
const SERIAL_JTAG = '1001'
const ESPRESSIF = '303a'

const portInfo = (path: string, { chip, ownUsb }: BenchOptions): PortInfo => ({
  path,
  manufacturer: ownUsb ? 'Espressif' : 'Imprint',
  serialNumber: undefined,
  pnpId: undefined,
  locationId: path.replace(slotPath(0).slice(0, -1), 'bench/'),
  vendorId: ownUsb && ESPRESSIF,
  productId: ownUsb && (ownUsb === 'serial-jtag' ? SERIAL_JTAG : CHIPS[chip].imageId.toString(16).padStart(4, '0')),
})

export const createBenchPorts = (options: BenchOptions): BenchPorts => {
  const clock = createClock(options.pace)
  const adapters = new Map<string, BenchAdapter>()
  const macs = new Map<string, BenchAdapter>()
  for (let slot = 1; slot <= options.slots; slot++) {
    const adapter = createBenchAdapter(slotPath(slot), clock, options.ownUsb)
    adapters.set(adapter.path, adapter)
  }
  const adapterOf = (path: string): BenchAdapter => {
    const adapter = adapters.get(path)
    if (!adapter) throw new Error(`Error No such file or directory, cannot open ${path}`)
    return adapter
  }

  const serve = (borrower: MessagePort, call: PortCall): readonly PortInfo[] | undefined => {
    switch (call.type) {
      case 'list':
        return [...adapters.values()]
          .filter((adapter) => adapter.isPlugged())
          .map(({ path }) => portInfo(path, options))
      case 'open':
        adapterOf(call.path).open(borrower, call.baud)
        return undefined
      case 'baud':
        adapterOf(call.path).setBaud(call.baud)
        return undefined
      case 'lines':
        adapterOf(call.path).setLines({ dtr: call.dtr, rts: call.rts })
        return undefined
      case 'drain':
        return undefined
      case 'close':
        if (adapterOf(call.path).owner() === borrower) adapterOf(call.path).close()
        return undefined
    }
  }

  const insert = (slot: number, board: Board): void => {
    const adapter = adapterOf(slotPath(slot))
    macs.set(board.mac, adapter)
    adapter.hold(createBoard(board, { ...options, onReset: adapter.chipResets }, clock, adapter.send))
  }
  const stateOf = (slot: number): BoardState | undefined => {
    const board = adapterOf(slotPath(slot)).board()
    return board && { mac: board.mac, mode: board.mode(), resets: board.resets() }
  }
  const flashOf = (mac: string): Uint8Array | undefined => {
    const board = macs.get(mac)?.board()
    if (board?.mac === mac) return board.flash.read(0, board.flash.size)
    const file = options.directory && flashFile(options.directory, mac)
    return file && existsSync(file) ? Uint8Array.from(readFileSync(file)) : undefined
  }

  return {
    connect(borrower) {
      const say = (message: FromPorts): void => borrower.postMessage(message)
      borrower.on('message', (message: ToPorts) => {
        if (message.type === 'write') {
          const adapter = adapters.get(message.path)
          if (adapter?.owner() === borrower) adapter.write(message.bytes)
          return
        }
        try {
          const ports = serve(borrower, message)
          say({ type: 'reply', id: message.id, ...(ports ? { ports } : {}) })
        } catch (error) {
          say({ type: 'reply', id: message.id, error: error instanceof Error ? error.message : String(error) })
        }
      })
      borrower.on('close', () => {
        for (const adapter of adapters.values()) if (adapter.owner() === borrower) adapter.close()
      })
    },
    call(call) {
      switch (call.type) {
        case 'insert':
          return insert(call.slot, call.board)
        case 'remove':
          return adapterOf(slotPath(call.slot)).hold(undefined)
        case 'flash':
          return flashOf(call.mac)
        case 'state':
          return stateOf(call.slot)
        case 'open-ports':
          return [...adapters.values()].filter((adapter) => adapter.owner()).length
        case 'close':
          for (const adapter of adapters.values()) adapter.board()?.close()
          return undefined
      }
    },
  }
}
