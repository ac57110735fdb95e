import { words } from './command.ts'
import type { Watchdog } from '../../espressif/chips.ts'
import { RunFailure } from '../failure.ts'
import { LoaderRefusal, LoaderSilence, type Loader } from './loader.ts'
import { writeRegisters } from './registers.ts'

/** Unlocks the watchdog's registers. */
const KEY = 0x50d83aa1
/** Ticks of the slow clock until it bites, about 15 ms. */
const TICKS = 2000
/** Enabled; its first stage resets the whole chip; pulses of 3.2 µs to the domains. */
const SETTINGS = 0x80000000 | (5 << 28) | (1 << 8) | 2
/** Milliseconds of the device until the reset has surely happened. */
const BITES_WITHIN = 500
/** The answer to the last word comes at once or, if the watchdog was quicker, never. */
const LAST_WORD = 200

/**
 * Resets the whole chip by its own watchdog, which reads the boot pin anew: out of the loader also where the reset lines of the chip's own
 * USB only start the loader again. The port may be gone afterwards.
 *
 * Source: technical reference manuals, chapter 'Watchdog Timers' (RTC watchdog, write protection).
 */
export const watchdogReset = async (loader: Loader, { protect, config0, config1 }: Watchdog): Promise<void> => {
  try {
    await writeRegisters(loader, [
      [protect, KEY],
      [config1, TICKS],
      [config0, SETTINGS],
    ])
    await loader.request('writeReg', words(protect, 0, 0xffffffff, 0), { limit: LAST_WORD })
  } catch (error) {
    const gone = error instanceof RunFailure && error.code === 'port-lost'
    if (!gone && !(error instanceof LoaderSilence) && !(error instanceof LoaderRefusal)) throw error
  }
  await loader.pause(BITES_WITHIN)
}
