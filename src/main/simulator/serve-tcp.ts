import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServedChip, type ServedChipOptions } from './served-chip.ts'

/** A simulated chip that can be reached from outside this process. */
export interface Served {
  /** As `imprint flash --port` takes it. */
  readonly address: string
  close(): Promise<void>
}

/**
 * Serves a chip as a plain serial device server does: one connection at a time, bytes only. Each connection finds the chip freshly
 * powered on, in its ROM loader.
 *
 * @param port 0 for any that is free
 */
export const serveTcp = async (host: string, port: number, options: ServedChipOptions): Promise<Served> => {
  let client: Socket | undefined
  const chip = createServedChip(options, (bytes) => client?.write(bytes))
  const server = createServer({ noDelay: true }, (socket) => {
    if (client || !chip.opens()) {
      socket.destroy()
      return
    }
    client = socket
    chip.powerCycle()
    socket.on('data', (bytes) => {
      if (!chip.receive(bytes)) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      client = undefined
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { address, port: bound, family } = server.address() as AddressInfo
  return {
    address: `socket://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    async close() {
      chip.close()
      client?.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
