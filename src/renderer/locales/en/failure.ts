/** What goes wrong with a board, in plain words: what happened, and what to do. */
import type { BoardAction, FailureCode } from '../../../contract/index.ts'

/** What to do with the board. */
export const board = {
  reinsert: 'Insert the board again.',
  'red-bin': 'Put the board in the red bin (quarantine).',
  rework: 'Put the board in the rework bin.',
  'call-engineer': 'Call the engineer.',
  remove: 'Take the board out.',
  none: 'Nothing has to be done with the board.',
} satisfies Record<BoardAction, string>

export const failure = {
  'no-answer': {
    cause: 'The board does not answer.',
    remedy:
      'Seat the board firmly and try again. If other boards fail in this slot too, the fixture needs the engineer.',
  },
  'port-busy': {
    cause: 'Another program uses the port of this slot.',
    remedy: 'The engineer closes the other program, then the slot is tried again.',
  },
  'port-lost': {
    cause: 'The slot lost its connection.',
    remedy: 'Check the cable of the slot and the seat of the board, then insert the board again.',
  },
  'port-denied': {
    cause: 'The computer does not allow the use of this port.',
    remedy: 'The engineer gives this user access to the serial port.',
  },
  'baud-unsupported': {
    cause: 'The adapter of this slot cannot work at the speed that is set.',
    remedy: 'The engineer sets a lower speed for the line.',
  },
  'wrong-chip': {
    cause: 'This board has another chip than the order needs.',
    remedy: 'Take the board out and check that the boards in the tray are those of this order.',
  },
  'wrong-flash-size': {
    cause: 'The memory of this board is too small for the firmware.',
    remedy: 'Take the board out and check that the boards in the tray are those of this order.',
  },
  'security-differs': {
    cause: 'The security settings of this chip are not those that the order expects.',
    remedy: 'Take the board out and keep it for the engineer: it may come from another production.',
  },
  'unreadable-mac': {
    cause: 'The address of this chip cannot be read.',
    remedy: 'The chip is faulty. Put the board aside.',
  },
  'made-before': {
    cause: 'This board has passed before.',
    remedy: 'Take the board out. If its label is missing, reprint the label.',
  },
  scrapped: {
    cause: 'This board was scrapped before.',
    remedy: 'Take the board out and put it with the scrap: it is not made any more.',
  },
  'bound-elsewhere': {
    cause: 'This board belongs to another order.',
    remedy: 'Take the board out and keep it for the engineer: it keeps the identity of its own order.',
  },
  'not-in-manifest': {
    cause: 'The manifest of this order does not have this module.',
    remedy: 'Take the module out and keep it for the engineer: it belongs to another delivery.',
  },
  'came-provisioned': {
    cause: 'This module came provisioned; nothing may be written to it.',
    remedy: 'Take the module out: it only gets a label, in an order of its manifest.',
  },
  'no-identity': {
    cause: 'There is no identity for this board.',
    remedy: 'The engineer checks the attestation files of the order. The board itself is good.',
  },
  'records-unavailable': {
    cause: 'The records cannot be written.',
    remedy: 'The engineer checks the disk of the station. Nothing was written to the board without a record.',
  },
  'stub-not-started': {
    cause: 'The board did not start the loading program.',
    remedy: 'Insert the board again. If it stays, the power supply of the slot is the first suspect.',
  },
  'link-unreliable': {
    cause: 'The data arrives damaged.',
    remedy: 'Check the cable and the contacts of the slot, then insert the board again.',
  },
  'no-progress': {
    cause: 'The board stopped answering while it was written.',
    remedy: 'Check the seat of the board, then insert it again. It gets the same identity as before.',
  },
  'write-refused': {
    cause: 'The memory of this board refuses to be written.',
    remedy: 'Put the board aside: its flash memory is faulty or not soldered well.',
  },
  'digest-mismatch': {
    cause: 'What was read back differs from what was written.',
    remedy: 'Put the board aside: its flash memory does not keep what is written.',
  },
  'not-booting': {
    cause: 'The board was written, but its firmware does not start.',
    remedy: 'Put the board aside for repair.',
  },
  stopped: {
    cause: 'The run was stopped by a person.',
    remedy: 'Start again when you are ready. The board keeps its identity.',
  },
  interrupted: {
    cause: 'The program ended during this run.',
    remedy: 'Insert the board again. It gets the same identity as before.',
  },
  internal: {
    cause: 'Imprint made an error.',
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
