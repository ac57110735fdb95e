/** What the set-up asks about printers. */
import type { Station } from '../station.ts'
import type { Handlers } from './handlers.ts'
import { RequestRefusal } from './request-refusal.ts'

export const printerHandlers = ({ systemPrinters }: Station): Pick<Handlers, 'setUp.printers'> => ({
  async 'setUp.printers'() {
    if (!systemPrinters) throw new RequestRefusal('not-now', 'printers-window-only')
    return { printers: [...(await systemPrinters.list())] }
  },
})
