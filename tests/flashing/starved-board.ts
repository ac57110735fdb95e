/** A board in its loader behind a port of a starved host: it answers SYNC, and nothing else. */
import type { Link } from '../../src/main/flashing/links/link.ts'
import { OPCODES } from '../../src/main/flashing/loader/command.ts'
import { encodeSlip } from '../../src/main/flashing/loader/slip.ts'
import type { StarvedHost } from './starved-host.ts'

/** The ROM's answer to SYNC: header, value, four status bytes. */
const ANSWER = encodeSlip(Uint8Array.of(1, OPCODES.sync, 4, 0, 7, 7, 0x12, 0x20, 0, 0, 0, 0))
const ANSWERS = 8
/** SYNC is on the wire for some milliseconds, and so is what comes back. */
const BOARD_TAKES = 8
/** From a thread to another on a host that has nothing else to do, milliseconds. */
export const HOP = 0.1

export interface BoardOnHost {
  readonly link: Link
  takeOut(): void
}

export const boardOnHost = (host: StarvedHost, hop = HOP): BoardOnHost => {
  let present = true
  let listener: ((bytes: Uint8Array) => void) | undefined
  const nothing = (): Promise<void> => Promise.resolve()
  const roundTrip = (): Promise<void> =>
    new Promise((resolve) => host.post('owner', () => host.post('own', resolve, hop), hop))
  const answer = (): void => {
    if (!present) return
    for (let nth = 0; nth < ANSWERS; nth++)
      host.post('owner', () => host.post('own', () => listener?.(ANSWER), hop), BOARD_TAKES + nth)
  }
  return {
    takeOut() {
      present = false
    },
    link: {
      ...{ address: 'test', ownUsb: undefined, hasBaud: true, hasLines: () => true },
      write(bytes) {
        // Only SYNC is understood: who the board is, it does not say.
        if (bytes[2] === OPCODES.sync) host.post('owner', answer, hop)
        return Promise.resolve()
      },
      settle: roundTrip,
      setLines: roundTrip,
      onData(next) {
        listener = next
      },
      ...{ onLost: () => undefined, setBaud: nothing, discardInput: nothing, close: nothing },
    },
  }
}
