/** What goes wrong with a board, in plain words: what happened, and what to do. */
import { type BoardAction, FAILURE_CAUSES, type FailureCode } from '../../../contract/index.ts'

/** What to do with the board. */
export const board = {
  reinsert: 'Insert the board again.',
  'red-bin': 'Put the board in the red bin (quarantine).',
  rework: 'Put the board in the rework bin.',
  'call-engineer': 'Call the engineer.',
  remove: 'Take the board out.',
  none: 'Nothing has to be done with the board.',
} satisfies Record<BoardAction, string>

const cause = FAILURE_CAUSES.en

export const failure = {
  'no-answer': {
    cause: cause['no-answer'],
    remedy:
      'Seat the board firmly and try again. If other boards fail in this slot too, the fixture needs the engineer.',
  },
  'port-busy': {
    cause: cause['port-busy'],
    remedy: 'The engineer closes the other program, then the slot is tried again.',
  },
  'port-lost': {
    cause: cause['port-lost'],
    remedy: 'Check the cable of the slot and the seat of the board, then insert the board again.',
  },
  'port-denied': {
    cause: cause['port-denied'],
    remedy: 'The engineer gives this user access to the serial port.',
  },
  'baud-unsupported': {
    cause: cause['baud-unsupported'],
    remedy: 'The engineer sets a lower speed for the line.',
  },
  'wrong-chip': {
    cause: cause['wrong-chip'],
    remedy: 'Take the board out and check that the boards in the tray are those of this order.',
  },
  'wrong-flash-size': {
    cause: cause['wrong-flash-size'],
    remedy: 'Take the board out and check that the boards in the tray are those of this order.',
  },
  'security-differs': {
    cause: cause['security-differs'],
    remedy: 'Take the board out and keep it for the engineer: it may come from another production.',
  },
  'unreadable-mac': {
    cause: cause['unreadable-mac'],
    remedy: 'The chip is faulty. Put the board aside.',
  },
  'boot-unheard': {
    cause: cause['boot-unheard'],
    remedy:
      'Nothing was written. The engineer takes the text of the firmware out of the order, or uses a serial adapter.',
  },
  'made-before': {
    cause: cause['made-before'],
    remedy: 'Take the board out. If its label is missing, reprint the label.',
  },
  scrapped: {
    cause: cause['scrapped'],
    remedy: 'Take the board out and put it with the scrap: it is not made any more.',
  },
  rejected: {
    cause: cause['rejected'],
    remedy: 'Take it out and keep it for the engineer: it is not made any more, and its label is void.',
  },
  'bound-elsewhere': {
    cause: cause['bound-elsewhere'],
    remedy: 'Take the board out and keep it for the engineer: it keeps the identity of its own order.',
  },
  'not-in-manifest': {
    cause: cause['not-in-manifest'],
    remedy: 'Take the module out and keep it for the engineer: it belongs to another delivery.',
  },
  'came-provisioned': {
    cause: cause['came-provisioned'],
    remedy: 'Take the module out: it only gets a label, in an order of its manifest.',
  },
  'no-identity': {
    cause: cause['no-identity'],
    remedy: 'The engineer checks the attestation files of the order. The board itself is good.',
  },
  'records-unavailable': {
    cause: cause['records-unavailable'],
    remedy: 'The engineer checks the disk of the station. Nothing was written to the board without a record.',
  },
  'stub-not-started': {
    cause: cause['stub-not-started'],
    remedy: 'Insert the board again. If it stays, the power supply of the slot is the first suspect.',
  },
  'link-unreliable': {
    cause: cause['link-unreliable'],
    remedy: 'Check the cable and the contacts of the slot, then insert the board again.',
  },
  'no-progress': {
    cause: cause['no-progress'],
    remedy: 'Check the seat of the board, then insert it again. It gets the same identity as before.',
  },
  'write-refused': {
    cause: cause['write-refused'],
    remedy: 'Put the board aside: its flash memory is faulty or not soldered well.',
  },
  'digest-mismatch': {
    cause: cause['digest-mismatch'],
    remedy: 'Put the board aside: its flash memory does not keep what is written.',
  },
  'not-booting': {
    cause: cause['not-booting'],
    remedy: 'Put the board aside for repair.',
  },
  stopped: {
    cause: cause['stopped'],
    remedy: 'Start again when you are ready. The board keeps its identity.',
  },
  interrupted: {
    cause: cause['interrupted'],
    remedy: 'Insert the board again. It gets the same identity as before.',
  },
  internal: {
    cause: cause['internal'],
    remedy: 'Call the engineer: the run log says what happened.',
  },
} satisfies Record<FailureCode, { cause: string; remedy: string }>

/** Used in place of the cause when all its values are known. */
export const failureWith = {
  'wrong-chip': 'The order is for {expected}, this board is {found}.',
  'wrong-flash-size': 'The firmware needs {expected} MB of memory, this board has {found} MB.',
  'bound-elsewhere': 'This board belongs to the order {order}.',
  'not-in-manifest': 'The manifest of this order does not have the module {mac}.',
  'came-provisioned': 'This module came provisioned as {serial}; nothing may be written to it.',
  'security-differs': 'The chip has security settings that the order does not expect: {found}.',
}
