import { expect, test } from 'vitest'
import type { PortView } from '../../src/contract/index.ts'
import { pinPorts, unpinPorts } from '../../src/main/station/set-up/pinned-ports.ts'

const port = (path: string, location: string | null): PortView => ({
  path,
  location,
  manufacturer: null,
  vendorId: null,
  productId: null,
  serialNumber: null,
})

test('a slot keeps its socket when the paths change places', () => {
  const today = [port('/dev/ttyUSB0', '1-4.1'), port('/dev/ttyUSB1', '1-4.2')]
  const tomorrow = [port('/dev/ttyUSB0', '1-4.2'), port('/dev/ttyUSB1', '1-4.1')]
  const pinned = pinPorts(['/dev/ttyUSB1', '/dev/ttyUSB0'], today)
  expect(pinned).toEqual(['location:1-4.2', 'location:1-4.1'])
  expect(unpinPorts(pinned, tomorrow)).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB1'])
  expect(unpinPorts(pinned, [])).toEqual(pinned)
})

test('what has no place of its own stays as it was named', () => {
  const ports = [port('/dev/ttyS0', null), port('/dev/ttyUSB0', '1-4'), port('/dev/ttyUSB1', '1-4')]
  const addresses = ['/dev/ttyS0', '/dev/ttyUSB0', '/dev/gone', 'socket://10.0.0.5:3333']
  expect(pinPorts(addresses, ports)).toEqual(addresses)
})
