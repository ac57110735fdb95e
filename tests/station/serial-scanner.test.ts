/** A scanner on a serial port: whole scans from any pieces, and found again when it was unplugged. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { nativeBinding } from '../../src/main/flashing/ports/native-ports.ts'
import { createScanReader, LONGEST_SCAN } from '../../src/main/station/bay/scan-reader.ts'
import { openSerialScanner } from '../../src/main/station/bay/serial-scanner.ts'

const scansOf = (chunks: readonly Uint8Array[]): string[] => {
  const scans: string[] = []
  const reader = createScanReader((text) => scans.push(text))
  for (const chunk of chunks) reader.bytes(chunk)
  reader.silence()
  return scans
}

describe('scans', () => {
  test('are the same however the bytes come in, and whatever ends them', () => {
    const code = fc.stringMatching(/^[\w:.$%+/-]{1,60}$/)
    fc.assert(
      fc.property(fc.array(code), fc.constantFrom('\r', '\n', '\r\n'), fc.array(fc.nat(200)), (codes, end, cuts) => {
        const bytes = Buffer.from(codes.map((text) => text + end).join(''))
        const at = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length]
        expect(scansOf(at.slice(1).map((to, index) => bytes.subarray(at[index], to)))).toEqual(codes)
      }),
    )
  })

  test('may be in Chinese, end with a silence, and are dropped when they are too long', () => {
    expect(scansOf([Buffer.from('工单-7')])).toEqual(['工单-7'])
    expect(scansOf([Buffer.alloc(LONGEST_SCAN + 1, 'x'), Buffer.from('\rNEXT\r')])).toEqual(['NEXT'])
  })
})

describe('a scanner', () => {
  let server: Server | undefined
  let plugged: Socket | undefined
  const send = (text: string): void => void plugged?.write(text)
  afterEach(() => {
    plugged?.destroy()
    server?.close()
  })
  const listen = async (port = 0): Promise<number> => {
    server = createServer((socket) => (plugged = socket)).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const until = async (what: () => boolean): Promise<void> => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  test('is followed over unplugging, and says how it is', async () => {
    const scans: string[] = []
    const scanner = openSerialScanner(
      nativeBinding,
      (text) => scans.push(text),
      () => undefined,
    )
    expect(scanner.state()).toBeNull()
    const port = await listen()
    await scanner.use({ port: `socket://127.0.0.1:${port}`, baud: 9600 })
    await until(() => scanner.state() === 'ready' && plugged !== undefined)
    send('MT:Y.K9042C00KA0648G00\r\n')
    await until(() => scans.length === 1)
    expect(scans).toEqual(['MT:Y.K9042C00KA0648G00'])

    server?.close()
    plugged?.destroy()
    plugged = undefined
    await until(() => scanner.state() === 'port-lost')
    await listen(port)
    await until(() => scanner.state() === 'ready' && plugged !== undefined)
    send('AGAIN')
    await until(() => scans.length === 2)
    expect(scans[1]).toBe('AGAIN')

    await scanner.use({ port: 'not a port', baud: 9600 })
    await until(() => scanner.state() !== null)
    expect(scanner.state()).not.toBe('ready')
    await scanner.close()
    expect(scanner.state()).toBeNull()
  })
})
