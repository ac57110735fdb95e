/** The sockets of the fixture as the screens show them: wear and contact faults, from the records. */
import type { LineSettings, SocketView } from '../../../contract/index.ts'
import { suspectSockets } from '../../line/socket-health.ts'
import type { RunPlace } from '../../line/unit-run.ts'
import type { Records } from '../../records/records.ts'
import type { SocketFacts } from '../../records/socket-records.ts'
import { RequestRefusal } from '../request-refusal.ts'

export interface Sockets {
  view(): SocketView[]
  /** A board was put in: counted in the records. */
  inserted(slot: number): void
  /** A run has ended. */
  look(): void
  cleaned(slot: number, who: string): Promise<void>
  /** Reads no more. */
  close(): void
}

/** So many runs of a socket say how it is now; those before are over. */
const LATEST = 20
const SHOWN_FAILURES = 5

const viewOf = (facts: SocketFacts, isSuspect: boolean, limit: number | null): SocketView => {
  const { runs, ...kept } = facts
  return {
    ...kept,
    due: limit !== null && facts.sinceCleaned >= limit,
    suspect: isSuspect,
    tried: runs.length,
    passed: runs.filter((code) => code === null).length,
    latestFailures: runs.filter((code) => code !== null).slice(0, SHOWN_FAILURES),
  }
}

export const openSockets = async (
  records: Records,
  places: readonly RunPlace[],
  settings: () => LineSettings,
  onChange: () => void,
): Promise<Sockets> => {
  const sockets = places.map(({ slot, port }) => ({ slot, place: port }))
  let facts: readonly SocketFacts[] = []
  let reading: Promise<void> | undefined
  let stale = false
  let closed = false

  const read = async (): Promise<void> => {
    do {
      stale = false
      facts = await records.ask('socketFacts', { sockets, latest: LATEST })
    } while (stale && !closed)
    onChange()
  }
  /** One reading at a time; what changes during one is read by the next. */
  const look = (): void => {
    if (closed) return
    stale = true
    reading ??= read()
      .catch((error: unknown) => {
        process.stderr.write(`sockets: ${error instanceof Error ? error.message : String(error)}\n`)
      })
      .finally(() => {
        reading = undefined
      })
  }
  await read()

  return {
    view() {
      const suspects = suspectSockets(facts)
      return facts.map((each) => viewOf(each, suspects.has(each.slot), settings().socketInsertions))
    },
    inserted(slot) {
      const place = sockets.find((socket) => socket.slot === slot)?.place
      if (place === undefined) return
      records
        .ask('countInsertion', { place })
        .then(look)
        .catch((error: unknown) => {
          process.stderr.write(`sockets: ${error instanceof Error ? error.message : String(error)}\n`)
        })
    },
    look,
    async cleaned(slot, who) {
      const socket = sockets.find((each) => each.slot === slot)
      if (!socket) throw new RequestRefusal('not-found', 'slot-unknown', { slot })
      await records.ask('cleanSocket', { ...socket, who, at: Date.now() })
      facts = await records.ask('socketFacts', { sockets, latest: LATEST })
      onChange()
    },
    close() {
      closed = true
    },
  }
}
