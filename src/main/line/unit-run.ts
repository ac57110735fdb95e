/**
 * One run: one attempt at one board in one slot, from its discovery to its committed outcome. Read it top to bottom: find the board,
 * bind an identity to its MAC, write, read back, record, ask for the label. Nothing reaches back.
 */
import { randomUUID } from 'node:crypto'
import type { BoardAction, FailureView, LineSettings, RunStep, SlotWait } from '../../contract/index.ts'
import { RunFailure, type FailureData } from '../flashing/failure.ts'
import type { FlashJob, FlashWorkers, RunEnd } from '../flashing/workers/flash-workers.ts'
import type { Region } from '../flashing/images/prepare.ts'
import type { IdentifiedBoard, SessionPlan } from '../flashing/session/session.ts'
import type { IdentityPool } from '../identities/identity-pool.ts'
import type { Records } from '../records/records.ts'
import type { Begun, BoundIdentity } from '../records/run-records.ts'
import type { Quota } from './quota.ts'
import { verdictOn } from './retry-rules.ts'

/** What a run works with; the same for all runs of an order. */
export interface RunTools {
  readonly orderId: string
  readonly records: Records
  readonly flash: FlashWorkers
  readonly releaseId: string
  readonly identities: IdentityPool
  /** What is written to a unit of its own, encrypted where the order has the key; nothing to a module that is only labelled. */
  readonly regionsOf: (identity: BoundIdentity) => readonly Region[]
  readonly quota: Quota
  readonly printsLabels: boolean
  /** Does a pass's label wait until its panel is done? */
  readonly holdsLabels: () => boolean
  /** How the line works, as it is set now. */
  settings(): LineSettings
}

export interface RunPlace {
  readonly slot: number
  readonly port: string
}

/** Told as the run goes on; everything that a slot shows. */
export interface RunProgress {
  waiting(): void
  found(at: number): void
  step(step: RunStep): void
  progress(ratio: number): void
  /** Who the board is, also of one that is then refused. */
  known(board: IdentifiedBoard): void
  bound(unit: { readonly runId: string; readonly serial: string; readonly attempt: number }): void
}

export type UnitResult =
  | {
      readonly kind: 'pass'
      readonly runId: string
      readonly verified: boolean
      readonly labelId: string | null
      readonly elapsed: number
    }
  | {
      readonly kind: 'fail'
      readonly runId: string
      readonly failure: FailureView
      readonly retry: boolean
      readonly elapsed: number
    }
  | { readonly kind: 'made-before'; readonly serial: string; readonly madeAt: number }
  /** A board is there and could be made; it was left as it is, to wait for its start, or until one more unit may be begun. */
  | { readonly kind: 'ready'; readonly mac: string | null; readonly waitsFor: SlotWait | null }
  /** Nothing happened: no board came before the line stopped. */
  | { readonly kind: 'nothing' }

/** A result that is over: kept in the records, or a board that was made before. */
export type Outcome = Exclude<UnitResult, { kind: 'nothing' | 'ready' }>

type Bound = Extract<Begun, { kind: 'begun' }>
type Refusal = Extract<Begun, { kind: 'made-before' }>

const WAITS = 'the board waits'

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Binds an identity to the board's MAC, committed before anything is written. */
const bind = async (
  tools: RunTools,
  place: RunPlace,
  runId: string,
  board: IdentifiedBoard,
  over: AbortSignal,
): Promise<Bound | Refusal> => {
  const { mac } = board
  if (mac === null)
    throw new RunFailure('unreadable-mac', 'bind', `${place.port}: the chip does not tell its MAC`, { mac: '-' })
  const { identities, records, orderId } = tools
  for (;;) {
    if (over.aborted) throw new RunFailure('stopped', 'bind', 'the board is gone')
    const begun = await records.ask('beginRun', {
      runId,
      mac,
      chip: board.chip,
      orderId,
      slot: place.slot,
      at: Date.now(),
    })
    if (begun.kind === 'made-before') return begun
    if (begun.kind === 'bound-elsewhere')
      throw new RunFailure(
        'bound-elsewhere',
        'bind',
        `${mac} has identity ${begun.serial} of order ${begun.orderNumber}`,
        { serial: begun.serial, order: begun.orderNumber },
      )
    if (begun.kind === 'rejected') throw new RunFailure('rejected', 'bind', `${mac} was rejected as first article`)
    if (begun.kind === 'scrapped') throw new RunFailure('scrapped', 'bind', `${mac} was scrapped`, { mac })
    if (begun.kind === 'not-in-manifest')
      throw new RunFailure('not-in-manifest', 'bind', `the manifest of the order has no ${mac}`, { mac })
    if (begun.kind === 'came-provisioned')
      throw new RunFailure('came-provisioned', 'bind', `${mac} came provisioned as ${begun.serial}`, {
        serial: begun.serial,
      })
    if (begun.kind === 'begun') {
      if (begun.attempt === 1) {
        identities.taken()
        identities.setDemand(tools.quota.open())
      }
      return begun
    }
    await Promise.race([identities.available(), aborted(over)]).catch((error: unknown) => {
      throw new RunFailure('no-identity', 'bind', error instanceof Error ? error.message : String(error))
    })
  }
}

const failureView = (failure: FailureData, board: BoardAction): FailureView => ({ ...failure, board })

export interface UnitRun {
  readonly ended: Promise<UnitResult>
  /** Ends the run as stopped; one that only waits for a board ends with nothing. */
  stop(): void
  /** There is a board, says a person, but nothing answers: the run fails with that. */
  giveUp(): void
}

