/** What the demo can be asked to rehearse, as it is typed at the start: the fixture's size, the order's, and what goes wrong. */
import { parseFault } from './simulator/faults.ts'
import { parsePrinterFault } from './simulator/printer-faults.ts'
import type { Rehearsal } from './station/demo-station.ts'

const MOST_SLOTS = 32
const MOST_UNITS = 100_000

/** For `parseArgs`. */
export const REHEARSAL_OPTIONS = {
  slots: { type: 'string' },
  units: { type: 'string' },
  fault: { type: 'string', multiple: true },
  'printer-fault': { type: 'string', multiple: true },
} as const

const wholeNumber = (option: string, text: string, most: number): number => {
  const number = Number(text)
  if (!/^\d+$/u.test(text) || number < 1 || number > most)
    throw new RangeError(`${option} ${text} is not allowed; a whole number from 1 to ${most} is`)
  return number
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** @throws RangeError saying what is allowed */
export const rehearsalOf = (values: Readonly<Record<string, unknown>>): Rehearsal => ({
  ...(typeof values['slots'] === 'string' ? { slots: wholeNumber('--slots', values['slots'], MOST_SLOTS) } : {}),
  ...(typeof values['units'] === 'string' ? { units: wholeNumber('--units', values['units'], MOST_UNITS) } : {}),
  ...(values['fault'] === undefined ? {} : { faults: texts(values['fault']).map(parseFault) }),
  printerFaults: texts(values['printer-fault']).map(parsePrinterFault),
})
