/** The line: the slots that make one order's units, started, paused and stopped together. */
import type { Disposition, FirstArticle, OrderView, SlotView } from '../../contract/index.ts'
import type { SessionPlan } from '../flashing/session/session.ts'
import type { OrderTotals } from '../records/order-records.ts'
import { createStartGate, type Started, type Trigger } from './start-gate.ts'
import { createSlot, type BoardsInPlace, type Slot } from './slot.ts'
import { orderProgress, type OrderProgress } from './order-progress.ts'
import type { Outcome, RunPlace, RunTools } from './unit-run.ts'

export interface LineOptions {
  readonly tools: RunTools
  readonly places: readonly RunPlace[]
  readonly boards: BoardsInPlace
  readonly session: SessionPlan
  readonly order: {
    readonly quantity: number
    readonly state: OrderView['state']
    readonly stopReason: OrderView['stopReason']
    readonly startedAt: number | null
    readonly endedAt: number | null
    /** Null where no unit has to be approved before others are made. */
    readonly firstArticle: FirstArticle | null
  }
  readonly totals: OrderTotals
  readonly onChange: () => void
  /** A board was put into a slot. */
  readonly onInserted: (slot: number) => void
  /** An outcome was committed, whatever it is. */
  readonly onResult: (slot: number, result: Outcome) => void
}

export interface LineState {
  readonly state: OrderView['state']
  readonly stopReason: OrderView['stopReason']
  readonly startedAt: number | null
  readonly endedAt: number | null
}

export interface Line {
  state(): LineState
  progress(): OrderProgress
  /** Units being made. */
  running(): number
  firstArticle(): FirstArticle | null
  /** Boards that somebody could put in now, those being made included. */
  wanted(): number
  slots(): SlotView[]
  /** Starts boards that wait for it. */
  begin(by: Trigger): Started
  /** Boards that the panel lacks before it may begin; 0 where slots begin on their own. */
  missing(): number
  /** The settings changed: they hold from the next board on. */
  settingsChanged(): void
  start(): Promise<void>
  pause(): Promise<void>
  /** Ends every run in progress as stopped. */
  stop(reason?: NonNullable<OrderView['stopReason']>): Promise<void>
  /** An engineer approved the first article: the rest may be made. */
  approved(): Promise<void>
  /** An engineer rejected it: the line pauses, and makes another when it is started again. */
  rejected(mac: string): Promise<void>
  retry(slot: number): boolean
  giveUp(slot: number): boolean
  /** What a person decided about the failed board in a slot; undefined where there is none. */
  dispose(slot: number, disposition: Disposition): string | undefined
  /** Lends the port of a slot that makes nothing now. @throws Error when the line is using it */
  lend<T>(slot: number, work: (port: string) => Promise<T>): Promise<T>
  /** Resolves when the order is finished or the line stops. */
  ended(): Promise<void>
  /** Releases every port; the order's state stays as it is. */
  close(): Promise<void>
}

/** Units that are made before the approval. */
export const FIRST_ARTICLES = 1

