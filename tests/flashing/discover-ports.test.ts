import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BindingInterface } from '@serialport/bindings-interface'
import { portFromInfo, remarkOn, type FoundPort } from '../../src/main/flashing/ports/discover-ports.ts'
import { linuxPorts } from '../../src/main/flashing/ports/linux-ports.ts'
import { openLink } from '../../src/main/flashing/links/open-link.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imprint-sysfs-'))
  mkdirSync(join(root, 'sys/class/tty'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const CONTROLLER = 'sys/devices/pci0000:00/0000:00:14.0'

/** A port as the kernel lists it: the class entry points at the interface's folder, the device's files lie above it. */
const plug = (name: string, device: string, below: string, files: Record<string, string>, latency?: string): void => {
  const folder = join(root, CONTROLLER, device)
  mkdirSync(join(folder, below), { recursive: true })
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), `${content}\n`)
  if (latency !== undefined) writeFileSync(join(folder, below, 'latency_timer'), latency)
  mkdirSync(join(root, 'sys/class/tty', name))
  symlinkSync(join(folder, below), join(root, 'sys/class/tty', name, 'device'))
}

describe('ports of Linux', () => {
  test('an adapter behind a hub has the place of its socket, whatever number its bus has', () => {
    const files = { idVendor: '10c4', idProduct: 'ea60', serial: '0001', manufacturer: 'Silicon Labs' }
    plug('ttyUSB0', 'usb1/1-4/1-4.2', '1-4.2:1.0/ttyUSB0', files)
    expect(linuxPorts(root)).toEqual([
      {
        path: join(root, 'dev/ttyUSB0'),
        location: '0000:00:14.0/4.2/0',
        vendorId: '10c4',
        productId: 'ea60',
        serialNumber: '0001',
        manufacturer: 'Silicon Labs',
        product: undefined,
        latencyTimer: undefined,
      },
    ])
    rmSync(root, { recursive: true })
    mkdirSync(join(root, 'sys/class/tty'), { recursive: true })
    plug('ttyUSB7', 'usb3/3-4/3-4.2', '3-4.2:1.0/ttyUSB7', files)
    expect(linuxPorts(root)[0]).toMatchObject({ location: '0000:00:14.0/4.2/0' })
  })

  test('an adapter with several channels has a place for each, and tells its latency timer', () => {
    const files = { idVendor: '0403', idProduct: '6011' }
    plug('ttyUSB0', 'usb1/1-3', '1-3:1.0/ttyUSB0', files, '16')
    plug('ttyUSB1', 'usb1/1-3', '1-3:1.1/ttyUSB1', files, '1')
    const ports = linuxPorts(root)
    expect(ports.map(({ location }) => location)).toEqual(['0000:00:14.0/3/0', '0000:00:14.0/3/1'])
    expect(ports.map(remarkOn)).toEqual([expect.stringContaining('16 ms'), undefined])
  })

  test('ports on paper and consoles are left out, ports of the board itself are not', () => {
    mkdirSync(join(root, 'sys/class/tty/console'))
    for (const [name, device] of [
      ['ttyS0', 'sys/devices/platform/serial8250/tty/ttyS0'],
      ['ttyAMA0', 'sys/devices/platform/soc/fe201000.serial'],
    ] as const) {
      mkdirSync(join(root, device), { recursive: true })
      mkdirSync(join(root, 'sys/class/tty', name))
      symlinkSync(join(root, device), join(root, 'sys/class/tty', name, 'device'))
    }
    expect(linuxPorts(root)).toEqual([
      expect.objectContaining({ path: join(root, 'dev/ttyAMA0'), location: undefined }),
    ])
  })

  test('a machine without sysfs has none', () => {
    expect(linuxPorts(join(root, 'nowhere'))).toEqual([])
  })
})

describe('ports of the other systems', () => {
  const info = { pnpId: undefined, locationId: undefined, serialNumber: undefined, manufacturer: undefined }
  test.each([
    [
      { ...info, path: '/dev/tty.usbserial-1', locationId: '14200000', vendorId: '10C4', productId: 'EA60' },
      '14200000',
    ],
    [
      { ...info, path: 'COM4', locationId: 'Port_#0003.Hub_#0005', vendorId: '1A86', productId: '55D3' },
      'Port_#0003.Hub_#0005',
    ],
    [
      { ...info, path: 'COM7', pnpId: 'FTDIBUS\\VID_0403+PID_6011+FT1B\\0000', vendorId: '0403', productId: '6011' },
      'FTDIBUS\\VID_0403+PID_6011+FT1B\\0000',
    ],
    [{ ...info, path: 'COM1', pnpId: 'ACPI\\PNP0501\\0', vendorId: undefined, productId: undefined }, undefined],
  ])('%o is at %s', (port, location) => {
    expect(portFromInfo(port).location).toBe(location)
  })
})

describe('a fixture', () => {
  const at = (path: string, location: string): FoundPort => ({
    ...portFromInfo({
      ...{ path, locationId: location, pnpId: undefined, serialNumber: undefined },
      ...{ manufacturer: undefined, vendorId: '303a', productId: '1001' },
    }),
  })
  test('a link to a place opens the path that is there today, and says when nothing is', async () => {
    const opened: string[] = []
    const binding: BindingInterface = {
      list: () => Promise.resolve([{ ...at('', ''), path: '/dev/ttyACM5', locationId: 'c/1/0', pnpId: undefined }]),
      open({ path }) {
        opened.push(path)
        return Promise.reject(new Error('not today'))
      },
    }
    await expect(openLink(binding, 'location:c/1/0', { baud: 115_200 })).rejects.toThrow('not today')
    expect(opened).toEqual(['/dev/ttyACM5'])
    await expect(openLink(binding, 'location:c/9/0', { baud: 115_200 })).rejects.toMatchObject({ code: 'port-lost' })
  })
})
