/**
 * A serialport binding whose ports are the adapters of a simulated bench in another thread: the code above it is exactly the
 * product's.
 */
import type { MessagePort } from 'node:worker_threads'
import type { BindingInterface, BindingPortInterface, OpenOptions, PortInfo } from '@serialport/bindings-interface'
import type { FromBenchPort, PortCall, ToBenchPort } from './bench-protocol.ts'

/** How the interface wants a read that ends because the port was closed to fail. */
const canceled = (): Error => Object.assign(new Error('Port is not open'), { canceled: true })

interface Receiver {
  push(bytes: Uint8Array): void
}

export const simulatedBinding = (bench: MessagePort): BindingInterface => {
  const receivers = new Map<string, Receiver>()
  const pending = new Map<number, { resolve: (paths: readonly string[]) => void; reject: (error: Error) => void }>()
  let next = 1
  bench.on('message', (message: FromBenchPort) => {
    if (message.type === 'data') receivers.get(message.path)?.push(message.bytes)
    else {
      const waiting = pending.get(message.id)
      pending.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.paths ?? [])
      else waiting?.reject(new Error(message.error))
    }
  })
  const call = (what: PortCall): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      const id = next++
      pending.set(id, { resolve, reject })
      const message: ToBenchPort = { ...what, id }
      bench.postMessage(message)
    })

  const openPort = async (options: OpenOptions): Promise<BindingPortInterface> => {
    const { path } = options
    await call({ type: 'open', path, baud: options.baudRate })
    let received: Uint8Array[] = []
    let reader: { resolve: () => void; reject: (error: Error) => void } | undefined
    let lines = { dtr: true, rts: true }
    let baudRate = options.baudRate
    receivers.set(path, {
      push(bytes) {
        received.push(bytes)
        reader?.resolve()
        reader = undefined
      },
    })
    const port: BindingPortInterface = {
      openOptions: {
        dataBits: 8,
        lock: true,
        stopBits: 1,
        parity: 'none',
        rtscts: false,
        xon: false,
        xoff: false,
        xany: false,
        hupcl: true,
        ...options,
      },
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
        if (received.length === 0)
          await new Promise<void>((resolve, reject) => {
            reader = { resolve, reject }
          })
        const first = received[0] ?? new Uint8Array(0)
        const bytesRead = Math.min(length, first.length)
        buffer.set(first.subarray(0, bytesRead), offset)
        received = bytesRead < first.length ? [first.subarray(bytesRead), ...received.slice(1)] : received.slice(1)
        return { buffer, bytesRead }
      },
      write(buffer) {
        if (!port.isOpen) return Promise.reject(canceled())
        const message: ToBenchPort = { type: 'write', path, bytes: Uint8Array.from(buffer) }
        bench.postMessage(message)
        return Promise.resolve()
      },
      async update(update) {
        baudRate = update.baudRate
        await call({ type: 'baud', path, baud: baudRate })
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
      drain: () => Promise.resolve(),
    }
    return port
  }

  return {
    async list() {
      const unknown = { pnpId: undefined, locationId: undefined, productId: undefined, vendorId: undefined }
      return (await call({ type: 'list' })).map((path): PortInfo => ({
        path,
        manufacturer: 'Imprint',
        serialNumber: undefined,
        ...unknown,
      }))
    },
    open: openPort,
  }
}
