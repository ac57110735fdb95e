import { RunFailure } from '../failure.ts'
import type { Loader } from '../loader/loader.ts'
import type { BoardFacts } from '../loader/identify.ts'
import { CHIPS, type Watchdog } from '../../espressif/chips.ts'
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

/** Over the USB that the chip's software drives, the reset lines lead nowhere; in Secure Download Mode no register can be written. */
const watchdogFor = ({ link }: Loader, board: BoardFacts, by: SessionPlan['startBy']): Watchdog | undefined => {
  const wanted = by === 'watchdog' || (by === undefined && link.ownUsb === 'otg')
  return wanted && !board.security.secureDownload ? CHIPS[board.chip].watchdog : undefined
}

/**
 * Is a text to be waited for that could never be heard? Not where the port goes away with the reset, as the chip's own USB does, and
 * not where nothing can start the application.
 *
 * @throws RunFailure `boot-unheard`
 */
export const refuseUnheard = (loader: Loader, board: BoardFacts, { bootText, startBy }: SessionPlan): void => {
  const { link } = loader
  if (bootText === undefined) return
  const starts = link.hasLines() || watchdogFor(loader, board, startBy) !== undefined
  if (starts && !link.ownUsb) return
  const why = link.ownUsb ? "the chip's own USB, which goes away with the reset" : 'a port without reset lines'
  throw new RunFailure(
    'boot-unheard',
    loader.step,
    `${link.address}: what the firmware says cannot be waited for over ${why}`,
    { port: link.address, expected: bootText },
  )
}

/**
 * Out of the loader: by the reset lines, or by the watchdog where they cannot, unless a person decided otherwise.
 */
export const leaveLoader = async (loader: Loader, board: BoardFacts, by?: SessionPlan['startBy']): Promise<void> => {
  const watchdog = watchdogFor(loader, board, by)
  if (watchdog) await watchdogReset(loader, watchdog)
  else await resetIntoApplication(loader.link, loader.timing).catch(unlessGone(loader))
}

/**
 * Starts the application, and waits for what it says where the plan knows it. The console speaks at the rate at which every ROM starts.
 *
 * @throws RunFailure `not-booting` with the end of what was heard instead; `boot-unheard` as refuseUnheard
 */
export const startApplication = async (loader: Loader, board: BoardFacts, plan: SessionPlan): Promise<void> => {
  const { link, timing } = loader
  const { bootText } = plan
  if (bootText !== undefined && link.hasBaud) await link.setBaud(ROM_BAUD)
  loader.takeText()
  await leaveLoader(loader, board, plan.startBy)
  if (bootText === undefined) return
  // Only now is it known for sure whether there are reset lines.
  refuseUnheard(loader, board, plan)
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
