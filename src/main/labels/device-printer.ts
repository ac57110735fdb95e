/** A printer as a character device, `/dev/usb/lp0`: bytes in one direction. It cannot tell that a label came out. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { PrinterError, type Printer } from './printer.ts'
import { renderZpl, type ZplOptions } from './zpl.ts'

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const createDevicePrinter = (path: string, zpl: ZplOptions = {}): Printer => {
  const openDevice = () => open(path, constants.O_WRONLY | constants.O_NOCTTY)
  return {
    name: `usb:${path}`,
    confirms: false,
    repeatable: false,
    async look() {
      const missing = { state: 'not-answering', pending: null, count: null, session: 1 } as const
      try {
        const device = await openDevice()
        await device.close()
        return { ...missing, state: 'ready' }
      } catch {
        return missing
      }
    },
    async send({ layout }) {
      let device
      try {
        device = await openDevice()
      } catch (error) {
        throw new PrinterError('nothing', `the printer ${path} cannot be opened: ${reason(error)}`)
      }
      try {
        await device.writeFile(renderZpl(layout, zpl))
      } catch (error) {
        throw new PrinterError('unknown', `writing to the printer ${path} failed: ${reason(error)}`)
      } finally {
        await device.close()
      }
    },
    close: () => Promise.resolve(),
  }
}
