/** A printer of the operating system, printed to silently by whichever host can: the Imprint window. It ends at 'sent'. */
import type { SystemPrinterView } from '../../contract/index.ts'
import { renderPng } from './png.ts'
import { PrinterError, type Printer, type PrinterState } from './printer.ts'

/** A label as a page: its picture fills it, edge to edge. */
export interface SystemPage {
  readonly printer: string
  /** What the job is called. */
  readonly title: string
  readonly png: Uint8Array
  readonly widthMm: number
  readonly heightMm: number
}

/** The system's printers, as the host gives them. */
export interface SystemPrinters {
  /** @throws Error when the system does not tell */
  list(): Promise<readonly SystemPrinterView[]>
  /** Resolves when the system has taken the page. @throws PrinterError */
  print(page: SystemPage): Promise<void>
}

/** @param printers undefined in a host that has no way to them: then it is in error, and prints nothing */
export const createSystemPrinter = (name: string, printers: SystemPrinters | undefined): Printer => ({
  name: `system:${name}`,
  confirms: false,
  repeatable: false,
  async look() {
    let state: PrinterState = 'error'
    try {
      if ((await printers?.list())?.some((each) => each.name === name)) state = 'ready'
    } catch {
      // What the system does not tell is as good as not there, until the next look.
    }
    return { state, pending: null, count: null, session: 1 }
  },
  async send({ name: title, layout }) {
    if (!printers) throw new PrinterError('nothing', `the printer ${name} can be used from the Imprint window only`)
    await printers.print({
      printer: name,
      title,
      png: renderPng(layout),
      widthMm: layout.width / layout.dotsPerMm,
      heightMm: layout.height / layout.dotsPerMm,
    })
  },
  close: () => Promise.resolve(),
})
