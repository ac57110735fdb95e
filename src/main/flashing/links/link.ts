import type { OwnUsb } from '../ports/found-port.ts'

/** A byte stream to one board, with the control lines where there are any. One owner at a time. */
export interface Link {
  /** As the engineer named it: a path, `socket://host:port`, `rfc2217://host:port`. */
  readonly address: string
  /** Can DTR and RTS be set? Not on pseudo-terminals and plain sockets: then the board is expected to be in its loader. */
  hasLines(): boolean
  /** Set where the port is the chip's own USB, which comes and goes with the board. */
  readonly ownUsb: OwnUsb | undefined
  /** Has it a rate? A plain socket has none. */
  readonly hasBaud: boolean
  /** Hands bytes over; resolves when more can be taken. */
  write(bytes: Uint8Array): Promise<void>
  /**
   * Resolves when what was written before is with the system, and whoever owns the port has had a turn: what that had received before is
   * delivered by then, or with the next turn.
   */
  settle(): Promise<void>
  /** One listener at a time. */
  onData(listener: (bytes: Uint8Array) => void): void
  /** Called once when the link goes away other than by close(). */
  onLost(listener: (reason: string) => void): void
  setLines(lines: { dtr: boolean; rts: boolean }): Promise<void>
  /** Rejects when the adapter cannot do it. */
  setBaud(baud: number): Promise<void>
  /** Drops what was received and not yet read. */
  discardInput(): Promise<void>
  close(): Promise<void>
}

export interface LinkOptions {
  readonly baud: number
}

export type OpenLink = (address: string, options: LinkOptions) => Promise<Link>
