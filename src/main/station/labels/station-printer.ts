/** The printer of a station: a real one by its address, or a simulated one that lives as long as the station does. */
import { join } from 'node:path'
import { printerAt } from '../../labels/printer-at.ts'
import type { Printer } from '../../labels/printer.ts'
import type { SystemPrinters } from '../../labels/system-printer.ts'
import { createTcpPrinter } from '../../labels/tcp-printer.ts'
import { openSimulatedPrinter } from '../../simulator/printer.ts'
import type { PrinterFault } from '../../simulator/printer-faults.ts'

/** Where labels go. */
export type PrinterSpec =
  | { readonly kind: 'none' }
  /** A simulated printer on a TCP port of this computer; factor: our milliseconds in one of its own. */
  | { readonly kind: 'simulated'; readonly factor: number; readonly faults?: readonly PrinterFault[] }
  | { readonly kind: 'address'; readonly address: string }

/** Somebody comes to a simulated printer that stands still, after so many of its milliseconds, but lets people see it first. */
const MENDING = 12_000
const LEAST_MENDING = 2_500

/** What the screens show is what the printer gets, dot by dot. */
const AS_PREVIEWED = { codes: 'graphic', text: 'graphic' } as const

/** Like a real printer's, the label counter of a simulated one outlives the program: it proves what came out before a crash. */
const openSimulated = async (
  { factor, faults = [] }: Extract<PrinterSpec, { kind: 'simulated' }>,
  folder: string,
): Promise<Printer> => {
  const simulated = await openSimulatedPrinter({
    factor,
    faults,
    mendedAfter: Math.max(LEAST_MENDING, MENDING * factor),
    counterFile: join(folder, 'printer-count'),
  })
  const driver = createTcpPrinter('127.0.0.1', simulated.port, { zpl: AS_PREVIEWED })
  return {
    ...driver,
    // Its port is another every time; its name is what a label's proof refers to.
    name: 'simulated printer',
    async close() {
      await driver.close()
      await simulated.close()
    },
  }
}

/**
 * @param folder of the station's data
 * @param system the printers of the operating system, where the host has a way to them
 * @throws PrinterAddressError
 */
export const openStationPrinter = async (
  spec: Exclude<PrinterSpec, { kind: 'none' }>,
  folder: string,
  system?: SystemPrinters,
): Promise<Printer> =>
  spec.kind === 'simulated' ? openSimulated(spec, folder) : printerAt(spec.address, AS_PREVIEWED, system)
