/**
 * How a board is put into its loader, and out of it, by the two control lines of its serial adapter: RTS pulls EN low, DTR pulls the
 * boot pin low, through the usual pair of transistors. Sequences are data, so that a fixture can have its own.
 *
 * Source: esptool's reset strategies as documented in 'Boot Mode Selection'
 * (https://docs.espressif.com/projects/esptool/en/latest/esp32c3/advanced-topics/boot-mode-selection.html).
 */
import type { Link } from '../links/link.ts'
import { pause, type Timing } from '../timing.ts'

export interface ResetStep {
  readonly dtr: boolean
  readonly rts: boolean
  /** Milliseconds to stay. */
  readonly hold: number
}

export type ResetName = 'classic' | 'classic-long' | 'unix-tight' | 'usb-jtag' | 'none'

/** Both lines change in one call on Unix, so 'classic' is as tight as the system allows. */
export const RESET_SEQUENCES: Readonly<Record<ResetName, readonly ResetStep[]>> = {
  classic: [
    { dtr: false, rts: true, hold: 100 },
    { dtr: true, rts: false, hold: 50 },
    { dtr: false, rts: false, hold: 0 },
  ],
  // For boards with a large capacitor on EN.
  'classic-long': [
    { dtr: false, rts: true, hold: 100 },
    { dtr: true, rts: false, hold: 550 },
    { dtr: false, rts: false, hold: 0 },
  ],
  'unix-tight': [
    { dtr: false, rts: false, hold: 0 },
    { dtr: true, rts: true, hold: 0 },
    { dtr: false, rts: true, hold: 100 },
    { dtr: true, rts: false, hold: 50 },
    { dtr: false, rts: false, hold: 0 },
  ],
  'usb-jtag': [
    { dtr: false, rts: false, hold: 100 },
    { dtr: true, rts: false, hold: 100 },
    { dtr: true, rts: true, hold: 0 },
    { dtr: false, rts: true, hold: 100 },
    { dtr: false, rts: false, hold: 0 },
  ],
  none: [],
}

/** A sequence by its name, or a fixture's own. */
export type Reset = ResetName | readonly ResetStep[]

const HARD_RESET: readonly ResetStep[] = [
  { dtr: false, rts: true, hold: 100 },
  { dtr: false, rts: false, hold: 0 },
]
/** The chip's own USB takes longer to see a change. */
const HARD_RESET_OWN_USB: readonly ResetStep[] = [
  { dtr: false, rts: true, hold: 200 },
  { dtr: false, rts: false, hold: 200 },
]

const play = async (link: Link, steps: readonly ResetStep[], timing: Timing, signal?: AbortSignal): Promise<void> => {
  for (const { dtr, rts, hold } of steps) {
    await link.setLines({ dtr, rts })
    if (!link.hasLines()) return
    try {
      await pause(timing, hold, signal)
    } catch (error) {
      // Stopped in between: the board must not be left held in reset.
      await link.setLines({ dtr: false, rts: false }).catch(() => undefined)
      throw error
    }
  }
}

/** Resets the board into its ROM loader. The chip's own USB has one sequence only. */
export const resetIntoLoader = (link: Link, reset: Reset, timing: Timing, signal?: AbortSignal): Promise<void> => {
  const own = link.ownUsb !== undefined && typeof reset === 'string' && reset !== 'none'
  const steps = typeof reset === 'string' ? RESET_SEQUENCES[own ? 'usb-jtag' : reset] : reset
  return play(link, steps, timing, signal)
}

/** Resets the board into its application. */
export const resetIntoApplication = (link: Link, timing: Timing): Promise<void> =>
  play(link, link.ownUsb ? HARD_RESET_OWN_USB : HARD_RESET, timing)
