/** The chip's own USB: the controller that is nothing but a serial port and JTAG, or the one that the chip's software drives. */
export type OwnUsb = 'serial-jtag' | 'otg'

/** A serial port of this machine, and where it is. */
export interface FoundPort {
  readonly path: string
  /** The physical place of its socket, the same tomorrow; undefined for ports that are not on USB. */
  readonly location: string | undefined
  /** Four hexadecimal digits, lower case. */
  readonly vendorId: string | undefined
  readonly productId: string | undefined
  readonly serialNumber: string | undefined
  readonly manufacturer: string | undefined
  readonly product: string | undefined
  /** Milliseconds that an FTDI adapter waits for more before it hands bytes over; undefined for other adapters. */
  readonly latencyTimer: number | undefined
}
