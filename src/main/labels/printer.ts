/** What the label queue needs of a printer, whatever it is: bytes handed over, and a look at it. */
import type { PrinterView } from '../../contract/index.ts'
import type { Layout } from './layout.ts'

export type PrinterState = PrinterView['state']

/** What a printer showed at one moment. */
export interface PrinterSight {
  readonly state: PrinterState
  /** Labels that are in it and have not come out; null where it cannot tell. */
  readonly pending: number | null
  /** Its buffer takes nothing now: what was sent may still be on its way, and nothing more is. */
  readonly full?: boolean
  /** Labels that it has printed in its life; null where it cannot tell. */
  readonly count: number | null
  /** Rises whenever the connection was made anew; what was seen before may be lost with the printer's memory. */
  readonly session: number
}

export interface PrintJob {
  /** What it is called where jobs have names: its label's serial, or those of a row. */
  readonly name: string
  readonly layout: Layout
}

export interface Printer {
  /** Its address, e.g. `tcp://192.168.0.20:9100`. */
  readonly name: string
  /**
   * Can it tell that a label came out? Where not, a label ends as sent when `send` has resolved, and `send` is safe to repeat only
   * if the person says so, or `repeatable`.
   */
  readonly confirms: boolean
  /** Sending the same label twice leaves one, as in a folder. */
  readonly repeatable: boolean
  /** Never throws: a printer that cannot be reached is a state. Takes bounded time. */
  look(): Promise<PrinterSight>
  /**
   * Hands a label over.
   *
   * @param session of the look that allowed it: over a newer connection nothing is sent
   * @throws PrinterError saying whether any of it can have arrived
   */
  send(job: PrintJob, session: number): Promise<void>
  close(): Promise<void>
}

/** Why a label was not handed over. */
export class PrinterError extends Error {
  /** 'nothing': it is certain that no label comes of it; 'unknown': part or all of it may have arrived. */
  readonly arrived: 'nothing' | 'unknown'

  constructor(arrived: PrinterError['arrived'], message: string) {
    super(message)
    this.name = 'PrinterError'
    this.arrived = arrived
  }
}
