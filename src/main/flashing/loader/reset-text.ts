/**
 * A fixture's own way into the loader, as a person types it: the name of a known one, or steps as esptool's configuration has them, such
 * as `D0|R1|W0.1|D1|R0|W0.05|D0`: D and R set DTR and RTS, U0,1 both at once, W waits so many seconds.
 *
 * Source: https://docs.espressif.com/projects/esptool/en/latest/esp32/esptool/configuration-file.html (custom reset sequence).
 */
import { RESET_SEQUENCES, type Reset, type ResetName, type ResetStep } from './reset.ts'

const NAMES = Object.keys(RESET_SEQUENCES) as ResetName[]
/** No circuit needs longer, seconds. */
const LONGEST_WAIT = 10
const STEP = /^(?:D([01])|R([01])|U([01]),([01])|W(\d+(?:\.\d+)?))$/u

const refusal = (text: string, why: string): RangeError =>
  new RangeError(
    `'${text}' is no reset: ${why}; one of ${NAMES.join(', ')} is, or steps such as D0|R1|W0.1|D1|R0|W0.05|D0`,
  )

/** @throws RangeError saying which step is wrong and what is allowed */
export const parseReset = (text: string): Reset => {
  const name = NAMES.find((known) => known === text.trim())
  if (name) return name
  const steps: ResetStep[] = []
  let lines = { dtr: false, rts: false }
  for (const part of text.split('|')) {
    const match = STEP.exec(part.trim())
    if (!match) throw refusal(text, `the step '${part.trim()}' is not known`)
    const [, dtr, rts, bothDtr, bothRts, seconds] = match
    if (seconds !== undefined) {
      if (Number(seconds) > LONGEST_WAIT) throw refusal(text, `${seconds} s is longer than ${LONGEST_WAIT} s`)
      const before = steps.pop() ?? { ...lines, hold: 0 }
      steps.push({ ...before, hold: before.hold + Math.round(Number(seconds) * 1000) })
      continue
    }
    lines = {
      dtr: (dtr ?? bothDtr) === undefined ? lines.dtr : (dtr ?? bothDtr) === '1',
      rts: (rts ?? bothRts) === undefined ? lines.rts : (rts ?? bothRts) === '1',
    }
    steps.push({ ...lines, hold: 0 })
  }
  return steps
}
