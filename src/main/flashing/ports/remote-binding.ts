/**
 * A serialport binding whose ports are owned by another thread, at the other end of a message port. The library's own binding cannot
 * be used in a worker: it waits for its ports on the event loop of the main thread, whichever thread opened them.
 */
import type { MessagePort } from 'node:worker_threads'
import type { BindingInterface, BindingPortInterface, OpenOptions, PortInfo } from '@serialport/bindings-interface'
import type { FromPorts, PortCall, ToPorts } from './port-protocol.ts'

/** How the interface wants a read to fail that ends because the port was closed. */
const canceled = (): Error => Object.assign(new Error('Port is not open'), { canceled: true })
/** And one that ends because the device went away. */
const disconnected = (reason: string): Error => Object.assign(new Error(reason), { disconnect: true })

interface Receiver {
  push(bytes: Uint8Array): void
  lose(reason: string): void
}

const USUAL_OPTIONS = {
  dataBits: 8,
  lock: true,
  stopBits: 1,
  parity: 'none',
  rtscts: false,
  xon: false,
  xoff: false,
  xany: false,
  hupcl: true,
} as const

export const remoteBinding = (owner: MessagePort): BindingInterface => {
  const receivers = new Map<string, Receiver>()
  const pending = new Map<number, { resolve: (ports: readonly PortInfo[]) => void; reject: (error: Error) => void }>()
  let next = 1
  owner.on('message', (message: FromPorts) => {
    switch (message.type) {
      case 'data':
        receivers.get(message.path)?.push(message.bytes)
        return
      case 'gone':
        receivers.get(message.path)?.lose(message.reason)
        return
      case 'reply': {
        const waiting = pending.get(message.id)
        pending.delete(message.id)
        if (message.error === undefined) waiting?.resolve(message.ports ?? [])
        else waiting?.reject(new Error(message.error))
      }
    }
  })
  const say = (message: ToPorts): void => owner.postMessage(message)
  const call = (what: PortCall): Promise<readonly PortInfo[]> =>
    new Promise((resolve, reject) => {
      const id = next++
      pending.set(id, { resolve, reject })
      say({ ...what, id })
    })

  const openPort = async (options: OpenOptions): Promise<BindingPortInterface> => {
    const { path } = options
    let received: Uint8Array[] = []
    let reader: { resolve: () => void; reject: (error: Error) => void } | undefined
    let lost: Error | undefined
    let lines = { dtr: true, rts: true }
    let baudRate = options.baudRate
    const receiver: Receiver = {
      push(bytes) {
        received.push(bytes)
        reader?.resolve()
        reader = undefined
      },
      lose(reason) {
        lost = disconnected(reason)
        reader?.reject(lost)
        reader = undefined
      },
    }
    receivers.set(path, receiver)
    try {
      await call({ type: 'open', path, baud: options.baudRate, hupcl: options.hupcl ?? true })
    } catch (error) {
      if (receivers.get(path) === receiver) receivers.delete(path)
      throw error
    }
    const port: BindingPortInterface = {
      openOptions: { ...USUAL_OPTIONS, ...options },
      isOpen: true,
      async close() {
        port.isOpen = false
        receivers.delete(path)
        reader?.reject(canceled())
        reader = undefined
        await call({ type: 'close', path })
      },
      async read(buffer, offset, length) {
        if (!port.isOpen) throw canceled()
        if (received.length === 0) {
          if (lost) throw lost
          await new Promise<void>((resolve, reject) => {
            reader = { resolve, reject }
          })
        }
        const first = received[0] ?? new Uint8Array(0)
        const bytesRead = Math.min(length, first.length)
        buffer.set(first.subarray(0, bytesRead), offset)
        received = bytesRead < first.length ? [first.subarray(bytesRead), ...received.slice(1)] : received.slice(1)
        return { buffer, bytesRead }
      },
      write(buffer) {
        if (!port.isOpen) return Promise.reject(canceled())
        // A copy, for the frames of a release lie in memory that all workers share.
        say({ type: 'write', path, bytes: Uint8Array.prototype.slice.call(buffer) })
        return Promise.resolve()
      },
      async update(update) {
        await call({ type: 'baud', path, baud: update.baudRate })
        baudRate = update.baudRate
      },
      async set(flags) {
        lines = { dtr: flags.dtr ?? lines.dtr, rts: flags.rts ?? lines.rts }
        await call({ type: 'lines', path, ...lines })
      },
      get: () => Promise.resolve({ cts: true, dsr: true, dcd: false }),
      getBaudRate: () => Promise.resolve({ baudRate }),
      flush() {
        received = []
        return Promise.resolve()
      },
      drain: async () => void (await call({ type: 'drain', path })),
    }
    return port
  }

  return { list: async () => [...(await call({ type: 'list' }))], open: openPort }
}
