/** From a printer's address to its driver. */
import { createCupsPrinter } from './cups-printer.ts'
import { createDevicePrinter } from './device-printer.ts'
import { createFolderPrinter } from './folder-printer.ts'
import { parsePrinterAddress } from './printer-address.ts'
import type { Printer } from './printer.ts'
import { createTcpPrinter } from './tcp-printer.ts'

/**
 * Opens nothing yet: a printer that is not there is a state of the queue.
 *
 * @throws PrinterAddressError
 */
export const printerAt = (address: string): Printer => {
  const parsed = parsePrinterAddress(address)
  switch (parsed.kind) {
    case 'tcp':
      return createTcpPrinter(parsed.host, parsed.port)
    case 'folder':
      return createFolderPrinter(parsed.path)
    case 'usb':
      return createDevicePrinter(parsed.path)
    case 'cups':
      return createCupsPrinter(parsed.queue)
  }
}
