/** Which sockets fail for want of contact: again and again, and clearly more often than the others. */
import { isContactFailure, type FailureCode } from '../../contract/index.ts'

export interface SocketHistory {
  readonly slot: number
  /** The latest runs, the newest first: null for a pass. */
  readonly runs: readonly (FailureCode | null)[]
}

/** One lost contact may be the board, two are the socket. */
const AGAIN = 2
/** As often as the others: then it is the boards, or the power supply of them all. */
const TIMES_OTHERS = 2

const contacts = (runs: SocketHistory['runs']): number =>
  runs.filter((code) => code !== null && isContactFailure(code)).length

const share = (histories: readonly SocketHistory[]): number => {
  const runs = histories.flatMap((history) => history.runs)
  return runs.length === 0 ? 0 : contacts(runs) / runs.length
}

/** The slots whose sockets are suspect. */
export const suspectSockets = (histories: readonly SocketHistory[]): ReadonlySet<number> =>
  new Set(
    histories
      .filter(
        (history) =>
          contacts(history.runs) >= AGAIN &&
          share([history]) > TIMES_OTHERS * share(histories.filter((other) => other !== history)),
      )
      .map(({ slot }) => slot),
  )
