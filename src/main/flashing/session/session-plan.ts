import type { ChipName } from '../../espressif/chips.ts'
import type { ConnectPlan } from '../loader/connect.ts'
import type { Reset } from '../loader/reset.ts'

/** The rate at which every ROM starts. */
export const ROM_BAUD = 115_200

/** What an order says about the boards' security; what it leaves out has to be off. */
export interface SecurityExpectation {
  readonly secureBoot?: boolean
  readonly flashEncryption?: boolean
  readonly secureDownload?: boolean
}

/** What is to be done with a board, and with which boards. */
export interface SessionPlan {
  /** The chip that the order names; any other is refused. Undefined to take whatever answers. */
  readonly chip: ChipName | undefined
  readonly baud: number
  readonly useStub: boolean
  /** Leave regions alone whose digest on the device is right already. */
  readonly skipUnchanged: boolean
  /** How an absent board is looked for; without, the board is expected to be there. */
  readonly connectPlan?: ConnectPlan
  /** The fixture's own way into the loader; the usual ones in turn without. */
  readonly reset?: Reset
  /** What protects the boards of this order; any other state is refused. Nothing unless said. */
  readonly security?: SecurityExpectation
  /** 'by-device': the chip encrypts what is written. Else bytes are written as they are, encrypted beforehand where they have to be. */
  readonly encryption?: 'by-device'
  /** The order takes boards whose content cannot be read back. */
  readonly allowUnverified?: boolean
  /** What the firmware says on this port once it has started, to be waited for; nothing is waited for without. */
  readonly bootText?: string
  /** How the application is started: by the reset line, or by the chip's watchdog where it has one for that. Whichever suits, unless said. */
  readonly startBy?: 'reset' | 'watchdog'
  /** Nothing is written: the board is only identified, whatever protects it, and its chip has to be one of these. */
  readonly readOnly?: { readonly chips: readonly ChipName[] }
  /** Bytes of flash that the release needs at least. */
  readonly flashNeeded: number
}
