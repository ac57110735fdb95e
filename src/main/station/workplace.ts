/** Where a station makes its orders: its slots, and what of every order depends on them. */
import type { Dpi } from '../labels/layout.ts'
import type { FlashBaySpec } from './bay/flash-bay.ts'

export interface Workplace {
  readonly bay: FlashBaySpec
  readonly baud: number
  /** Resolution of the label printer. */
  readonly dpi: Dpi
  /** The boards are simulated: labels say DEMO. */
  readonly simulated: boolean
}
