/** The look for printers on the network: only the computer's own subnets, never much of them, and over when it is told. */
import { createServer } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findPrinters } from '../../src/main/labels/find-printers.ts'
import { hostsToTry, subnetHosts } from '../../src/main/labels/subnet.ts'
import { openSimulatedPrinter } from '../../src/main/simulator/printer.ts'
import { createPrinterFinder } from '../../src/main/station/labels/printer-finder.ts'

const numberOf = (address: string): number => Buffer.from(address.split('.').map(Number)).readUInt32BE()
const maskOf = (prefix: number): string => {
  const mask = (2 ** 32 - 2 ** (32 - prefix)).toString(2).padStart(32, '0').slice(-32)
  return [0, 8, 16, 24].map((at) => Number.parseInt(mask.slice(at, at + 8), 2)).join('.')
}

test('of every subnet: neighbours only, at most a /24, neither the own address nor the broadcast', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), (address, prefix) => {
      const hosts = subnetHosts(address, maskOf(prefix))
      expect(hosts.length).toBeLessThanOrEqual(254)
      expect(new Set(hosts).size).toBe(hosts.length)
      expect(hosts).not.toContain(address)
      const size = 2 ** (32 - Math.max(24, prefix))
      const subnet = Math.floor(numberOf(address) / size)
      const isNeighbour = (host: string): boolean => Math.floor(numberOf(host) / size) === subnet
      const isSpare = (host: string): boolean => size > 2 && [0, size - 1].includes(numberOf(host) % size)
      expect(hosts.filter((host) => !isNeighbour(host) || isSpare(host))).toEqual([])
    }),
  )
  expect(subnetHosts('192.168.0.2', '255.255.255.252')).toEqual(['192.168.0.1'])
  expect(subnetHosts('10.0.0.1', '255.255.255.254')).toEqual(['10.0.0.0'])
  expect(subnetHosts('10.0.0.1', '255.255.255.255')).toEqual([])
  expect(subnetHosts('10.1.2.3', '255.0.0.0')).toHaveLength(253)
})

test('the computer itself and IPv6 are left out; each address is tried once, in four subnets at most', () => {
  const own = (address: string, change = {}) => ({
    family: 'IPv4',
    address,
    netmask: '255.255.255.0',
    internal: false,
    ...change,
  })
  expect(hostsToTry([own('127.0.0.1', { internal: true }), own('fe80::1', { family: 'IPv6' })])).toEqual([])
  expect(hostsToTry([own('10.0.0.1'), own('10.0.0.1')])).toHaveLength(253)
  expect(hostsToTry([1, 2, 3, 4, 5, 6].map((net) => own(`10.0.${net}.1`)))).toHaveLength(4 * 253)
})

test('a printer that takes a connection is found, and gets no byte; a closed port is none', async () => {
  const printer = await openSimulatedPrinter()
  const { port } = printer
  const hosts = ['127.0.0.1']
  expect(await findPrinters(hosts, AbortSignal.abort(), { port })).toEqual([])
  expect(await findPrinters(hosts, new AbortController().signal, { port })).toEqual([`tcp://127.0.0.1:${port}`])
  expect(printer.labels).toEqual([])
  await printer.close()
  expect(await findPrinters(hosts, new AbortController().signal, { port })).toEqual([])
})

test('never more connections at a time than allowed', async () => {
  let open = 0
  let most = 0
  const server = createServer((socket) => {
    most = Math.max(most, ++open)
    socket.on('error', () => undefined)
    socket.on('close', () => open--)
    socket.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const found = await findPrinters(Array<string>(40).fill('127.0.0.1'), new AbortController().signal, {
    port,
    atOnce: 1,
  })
  expect(found).toHaveLength(40)
  // The server sees a hang-up a moment after the next connection.
  expect(most).toBeLessThan(40)
  await new Promise((resolve) => server.close(resolve))
})

test('a new look, or leaving the page, ends the one before', async () => {
  const signals: AbortSignal[] = []
  const finder = createPrinterFinder(
    (hosts, signal) => {
      signals.push(signal)
      return Promise.resolve([...hosts])
    },
    () => ['10.0.0.2'],
  )
  expect(await finder.find()).toEqual(['10.0.0.2'])
  await finder.find()
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  finder.stop()
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
})
