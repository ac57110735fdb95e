import type { SimulatedClock } from './pace.ts'
import type { SimulatedBoard } from './simulated-board.ts'

/** Bytes from the host until a loose plug loses contact. */
const CONTACT_LASTS = 0x5000
/** It makes contact again after so many milliseconds. */
const UNPLUGGED_FOR = 800

/** The plug between a host and a board, with the faults that the board was given: another program at the port, or no contact. */
export interface Contact {
  /** A program opens the port: false where another has it. */
  opens(): boolean
  /** So many bytes come from the host: false where the plug comes out before them, and the board is without power. */
  carries(bytes: number): boolean
}

/** @param returned called when there is contact again */
export const createContact = (
  board: () => SimulatedBoard | undefined,
  clock: SimulatedClock,
  returned: () => void,
): Contact => {
  let carried = 0
  return {
    opens() {
      const faults = board()?.faults
      if (faults?.shows('port-busy')) {
        // The other program lets go of the port, and with it ends what would have been a run.
        faults.runBegins()
        return false
      }
      carried = 0
      return true
    },
    carries(bytes) {
      carried += bytes
      const held = board()
      if (carried <= CONTACT_LASTS || !held?.faults.shows('usb-unplugged')) return true
      held.powerOff()
      void clock.wait(UNPLUGGED_FOR).then(() => {
        returned()
        board()?.powerOn()
      })
      return false
    },
  }
}
