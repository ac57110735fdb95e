/** From a printer's address to its driver. */
import { createCupsPrinter } from './cups-printer.ts'
import { createDevicePrinter } from './device-printer.ts'
import { createFolderPrinter } from './folder-printer.ts'
import { parsePrinterAddress } from './printer-address.ts'
import type { Printer } from './printer.ts'
import { createSystemPrinter, type SystemPrinters } from './system-printer.ts'
import { createTcpPrinter } from './tcp-printer.ts'
import type { ZplOptions } from './zpl.ts'

/**
 * Opens nothing yet: a printer that is not there is a state of the queue.
 *
 * @param zpl how labels are written for a printer that takes ZPL
 * @param system the printers of the operating system, in a host that has a way to them
 * @throws PrinterAddressError
 */
export const printerAt = (address: string, zpl: ZplOptions = {}, system?: SystemPrinters): Printer => {
  const parsed = parsePrinterAddress(address)
  switch (parsed.kind) {
    case 'tcp':
      return createTcpPrinter(parsed.host, parsed.port, { zpl })
    case 'folder':
      return createFolderPrinter(parsed.path, ['pdf', 'zpl'], zpl)
    case 'usb':
      return createDevicePrinter(parsed.path, zpl)
    case 'cups':
      return createCupsPrinter(parsed.queue, parsed.form, zpl)
    case 'system':
      return createSystemPrinter(parsed.name, system)
  }
}