export const createLine = (options: LineOptions): Line => {
  const { tools, places, boards, session, order, onChange } = options
  const { records, orderId, quota, identities } = tools
  let state: LineState = {
    state: order.state,
    stopReason: order.stopReason,
    startedAt: order.startedAt,
    endedAt: order.endedAt,
  }
  let totals = options.totals
  let { firstArticle } = order
  let inARow = 0
  let enders: (() => void)[] = []

  const slotAt = (slot: number): Slot | undefined => slots[places.findIndex((place) => place.slot === slot)]

  const isOver = (): boolean => state.state === 'finished' || state.state === 'stopped'

  const enter = async (next: OrderView['state'], stopReason: OrderView['stopReason'] = null): Promise<void> => {
    const at = Date.now()
    await records.ask('setOrderState', { id: orderId, state: next, stopReason, at })
    state = {
      state: next,
      stopReason,
      startedAt: next === 'running' ? (state.startedAt ?? at) : state.startedAt,
      endedAt: next === 'finished' || next === 'stopped' ? at : null,
    }
    onChange()
    if (isOver()) {
      for (const end of enders) end()
      enders = []
    }
  }

  const yieldIsLow = (): boolean => {
    const { leastYield, yieldAfter } = tools.settings()
    return leastYield !== null && totals.firstTries >= yieldAfter && totals.firstPasses / totals.firstTries < leastYield
  }

  const failed = (error: unknown): void => {
    // The state could not be kept: no further board may be begun, whatever the records say.
    process.stderr.write(`line: ${error instanceof Error ? error.message : String(error)}\n`)
    for (const slot of slots) slot.pause()
  }

  const stop = async (reason: NonNullable<OrderView['stopReason']>): Promise<void> => {
    await Promise.all(slots.map((slot) => slot.stop()))
    if (!isOver()) await enter('stopped', reason)
  }

  const afterResult = async (slot: number, result: Outcome): Promise<void> => {
    identities.setDemand(quota.open())
    gate.look()
    totals = await records.ask('orderTotals', { orderId })
    if (firstArticle?.state === 'to-make') firstArticle = await records.ask('firstArticle', { orderId })
    options.onResult(slot, result)
    onChange()
    if (result.kind === 'pass') inARow = 0
    if (result.kind === 'fail' && !result.retry && result.failure.code !== 'stopped') inARow++
    if (quota.isComplete() && !isOver()) {
      for (const each of slots) each.end()
      await enter('finished')
    } else if (isOver()) return
    else if (result.kind === 'fail' && result.failure.code === 'no-identity') await stop('no-identity')
    else if (result.kind === 'fail' && result.failure.code === 'records-unavailable') await stop('records-unavailable')
    else if (inARow >= tools.settings().failuresInARow) await stop('too-many-failures')
    else if (yieldIsLow()) await stop('low-yield')
  }

  const gate = createStartGate(
    places.length,
    () => tools.settings().start,
    () => quota.open(),
  )
  const slots: Slot[] = places.map((place) =>
    createSlot({
      tools,
      place,
      boards,
      session,
      gate,
      onChange,
      onInserted: () => options.onInserted(place.slot),
      onResult: (result) => void afterResult(place.slot, result).catch(failed),
    }),
  )

  return {
    state: () => state,
    progress: () => orderProgress(totals, order.quantity, state.startedAt, state.endedAt ?? Date.now()),
    running: () => slots.filter((slot) => slot.view().state === 'working').length,
    firstArticle: () => firstArticle,
    wanted() {
      if (state.state !== 'running') return 0
      const most =
        firstArticle && firstArticle.state !== 'approved' ? Math.min(FIRST_ARTICLES, order.quantity) : order.quantity
      return Math.max(0, most - totals.passed)
    },
    async approved() {
      firstArticle = await records.ask('firstArticle', { orderId })
      if (firstArticle?.state !== 'approved') return
      quota.lift()
      if (state.state === 'running') identities.setDemand(quota.open())
      onChange()
    },
    async rejected(mac) {
      for (const slot of slots) slot.pause()
      for (const slot of slots) slot.reject(mac)
      quota.rejected()
      firstArticle = await records.ask('firstArticle', { orderId })
      totals = await records.ask('orderTotals', { orderId })
      await enter('paused')
    },
    slots: () => slots.map((slot) => slot.view()),
    begin: (by) => gate.start(by),
    missing: () => gate.missing(),
    settingsChanged: () => gate.look(),
    async start() {
      if (state.state === 'running') return
      if (quota.isComplete()) {
        await enter('finished')
        return
      }
      inARow = 0
      identities.setDemand(quota.open())
      await enter('running')
      for (const slot of slots) slot.open()
    },
    async pause() {
      if (state.state !== 'running') return
      for (const slot of slots) slot.pause()
      await enter('paused')
    },
    stop: (reason = 'operator') => stop(reason),
    retry: (slot) => slotAt(slot)?.retry() ?? false,
    giveUp: (slot) => slotAt(slot)?.giveUp() ?? false,
    dispose: (slot, disposition) => slotAt(slot)?.dispose(disposition),
    lend(slot, work) {
      const lender = slotAt(slot)
      if (!lender || state.state === 'running') return Promise.reject(new Error('the line is using this slot'))
      return lender.lend(work)
    },
    ended: () => (isOver() ? Promise.resolve() : new Promise((resolve) => enders.push(resolve))),
    async close() {
      await Promise.all(slots.map((slot) => slot.stop()))
    },
  }
}
