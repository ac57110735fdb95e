import { RunFailure } from '../failure.ts'
import type { Loader } from '../loader/loader.ts'
import type { BoardFacts } from '../loader/identify.ts'
import { CHIPS } from '../../espressif/chips.ts'
import { resetIntoApplication } from '../loader/reset.ts'
import { watchdogReset } from '../loader/watchdog-reset.ts'
import { ROM_BAUD, type SessionPlan } from './session-plan.ts'
import { limitOf } from '../timing.ts'

/** Firmware that has not spoken by then does not start, milliseconds. */
const BOOT_LIMIT = 10_000
const LISTEN = 100
const HEARD_KEPT = 4_096
const TOLD = 160

/** The chip's own USB may go away as the reset begins: that is then the sign that it has. */
const unlessGone =
  ({ link }: Loader) =>
  (error: unknown): void => {
    if (!(link.ownUsb && error instanceof RunFailure && error.code === 'port-lost')) throw error
  }

/**
 * Out of the loader. Over the USB that the chip's software drives, the reset lines cannot do it, so there the watchdog does, unless a
 * person decided otherwise; in Secure Download Mode no register can be written.
 */
export const leaveLoader = async (loader: Loader, board: BoardFacts, by?: SessionPlan['startBy']): Promise<void> => {
  const { watchdog } = CHIPS[board.chip]
  const wanted = by === 'watchdog' || (by === undefined && loader.link.ownUsb === 'otg')
  if (watchdog && wanted && !board.security.secureDownload) await watchdogReset(loader, watchdog)
  else await resetIntoApplication(loader.link, loader.timing).catch(unlessGone(loader))
}

/**
 * Starts the application, and waits for what it says where the plan knows it. The console speaks at the rate at which every ROM starts.
 * Nothing is waited for where the link has no reset line, or goes away with the reset as the chip's own USB does.
 *
 * @throws RunFailure `not-booting` with the end of what was heard instead
 */
export const startApplication = async (loader: Loader, board: BoardFacts, plan: SessionPlan): Promise<void> => {
  const { link, timing } = loader
  const { bootText } = plan
  if (bootText !== undefined && link.hasBaud) await link.setBaud(ROM_BAUD)
  loader.takeText()
  await leaveLoader(loader, board, plan.startBy)
  if (bootText === undefined || !link.hasLines() || link.ownUsb) return
  const until = performance.now() + limitOf(timing, BOOT_LIMIT)
  let heard = ''
  while (!heard.includes(bootText)) {
    if (performance.now() > until) {
      const end = JSON.stringify(heard.trim().slice(-TOLD))
      const detail = `${link.address}: the firmware does not say ${JSON.stringify(bootText)}, but ${end}`
      throw new RunFailure('not-booting', loader.step, detail, { expected: bootText })
    }
    await loader.nextFrame(LISTEN)
    heard = (heard + loader.takeText()).slice(-HEARD_KEPT)
  }
}
