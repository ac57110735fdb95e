/**
 * Serial ports as Linux lists them in sysfs, with the physical place of their USB socket: which controller, which port of which hub.
 * The place stays the same from one start to the next, which neither the path (ttyUSB3) nor the bus number does.
 *
 * Source: https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-bus-usb (names of USB devices: bus-port.port:config.interface).
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FoundPort } from './found-port.ts'

/** Ports of the board itself that exist on paper only: no UART answers behind most of them. */
const ON_PAPER = /\/platform\/serial8250\//u
const USB_DEVICE = /^\d+-([\d.]+)$/u
const USB_INTERFACE = /^\d+-[\d.]+:\d+\.(\d+)$/u

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}

interface UsbPlace {
  readonly folder: string
  /** `controller/port.port/interface` */
  readonly location: string
}

/** Walks up from a port's device to the USB device that it belongs to. */
const usbPlace = (device: string): UsbPlace | undefined => {
  let socket = ''
  let usbInterface = '0'
  let folder: string | undefined
  for (let at = device; at !== dirname(at); at = dirname(at)) {
    const name = basename(at)
    usbInterface = USB_INTERFACE.exec(name)?.[1] ?? usbInterface
    const port = USB_DEVICE.exec(name)?.[1]
    // The innermost device is the adapter; the hubs above it are part of its name already.
    if (port !== undefined && folder === undefined) {
      folder = at
      socket = port
    }
    if (/^usb\d+$/u.test(name) && folder !== undefined)
      return { folder, location: `${basename(dirname(at))}/${socket}/${usbInterface}` }
  }
  return undefined
}

/** @param root `/`, or a folder that has a `sys` and a `dev` of its own */
export const linuxPorts = (root = '/'): FoundPort[] => {
  const classes = join(root, 'sys/class/tty')
  if (!existsSync(classes)) return []
  const ports: FoundPort[] = []
  for (const name of readdirSync(classes).toSorted()) {
    let device: string
    try {
      device = realpathSync(join(classes, name, 'device'))
    } catch {
      // Consoles and pseudo-terminals have no device.
      continue
    }
    if (ON_PAPER.test(device)) continue
    const place = usbPlace(device)
    const of = (file: string): string | undefined => place && read(join(place.folder, file))
    const latency = read(join(device, 'latency_timer'))
    ports.push({
      path: join(root, 'dev', name),
      location: place?.location,
      vendorId: of('idVendor'),
      productId: of('idProduct'),
      serialNumber: of('serial'),
      manufacturer: of('manufacturer'),
      product: of('product'),
      latencyTimer: latency === undefined ? undefined : Number(latency),
    })
  }
  return ports
}
