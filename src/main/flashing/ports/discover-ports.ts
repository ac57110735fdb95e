import type { PortInfo } from '@serialport/bindings-interface'
import type { FoundPort, OwnUsb } from './found-port.ts'
import { linuxPorts } from './linux-ports.ts'

export type { FoundPort } from './found-port.ts'

/**
 * What the serialport library tells, with the place where macOS (`locationId`: controller and ports of the hubs) and Windows
 * (`Port_#0003.Hub_#0005`) have it. Windows does not say it of adapters with several ports: their instance path, which holds the
 * serial number and the channel, stands in.
 */
export const portFromInfo = (info: PortInfo): FoundPort => ({
  path: info.path,
  location: info.locationId ?? (info.vendorId === undefined ? undefined : info.pnpId),
  vendorId: info.vendorId?.toLowerCase(),
  productId: info.productId?.toLowerCase(),
  serialNumber: info.serialNumber,
  manufacturer: info.manufacturer,
  product: undefined,
  latencyTimer: undefined,
})

/** @param list the serialport binding's own list, for systems other than Linux */
export const discoverPorts = async (list: () => Promise<PortInfo[]>): Promise<FoundPort[]> =>
  process.platform === 'linux' ? linuxPorts() : (await list()).map(portFromInfo)

/** Scheme of an address that names a socket by its physical place, whatever its path is today. */
export const LOCATION = 'location:'

const ESPRESSIF = '303a'
const USB_SERIAL_JTAG = '1001'
/** Before so many milliseconds an acknowledgement costs more than its block should. */
const GOOD_LATENCY = 2

/** What a person should know about a port before using it, in a few words; undefined when there is nothing. */
export const remarkOn = ({ vendorId, productId, latencyTimer }: FoundPort): string | undefined => {
  if (vendorId === ESPRESSIF)
    return productId === USB_SERIAL_JTAG ? "the chip's own USB-Serial/JTAG" : "the chip's own USB"
  if (latencyTimer !== undefined && latencyTimer > GOOD_LATENCY)
    return `latency timer ${latencyTimer} ms slows flashing; set it to 1 (docs/line-set-up.md)`
  return undefined
}

/** Is the port the chip's own USB, so that it comes and goes with the board, and which of the two controllers? */
export const ownUsbOf = (port: Pick<PortInfo, 'vendorId' | 'productId'> | undefined): OwnUsb | undefined => {
  if (port?.vendorId?.toLowerCase() !== ESPRESSIF) return undefined
  return port.productId?.toLowerCase() === USB_SERIAL_JTAG ? 'serial-jtag' : 'otg'
}
