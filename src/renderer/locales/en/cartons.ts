/** Cartons, scans of labels against their slots, and how labels are printed and proved. */
import type { CartonView, QUEUE_ORDERS, SCAN_BACK_MODES } from '../../../contract/index.ts'

export const cartons = {
  title: 'Cartons',
  notCollected: 'The units of this order are not collected in cartons. The order says whether they are.',
  scan: 'Scan the label of each unit that goes into the carton.',
  countOf: 'of {size}',
  begins: 'The next scan begins a carton.',
  packed: '{serial} is in carton {number}: {count} units.',
  full: 'Carton {number} is full with {serial}. Its label is printed.',
  fill: '{count} / {size}',
  state: { open: 'open', closed: 'closed' } satisfies Record<CartonView['state'], string>,
  units: 'Units in the carton',
  close: 'Close as it is',
  reopen: 'Open again…',
  reopenTitle: 'Open carton {name} again',
  reopenText: 'Its label is not valid any more; closing it prints a new one.',
  unpack: 'Take out…',
  unpackFor: 'Take out {serial}',
  unpackTitle: 'Take {name} out of the carton',
  unpackText: 'The unit can be packed again afterwards.',
  reasons: { defective: 'Unit is defective', mistaken: 'Packed by mistake' },
}

export const scanBack = {
  releaseTitle: 'Let the line go on',
  release: 'Release the line',
  reasons: { exchanged: 'Labels exchanged, and put right', wrongSlot: 'Scanned at the wrong slot' },
}

export const labelSettings = {
  title: 'Labels',
  scanBackOf: 'Scan after printing',
  scanBack: {
    off: 'Nothing has to be scanned',
    each: 'Each label, in any order',
    slot: 'Each label at its slot; a wrong one stops the line',
  } satisfies Record<(typeof SCAN_BACK_MODES)[number], string>,
  orderOf: 'Order of printing',
  order: {
    slot: 'As units pass',
    panel: 'By slot, when the whole panel is done',
  } satisfies Record<(typeof QUEUE_ORDERS)[number], string>,
  across: 'Labels side by side on the roll',
  pitch: 'From one label to the next beside it',
  inFlight: 'Labels with the printer at a time',
  inFlightHint: 'After a fault of the printer so many are in doubt at most.',
  save: 'Save the labels’ settings',
  saved: 'The labels’ settings are saved.',
}
