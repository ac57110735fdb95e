/** The system's serial ports, owned by the main thread and lent to flash workers. */
import type { MessagePort } from 'node:worker_threads'
import { autoDetect } from '@serialport/bindings-cpp'
import type { BindingInterface, BindingPortInterface } from '@serialport/bindings-interface'
import { discoverPorts } from './discover-ports.ts'
import type { FromPorts, PortCall, ToPorts } from './port-protocol.ts'

const READ_SIZE = 0x10000

/**
 * The binding for this system, whose typings name one class for each. Its list gives the physical place of every port as `locationId`,
 * and starts no program for it.
 */
export const nativeBinding = (): BindingInterface => {
  const binding = autoDetect() as unknown as BindingInterface
  return {
    async open(options) {
      const port = await binding.open(options)
      keepWaits(port)
      return port
    },
    async list() {
      const ports = await discoverPorts(() => binding.list())
      return ports.map(({ path, location, vendorId, productId, serialNumber, manufacturer }) => ({
        ...{ path, vendorId, productId, serialNumber, manufacturer },
        locationId: location,
        pnpId: undefined,
      }))
    },
  }
}

/** As the binding for Unix has it: waits until a port can be read or written. */
interface Poller {
  poll(events?: number): void
  listenerCount(event: 'readable' | 'writable'): number
}
const READABLE = 1
const WRITABLE = 2

/**
 * The library's poller forgets that somebody waits to write when a wait to read begins, and the other way round: a frame longer than
 * the system's buffer then stays half sent for ever. So each new wait names the ones that are under way as well.
 */
const keepWaits = (port: BindingPortInterface): void => {
  const { poller } = port as BindingPortInterface & { readonly poller?: Poller }
  if (!poller) return
  const poll = poller.poll.bind(poller)
  poller.poll = (events = 0) => {
    const reading = poller.listenerCount('readable') > 0 ? READABLE : 0
    const writing = poller.listenerCount('writable') > 0 ? WRITABLE : 0
    poll(events | reading | writing)
  }
}

/** Lends the ports of a binding over a message port, until that is closed. */
export const lendPorts = (borrower: MessagePort, binding: BindingInterface): void => {
  const open = new Map<string, BindingPortInterface>()
  /** The last write of each port. */
  const writes = new WeakMap<BindingPortInterface, Promise<void>>()
  const say = (message: FromPorts): void => borrower.postMessage(message)

  /** Passes on what the port receives, as long as it is open. */
  const pump = async (path: string, port: BindingPortInterface): Promise<void> => {
    const buffer = Buffer.alloc(READ_SIZE)
    try {
      while (port.isOpen) {
        const { bytesRead } = await port.read(buffer, 0, READ_SIZE)
        say({ type: 'data', path, bytes: Uint8Array.prototype.slice.call(buffer, 0, bytesRead) })
      }
    } catch (error) {
      if (port.isOpen) lose(path, port, error)
    }
  }
  const lose = (path: string, port: BindingPortInterface, error: unknown): void => {
    say({ type: 'gone', path, reason: error instanceof Error ? error.message : String(error) })
    if (port.isOpen) port.close().catch(() => undefined)
    if (open.get(path) === port) open.delete(path)
  }
  const opened = (path: string): BindingPortInterface => {
    const port = open.get(path)
    if (!port) throw new Error('Port is not open')
    return port
  }

  const handle = async (call: PortCall): Promise<Extract<FromPorts, { type: 'reply' }>['ports'] | undefined> => {
    switch (call.type) {
      case 'list':
        return binding.list()
      case 'open': {
        const port = await binding.open({ path: call.path, baudRate: call.baud, lock: true, hupcl: call.hupcl })
        open.set(call.path, port)
        void pump(call.path, port)
        return undefined
      }
      case 'baud':
        await opened(call.path).update({ baudRate: call.baud })
        return undefined
      case 'lines':
        await opened(call.path).set({ dtr: call.dtr, rts: call.rts, brk: false })
        return undefined
      case 'drain':
        // Not the system's drain, which blocks a thread of a small pool for as long as the device takes nothing.
        await writes.get(opened(call.path))
        return undefined
      case 'close': {
        const port = open.get(call.path)
        open.delete(call.path)
        if (port?.isOpen) await port.close()
        return undefined
      }
    }
  }

  borrower.on('message', (message: ToPorts) => {
    if (message.type === 'write') {
      const port = open.get(message.path)
      if (!port) return
      const { buffer, byteOffset, byteLength } = message.bytes
      const written = port.write(Buffer.from(buffer, byteOffset, byteLength)).catch((error: unknown) => {
        if (port.isOpen) lose(message.path, port, error)
      })
      writes.set(port, written)
      return
    }
    handle(message).then(
      (ports) => say({ type: 'reply', id: message.id, ...(ports ? { ports } : {}) }),
      (error: unknown) =>
        say({ type: 'reply', id: message.id, error: error instanceof Error ? error.message : String(error) }),
    )
  })
  borrower.on('close', () => {
    for (const port of open.values()) if (port.isOpen) port.close().catch(() => undefined)
    open.clear()
  })
}
