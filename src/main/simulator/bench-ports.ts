/** The bench itself: sockets with a serial adapter each, boards that come and go, and the bindings that have the adapters open. */
import { existsSync, readFileSync } from 'node:fs'
import type { MessagePort } from 'node:worker_threads'
import { slotPath, type BenchCall, type BenchOptions, type FromBenchPort, type ToBenchPort } from './bench-protocol.ts'
import { createClock, createWire } from './pace.ts'
import { createBoard, flashFile, type SimulatedBoard } from './simulated-board.ts'

interface Adapter {
  readonly path: string
  baud: number
  lines: { dtr: boolean; rts: boolean }
  owner: MessagePort | undefined
  board: SimulatedBoard | undefined
  mac: string | undefined
  toChip: (bytes: Uint8Array) => void
  toHost: (bytes: Uint8Array) => void
}

const ROM_BAUD = 115_200
const BUSY = 'Error Resource temporarily unavailable Cannot lock port'

export interface BenchPorts {
  connect(port: MessagePort): void
  call(call: BenchCall): unknown
}

export const createBenchPorts = (options: BenchOptions): BenchPorts => {
  const clock = createClock(options.pace)
  const adapters = new Map<string, Adapter>()
  const say = (port: MessagePort, message: FromBenchPort): void => port.postMessage(message)

  for (let slot = 1; slot <= options.slots; slot++) {
    const adapter: Adapter = {
      path: slotPath(slot),
      baud: ROM_BAUD,
      lines: { dtr: false, rts: false },
      owner: undefined,
      board: undefined,
      mac: undefined,
      toChip: () => undefined,
      toHost: () => undefined,
    }
    const baud = (): number => adapter.baud
    // At a rate that is not the chip's own, a receiver sees noise: nothing that either side could take for a frame.
    const agrees = (): boolean => adapter.board?.baud() === adapter.baud
    adapter.toChip = createWire(clock, baud, (bytes) => {
      if (agrees()) adapter.board?.receive(bytes)
    })
    adapter.toHost = createWire(clock, baud, (bytes) => {
      if (adapter.owner) say(adapter.owner, { type: 'data', path: adapter.path, bytes })
    })
    adapters.set(adapter.path, adapter)
  }

  const adapterOf = (path: string): Adapter => {
    const adapter = adapters.get(path)
    if (!adapter) throw new Error(`Error No such file or directory, cannot open ${path}`)
    return adapter
  }

  const open = (port: MessagePort, path: string, baud: number): void => {
    const adapter = adapterOf(path)
    if (adapter.owner) throw new Error(BUSY)
    adapter.owner = port
    adapter.baud = baud
  }

  const handle = (port: MessagePort, message: ToBenchPort): readonly string[] | undefined => {
    switch (message.type) {
      case 'list':
        return [...adapters.keys()]
      case 'open':
        open(port, message.path, message.baud)
        return undefined
      case 'write':
        adapterOf(message.path).toChip(message.bytes)
        return undefined
      case 'baud':
        adapterOf(message.path).baud = message.baud
        return undefined
      case 'lines': {
        const adapter = adapterOf(message.path)
        adapter.lines = { dtr: message.dtr, rts: message.rts }
        adapter.board?.setLines(adapter.lines)
        return undefined
      }
      case 'close':
        adapterOf(message.path).owner = undefined
        return undefined
    }
  }

  return {
    connect(port) {
      port.on('message', (message: ToBenchPort) => {
        const id = 'id' in message ? message.id : undefined
        try {
          const paths = handle(port, message)
          if (id !== undefined) say(port, { type: 'reply', id, ...(paths ? { paths } : {}) })
        } catch (error) {
          if (id !== undefined)
            say(port, { type: 'reply', id, error: error instanceof Error ? error.message : String(error) })
        }
      })
      port.on('close', () => {
        for (const adapter of adapters.values()) if (adapter.owner === port) adapter.owner = undefined
      })
    },
    call(call) {
      switch (call.type) {
        case 'insert': {
          const adapter = adapterOf(slotPath(call.slot))
          adapter.board?.close()
          const send = (bytes: Uint8Array): void => {
            if (adapter.owner && adapter.board?.baud() === adapter.baud) adapter.toHost(bytes)
          }
          adapter.mac = call.board.mac
          adapter.board = createBoard(call.board, options, clock, send)
          adapter.board.powerOn()
          return undefined
        }
        case 'remove': {
          const adapter = adapterOf(slotPath(call.slot))
          adapter.board?.close()
          adapter.board = undefined
          adapter.mac = undefined
          return undefined
        }
        case 'flash': {
          for (const adapter of adapters.values())
            if (adapter.mac === call.mac && adapter.board) return adapter.board.flash.read(0, adapter.board.flash.size)
          const file = options.directory && flashFile(options.directory, call.mac)
          return file && existsSync(file) ? Uint8Array.from(readFileSync(file)) : undefined
        }
        case 'state': {
          const { board, mac } = adapterOf(slotPath(call.slot))
          return board && mac ? { mac, mode: board.mode(), resets: board.resets() } : undefined
        }
        case 'close':
          for (const adapter of adapters.values()) adapter.board?.close()
          return undefined
      }
    },
  }
}
