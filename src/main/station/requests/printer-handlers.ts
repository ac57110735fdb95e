/** What the set-up asks about printers. */
import type { Station } from '../../station.ts'
import type { Handlers } from './handlers.ts'
import { RequestRefusal } from '../request-refusal.ts'

type PrinterRequests = 'setUp.printers' | 'setUp.findPrinters' | 'setUp.stopFinding'

export const printerHandlers = ({ systemPrinters, finder }: Station): Pick<Handlers, PrinterRequests> => ({
  async 'setUp.printers'() {
    if (!systemPrinters) throw new RequestRefusal('not-now', 'printers-window-only')
    return { printers: [...(await systemPrinters.list())] }
  },
  'setUp.findPrinters': async () => ({ addresses: await finder.find() }),
  'setUp.stopFinding'() {
    finder.stop()
    return Promise.resolve({})
  },
})
