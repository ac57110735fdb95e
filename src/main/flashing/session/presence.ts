/**
 * Is there a board in a socket, and is it still the same? A fixture's adapter stays when the board is taken out, so silence is the
 * only sign, and a host that is busy hears nothing either: so only that counts in which the host was prompt. A board that has been
 * finished is put into its loader once and then only spoken to: no further reset.
 */
import { connect, PROBE_PLAN, SYNCS_PER_LOOK, syncSurely, type ConnectPlan } from '../loader/connect.ts'
import { RunFailure } from '../failure.ts'
import { identify } from '../loader/identify.ts'
import type { Loader } from '../loader/loader.ts'
import type { Reset } from '../loader/reset.ts'

/** Between two questions to a board that is still there, milliseconds of the device. */
const ASK_PAUSE = 300
/** A port that is the board itself says by itself that it goes; so often it is looked whether that has happened. */
const OWN_USB_PAUSE = 1_000
/** So many questions in a row unanswered mean that it is gone: half a second on a host that is not busy. */
const SILENCES = 5

/** One quiet look: with this reset of the plan, does a loader answer? */
export const boardAnswers = async (
  loader: Loader,
  plan: ConnectPlan,
  look: number,
  signal: AbortSignal,
): Promise<boolean> => {
  const reset = plan[look % plan.length]
  try {
    await connect(loader, reset === undefined ? [] : [reset], signal, SYNCS_PER_LOOK)
    return true
  } catch (error) {
    if (error instanceof RunFailure && error.code === 'no-answer') return false
    throw error
  }
}

/** Which board is it? Null where it would not say. */
const macOf = async (loader: Loader, signal: AbortSignal): Promise<string | null> => {
  try {
    return (await identify(loader, undefined)).mac
  } catch (error) {
    if (signal.aborted || (error instanceof RunFailure && error.code === 'port-lost')) throw error
    return null
  }
}

/**
 * Resolves when the board with this MAC no longer answers, or when another one does.
 *
 * @param reset the fixture's own way into the loader; the usual ones without
 * @param mac of the board that is in the socket; null where it could not be read, and then only silence counts
 */
export const boardLeaves = async (
  loader: Loader,
  mac: string | null,
  signal: AbortSignal,
  reset?: Reset,
): Promise<void> => {
  try {
    // The chip's own USB leaves with it: there is nothing to ask, and no need for a reset.
    while (loader.link.ownUsb) await loader.nextFrame(OWN_USB_PAUSE)
    await connect(loader, reset ? PROBE_PLAN.map(() => reset) : PROBE_PLAN, signal, SYNCS_PER_LOOK, syncSurely)
    const found = await macOf(loader, signal)
    if (found !== null && mac !== null && found !== mac) return
    for (let silences = 0; silences < SILENCES;) {
      await loader.idle(ASK_PAUSE)
      for (silences = 0; silences < SILENCES && !(await syncSurely(loader));) silences++
    }
  } catch (error) {
    const absent = error instanceof RunFailure && (error.code === 'no-answer' || error.code === 'port-lost')
    if (signal.aborted || !absent) throw error
  }
}
