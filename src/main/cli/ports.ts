import { Command } from 'commander'
import { discoverPorts, remarkOn } from '../flashing/ports/discover-ports.ts'
import { nativeBinding } from '../flashing/ports/native-ports.ts'

/** `imprint ports`: the serial ports of this machine and where they are. */
export const portsCommand = (): Command =>
  new Command('ports')
    .description('list serial ports with adapter, serial number and physical location')
    .option('--json', 'as one line of JSON')
    .action(async ({ json }: { json?: true }) => {
      const ports = await discoverPorts(() => nativeBinding().list())
      if (json) {
        process.stdout.write(`${JSON.stringify(ports)}\n`)
        return
      }
      if (ports.length === 0) process.stdout.write('no serial ports\n')
      for (const port of ports) {
        const { path, location, vendorId, productId, serialNumber, manufacturer, product } = port
        const usb = vendorId && productId ? `${vendorId}:${productId}` : ''
        const parts = [path, location && `at ${location}`, usb, manufacturer, product, serialNumber, remarkOn(port)]
        process.stdout.write(`${parts.filter(Boolean).join('  ')}\n`)
      }
    })
