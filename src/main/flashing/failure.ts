import type { BoardAction, FailureCode, RunStep } from '../../contract/index.ts'

export type FailureParams = Readonly<Record<string, string | number>>

/** What a code means to the line: whether another try can help, what the operator does with the board, and the terminal's help. */
interface FailureKind {
  readonly retry: boolean
  readonly board: BoardAction
  readonly help: string
}

const KINDS: Record<FailureCode, FailureKind> = {
  'no-answer': {
    retry: true,
    board: 'reinsert',
    help: 'Seat the board again; check power, TX and RX, and that BOOT is low at reset.',
  },
  'port-busy': { retry: true, board: 'call-engineer', help: 'Close the other program that has the port open.' },
  'port-lost': {
    retry: true,
    board: 'reinsert',
    help: 'Check the cable, or that the device server is reached, and the seat of the board, then try again.',
  },
  'port-denied': {
    retry: false,
    board: 'call-engineer',
    help: 'Give this user access to the port (see docs/line-set-up.md).',
  },
  'baud-unsupported': {
    retry: true,
    board: 'call-engineer',
    help: 'Choose a lower baud rate: this adapter cannot do it.',
  },
  'wrong-chip': { retry: false, board: 'remove', help: 'Take the board out: it is not the chip that the order names.' },
  'wrong-flash-size': {
    retry: false,
    board: 'remove',
    help: 'Take the board out: its flash is smaller than the firmware needs.',
  },
  'security-differs': {
    retry: false,
    board: 'remove',
    help: 'Take the board out: its security state is not the one that the order expects.',
  },
  'unreadable-mac': { retry: false, board: 'red-bin', help: 'Put the board aside: its MAC address is empty.' },
  'boot-unheard': {
    retry: false,
    board: 'call-engineer',
    help: 'Leave the text of the firmware out, or use a port with reset lines that stays through a reset.',
  },
  'made-before': {
    retry: false,
    board: 'remove',
    help: 'This board has passed before: reprint its label, rework it, or take it out.',
  },
  'bound-elsewhere': {
    retry: false,
    board: 'remove',
    help: 'This board already has an identity of another order; finish it there, or take it out.',
  },
  'not-in-manifest': {
    retry: false,
    board: 'remove',
    help: 'Take the module out: the manifest of the order does not have it.',
  },
  'came-provisioned': {
    retry: false,
    board: 'remove',
    help: 'Take the module out: it came provisioned, and an order of its manifest labels it.',
  },
  scrapped: {
    retry: false,
    board: 'red-bin',
    help: 'This board was scrapped; put it in the red bin.',
  },
  rejected: {
    retry: false,
    board: 'red-bin',
    help: 'This unit was rejected as the first article of its order; put it in the red bin.',
  },
  'no-identity': {
    retry: false,
    board: 'call-engineer',
    help: 'No identity could be made ready; see the station log.',
  },
  'records-unavailable': {
    retry: false,
    board: 'call-engineer',
    help: 'The records cannot be written; check the disk of the data folder.',
  },
  'stub-not-started': {
    retry: true,
    board: 'reinsert',
    help: 'Try again; if it stays, flash without the stub (--no-stub).',
  },
  'link-unreliable': { retry: true, board: 'reinsert', help: 'Check cable and contacts; a lower baud rate may help.' },
  'no-progress': {
    retry: true,
    board: 'reinsert',
    help: 'The board stopped answering; check its power, then try again.',
  },
  'write-refused': {
    retry: true,
    board: 'red-bin',
    help: 'The flash reports an error; put the board aside if it stays.',
  },
  'digest-mismatch': {
    retry: true,
    board: 'red-bin',
    help: 'What was read back differs from what was written; put the board aside if it stays.',
  },
  'not-booting': { retry: true, board: 'red-bin', help: 'The board was written but its firmware does not start.' },
  stopped: { retry: false, board: 'none', help: 'A person stopped the run.' },
  interrupted: { retry: true, board: 'reinsert', help: 'The program ended during the run; insert the board again.' },
  internal: { retry: false, board: 'call-engineer', help: 'This is a fault of Imprint; export the log.' },
}

/**
 * A run's failure: a closed set of codes, the step in which it happened, and a detail for the engineer that never holds a secret.
 */
export class RunFailure extends Error {
  readonly code: FailureCode
  readonly step: RunStep
  readonly params: FailureParams

  constructor(code: FailureCode, step: RunStep, detail: string, params: FailureParams = {}) {
    super(detail)
    this.name = 'RunFailure'
    this.code = code
    this.step = step
    this.params = params
  }

  get retry(): boolean {
    return KINDS[this.code].retry
  }

  get board(): BoardAction {
    return KINDS[this.code].board
  }

  /** What to do next, one sentence. */
  get help(): string {
    return KINDS[this.code].help
  }
}

/** A failure as it travels between threads and is kept in records. */
export interface FailureData {
  readonly code: FailureCode
  readonly step: RunStep
  readonly params: FailureParams
  readonly detail: string
}

export const failureData = (error: unknown, step: RunStep): FailureData =>
  error instanceof RunFailure
    ? { code: error.code, step: error.step, params: error.params, detail: error.message }
    : {
        code: 'internal',
        step,
        params: {},
        detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }

export const failureFromData = (data: FailureData): RunFailure =>
  new RunFailure(data.code, data.step, data.detail, data.params)
