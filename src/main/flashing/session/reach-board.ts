import type { BindingInterface } from '@serialport/bindings-interface'
import { connect, DEFAULT_PLAN, type ConnectPlan } from '../loader/connect.ts'
import { RunFailure } from '../failure.ts'
import type { Link } from '../links/link.ts'
import { createLoader, type Loader } from '../loader/loader.ts'
import { openLink } from '../links/open-link.ts'
import { ROM_BAUD } from './session-plan.ts'
import { idle, type Timing } from '../timing.ts'

/** The chip's own USB is away for about so long after a reset, milliseconds, and is waited for so many times. */
export const RETURN_PAUSE = 1_000
const RETURNS = 4

/**
 * Opens a port and connects to the board that is expected on it. A port that the reset itself takes away is waited for, and the board
 * that comes back with it is in its loader: it is spoken to without a further reset, which would take the port away again.
 *
 * @throws RunFailure
 */
export const reachBoard = async (
  binding: BindingInterface,
  address: string,
  timing: Timing,
  options: { readonly plan?: ConnectPlan; readonly signal?: AbortSignal } = {},
): Promise<Loader> => {
  const { plan = DEFAULT_PLAN, signal } = options
  let left = false
  for (let tries = 1; ; tries++) {
    let link: Link | undefined
    try {
      link = await openLink(binding, address, { baud: ROM_BAUD })
      const loader = createLoader(link, timing, signal)
      await connect(loader, left ? ['none', ...plan] : plan, signal)
      return loader
    } catch (error) {
      await link?.close()
      left ||= link?.ownUsb !== undefined
      const mayReturn = left && error instanceof RunFailure && error.code === 'port-lost'
      if (signal?.aborted || !mayReturn || tries === RETURNS) throw error
      await idle(timing, RETURN_PAUSE, signal)
    }
  }
}