/**
 * Waits for a board in a slot and makes it a unit.
 *
 * @param session how to reach and write the board
 * @param nth which try of this board it is, from 1
 * @param holds the board is only looked at: it begins when somebody starts it
 */
export const runUnit = (
  tools: RunTools,
  place: RunPlace,
  session: SessionPlan,
  { nth, holds }: { readonly nth: number; readonly holds: boolean },
  told: RunProgress,
): UnitRun => {
  const runId = randomUUID()
  const log: { at: number; step: RunStep; text: string }[] = []
  let step: RunStep = 'connect'
  let startedAt = 0
  let bound: Bound | undefined
  let refusal: Refusal | undefined
  let holdsQuota = false
  let left: Pick<Extract<UnitResult, { kind: 'ready' }>, 'mac' | 'waitsFor'> | undefined
  let binding: Promise<unknown> | undefined
  /** Nobody is there any more to be bound. */
  const over = new AbortController()
  let stopped = false
  let givenUp = false

  const leave = (board: IdentifiedBoard, waitsFor: SlotWait | null): never => {
    left = { mac: board.mac, waitsFor }
    throw new RunFailure('stopped', 'identify', WAITS)
  }

  const identified = async (board: IdentifiedBoard): Promise<readonly Region[]> => {
    if (holds) leave(board, null)
    holdsQuota = tools.quota.take()
    if (!holdsQuota) leave(board, tools.quota.isLimited() ? 'first-article' : 'others')
    const result = await bind(tools, place, runId, board, over.signal)
    if (result.kind === 'made-before') {
      refusal = result
      throw new RunFailure('made-before', 'bind', `${board.mac ?? ''} passed before as ${result.serial}`)
    }
    bound = result
    told.bound({ runId, serial: result.identity.serial, attempt: result.attempt })
    return tools.regionsOf(result.identity)
  }

  const job: FlashJob<RunEnd> = tools.flash.run(place.slot, place.port, session, tools.releaseId, {
    waiting: () => told.waiting(),
    found() {
      startedAt = Date.now()
      told.found(startedAt)
    },
    step(next) {
      step = next
      told.step(next)
    },
    progress: (ratio) => told.progress(ratio),
    log: (at, text) => log.push({ at, step, text }),
    known: (board) => told.known(board),
    identified(board) {
      const regions = identified(board)
      binding = regions
      return regions
    },
  })

  const elapsed = (): number => (startedAt === 0 ? 0 : Date.now() - startedAt)

  const keepPass = async (end: Extract<RunEnd, { ok: true }>): Promise<UnitResult> => {
    const verified = end.result.regions.every((region) => region.verified)
    const labelId = tools.printsLabels ? randomUUID() : null
    await tools.records.ask('passRun', {
      runId,
      outcome: verified ? 'pass' : 'unverified',
      at: Date.now(),
      log: JSON.stringify(log),
      regions: end.result.regions,
      label: labelId === null ? null : { id: labelId, who: 'line', held: tools.holdsLabels() },
    })
    return { kind: 'pass', runId, verified, labelId, elapsed: elapsed() }
  }

  const keepFailure = async (failure: FailureData, usual: BoardAction): Promise<UnitResult> => {
    const verdict = verdictOn(tools.settings().retries, failure.code, usual, nth)
    const { board } = verdict
    const retry = verdict.retry && !stopped
    const ended = {
      runId,
      outcome: failure.code === 'stopped' ? ('stopped' as const) : ('fail' as const),
      final: !retry,
      at: Date.now(),
      log: JSON.stringify(log),
      failure: { ...failure, board, params: JSON.stringify(failure.params) },
    }
    if (bound) await tools.records.ask('failRun', ended)
    else
      await tools.records.ask('keepUnboundFailure', {
        run: ended,
        orderId: tools.orderId,
        slot: place.slot,
        startedAt: startedAt || Date.now(),
      })
    return { kind: 'fail', runId, failure: failureView(failure, board), retry, elapsed: elapsed() }
  }

  const silence = (): FailureData => ({
    code: 'no-answer',
    step: 'connect',
    params: { port: place.port },
    detail: `${place.port}: a board is in the slot, but no loader answers`,
  })

  /** Without its record an outcome is none: the board keeps its identity and is asked for again. */
  const unrecorded = (error: unknown): UnitResult => {
    const detail = error instanceof Error ? error.message : String(error)
    const failure = { code: 'records-unavailable', step: 'record', params: {}, detail } as const
    return { kind: 'fail', runId, failure: failureView(failure, 'call-engineer'), retry: false, elapsed: elapsed() }
  }

  const conclude = async (): Promise<UnitResult> => {
    const end = await job.ended
    over.abort()
    // A run that is stopped while its binding is being committed is bound all the same, and ends as such.
    await binding?.catch(() => undefined)
    try {
      if (end.ok) {
        const pass = await keepPass(end)
        tools.quota.passed()
        holdsQuota = false
        return pass
      }
      if (refusal) return { kind: 'made-before', serial: refusal.serial, madeAt: refusal.at }
      if (givenUp && startedAt === 0) return await keepFailure(silence(), 'red-bin')
      if (left && !stopped && end.failure.code === 'stopped') return { kind: 'ready', ...left }
      if (end.failure.code === 'stopped' && !bound) return { kind: 'nothing' }
      return await keepFailure(end.failure, end.board)
    } catch (error) {
      return unrecorded(error)
    } finally {
      if (holdsQuota) tools.quota.lost()
    }
  }

  return {
    ended: conclude(),
    stop() {
      stopped = true
      job.cancel()
    },
    giveUp() {
      givenUp = true
      stopped = true
      job.cancel()
    },
  }
}
