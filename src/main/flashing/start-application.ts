import { RunFailure } from './failure.ts'
import type { Loader } from './loader.ts'
import { resetIntoApplication } from './reset.ts'
import { ROM_BAUD, type SessionPlan } from './session-plan.ts'
import { limitOf } from './timing.ts'

/** Firmware that has not spoken by then does not start, milliseconds. */
const BOOT_LIMIT = 10_000
const LISTEN = 100
const HEARD_KEPT = 4_096
const TOLD = 160

/**
 * Starts the application, and waits for what it says where the plan knows it. The console speaks at the rate at which every ROM starts.
 *
 * @throws RunFailure `not-booting` with the end of what was heard instead
 */
export const startApplication = async (loader: Loader, plan: SessionPlan): Promise<void> => {
  const { link, timing } = loader
  const { bootText } = plan
  if (bootText !== undefined && link.hasBaud) await link.setBaud(ROM_BAUD)
  loader.takeText()
  await resetIntoApplication(link, timing)
  if (bootText === undefined || !link.hasLines()) return
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
