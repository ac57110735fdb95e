/** Faults that a simulated label printer can be given, as data. */

const FAULTS = {
  'paper-out': 'printing',
  'ribbon-out': 'printing',
  'head-open': 'printing',
  paused: 'printing',
  /** The power fails under the head: half a label, and the buffer is lost. */
  'half-label': 'printing',
  /** The buffer takes nothing more as the label arrives: it goes on when there is room. */
  'buffer-full': 'receiving',
  /** The connection breaks as the label arrives, and nothing of it is kept. */
  'lost-before': 'receiving',
  /** The connection breaks when the label has come out. */
  'lost-after': 'printed',
} as const

export type PrinterFaultName = keyof typeof FAULTS

export const PRINTER_FAULTS = Object.keys(FAULTS) as readonly PrinterFaultName[]

export interface PrinterFault {
  readonly name: PrinterFaultName
  /** Which label, from 1. */
  readonly label: number
  readonly moment: (typeof FAULTS)[PrinterFaultName]
}

/**
 * A fault as typed at the terminal: `paper-out@3` is the third label.
 *
 * @throws RangeError saying what is allowed
 */
export const parsePrinterFault = (text: string): PrinterFault => {
  const match = /^([a-z-]+)@(\d+)$/u.exec(text)
  const name = PRINTER_FAULTS.find((known) => known === match?.[1])
  const label = Number(match?.[2])
  if (!name || !(label > 0))
    throw new RangeError(`'${text}' is no printer fault; NAME@LABEL is, with NAME one of ${PRINTER_FAULTS.join(', ')}`)
  return { name, label, moment: FAULTS[name] }
}
