import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { BindingInterface } from '@serialport/bindings-interface'
import { withBoard } from '../../src/main/flashing/session/one-board.ts'
import { openLink } from '../../src/main/flashing/links/open-link.ts'
import { readFlash } from '../../src/main/flashing/session/read-flash.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { serveRfc2217 } from '../../src/main/simulator/serve-rfc2217.ts'
import type { Served } from '../../src/main/simulator/serve-tcp.ts'

const MAC = 'AA:BB:CC:00:00:01'
const noPorts: BindingInterface = {
  list: () => Promise.resolve([]),
  open: () => Promise.reject(new Error('no serial port is meant')),
}

let served: Served | undefined
let other: Server | undefined
afterEach(async () => {
  await served?.close()
  other?.close()
  served = undefined
  other = undefined
})
const serve = async (...faults: string[]): Promise<string> => {
  served = await serveRfc2217('127.0.0.1', 0, {
    ...{ chip: 'esp32c3', mac: MAC, pace: Infinity },
    faults: faults.map(parseFault),
  })
  return served.address
}

describe('a serial device server with RFC 2217', () => {
  test('the board is put into its loader by DTR and RTS, and its flash is read at a higher rate', async () => {
    const address = await serve()
    const read = await withBoard(noPorts, address, { stub: true, baud: 921_600 }, async ({ loader, board }) => {
      expect(board).toMatchObject({ chip: 'esp32c3', mac: MAC })
      return readFlash(loader, 0x1000, 5000)
    })
    expect(read.every((byte) => byte === 0xff)).toBe(true)
    expect(read).toHaveLength(5000)
  })

  test('bytes that telnet would take for its commands come through', async () => {
    served = await serveRfc2217('127.0.0.1', 0, {
      ...{ chip: 'esp32c3', mac: 'FE:FF:FF:FF:FF:FD', pace: Infinity, faults: [] },
    })
    const mac = await withBoard(noPorts, served.address, { stub: false, baud: 115_200 }, ({ board }) =>
      Promise.resolve(board.mac),
    )
    expect(mac).toBe('FE:FF:FF:FF:FF:FD')
  })

  test('a rate that the server cannot do is a failure of its own', async () => {
    const address = await serve('baud-refused')
    const reading = withBoard(noPorts, address, { stub: true, baud: 921_600 }, () => Promise.resolve())
    await expect(reading).rejects.toMatchObject({ code: 'baud-unsupported' })
  })

  test('a server that goes away is a lost port', async () => {
    const address = await serve()
    const link = await openLink(noPorts, address, { baud: 115_200 })
    const lost = new Promise((resolve) => link.onLost(resolve))
    await served?.close()
    served = undefined
    expect(await lost).toMatch(/closed/u)
    await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port-lost' })
  })

  test('a server that does not speak RFC 2217 is refused with a sentence', async () => {
    other = createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((resolve) => other?.listen(0, '127.0.0.1', resolve))
    const address = `rfc2217://127.0.0.1:${(other.address() as AddressInfo).port}`
    const opening = openLink(noPorts, address, { baud: 115_200 })
    await expect(opening).rejects.toMatchObject({ code: 'port-lost', message: expect.stringContaining('RFC 2217') })
  })
})
