/** One slot of the fixture: board after board, each with the tries it may have, until the line ends it. */
import type { BoardView, Disposition, SlotView } from '../../contract/index.ts'
import { CHIPS } from '../espressif/chips.ts'
import { RunFailure } from '../flashing/failure.ts'
import type { FlashJob } from '../flashing/workers/flash-workers.ts'
import type { IdentifiedBoard, SessionPlan } from '../flashing/session/session.ts'
import type { StartGate } from './start-gate.ts'
import { runUnit, type Outcome, type RunPlace, type RunTools, type UnitResult, type UnitRun } from './unit-run.ts'

/**
 * The MAC of the board in each place, by its port: the one that was there when it was looked at last, and was not seen to leave.
 * Outlives the order: a board that stays for the next one is not put in again.
 */
export type BoardsInPlace = Map<RunPlace['port'], string>

export interface SlotOptions {
  readonly tools: RunTools
  readonly place: RunPlace
  readonly boards: BoardsInPlace
  readonly session: SessionPlan
  /** What a board that is found waits for. */
  readonly gate: StartGate
  readonly onChange: () => void
  /** A board was put in. */
  readonly onInserted: () => void
  /** An outcome is committed. */
  readonly onResult: (result: Outcome) => void
}

export interface Slot {
  view(): SlotView
  /** Takes boards from now on. */
  open(): void
  /** Takes no further board; one that is being made is finished, one that waits is watched. */
  pause(): void
  /** As `pause`, but nothing is begun any more: a board that waits is not shown either. */
  end(): void
  /** Ends what goes on. Resolves when the port is released. */
  stop(): Promise<void>
  /** One more try of the board that failed. */
  retry(): boolean
  /** There is a board, but it is not found: it is put aside as one that does not answer. False where no board is waited for. */
  giveUp(): boolean
  /** Marks a failed board; gives the run that failed, or undefined where there is none. */
  dispose(disposition: Disposition): string | undefined
  /** The unit that passed here is rejected. */
  reject(mac: string): void
  /** Gives the port away for a while. @throws Error when a board is being made or waited for */
  lend<T>(work: (port: string) => Promise<T>): Promise<T>
}

const boardView = ({ chip, revision, security }: IdentifiedBoard): BoardView => ({
  chip: CHIPS[chip].label,
  revision,
  ...security,
})

const emptyView = ({ slot, port }: RunPlace): SlotView => ({
  slot,
  port,
  state: 'empty',
  step: null,
  progress: null,
  serial: null,
  mac: null,
  attempt: null,
  runId: null,
  startedAt: null,
  elapsed: null,
  failure: null,
  madeAt: null,
  label: null,
})

export const createSlot = (options: SlotOptions): Slot => {
  const { tools, place, boards, session, gate, onChange, onInserted, onResult } = options
  let view = emptyView(place)
  let accepting = false
  let run: UnitRun | undefined
  let found = false
  /** The board in the slot counts as inserted. */
  let counted = false
  let watch: FlashJob<void> | undefined
  /** Ends a wait: there is something new to look at. */
  let interrupt: (() => void) | undefined
  let letsGo = false
  let wantsRetry = false
  let stopping = false
  let lent: Promise<unknown> | undefined
  let ended: Promise<void> | undefined

  const show = (change: Partial<SlotView>): void => {
    view = { ...view, ...change }
    onChange()
  }
  const clear = (): void => {
    view = emptyView(place)
    onChange()
  }

  const count = (): void => {
    if (!counted) onInserted()
    counted = true
  }

  const tryOnce = async (nth: number, again: boolean, holds: boolean): Promise<UnitResult> => {
    found = false
    const plan = { ...session, skipUnchanged: again || session.skipUnchanged }
    run = runUnit(
      tools,
      place,
      plan,
      { nth, holds },
      {
        waiting() {
          if (view.state !== 'working') clear()
        },
        found(at) {
          found = true
          // One that was left in its slot while the line stood was not put in again: its MAC will tell.
          if (!boards.has(place.port)) count()
          const startedAt = again ? (view.startedAt ?? at) : at
          show({
            state: 'working',
            startedAt,
            step: 'identify',
            progress: 0,
            failure: null,
            elapsed: null,
            madeAt: null,
          })
        },
        step(step) {
          if (found) show({ step, progress: 0 })
        },
        progress: (progress) => show({ progress }),
        known(board) {
          if (board.mac === null || board.mac !== boards.get(place.port)) count()
          counted = true
          if (board.mac === null) boards.delete(place.port)
          else boards.set(place.port, board.mac)
          show({ mac: board.mac, board: boardView(board) })
        },
        bound: ({ runId, serial, attempt }) => show({ runId, serial, attempt }),
      },
    )
    const result = await run.ended
    run = undefined
    if (found) count()
    return result
  }

  const showResult = (result: UnitResult): void => {
    const over = { step: null, progress: null }
    if (result.kind === 'pass')
      show({
        ...over,
        state: result.verified ? 'pass' : 'unverified',
        runId: result.runId,
        elapsed: result.elapsed,
        label: result.labelId === null ? null : { id: result.labelId, state: 'waiting' },
      })
    else if (result.kind === 'fail')
      show({ ...over, state: 'fail', runId: result.runId, elapsed: result.elapsed, failure: result.failure })
    else if (result.kind === 'made-before')
      show({ ...over, state: 'made-before', serial: result.serial, madeAt: result.madeAt })
    else clear()
  }

  const waitsNoMore = (): boolean => stopping || letsGo

  /** One wait, ended by `interrupt`: of a line that works for the board's turn, of one that stands for nothing else. */
  const oneWait = async (turn: (over: AbortSignal) => Promise<boolean>): Promise<boolean> => {
    const over = new AbortController()
    const interrupted = new Promise<false>((resolve) => {
      interrupt = () => {
        over.abort()
        resolve(false)
      }
    })
    const go = await (accepting ? turn(over.signal) : interrupted)
    interrupt = undefined
    return go && accepting
  }

  /** The board is there and waits, also while the line pauses; true when it may go on, false when it leaves before, or the line ends. */
  const untilTurn = async ({ mac, waitsFor }: Extract<UnitResult, { kind: 'ready' }>): Promise<boolean> => {
    const state = waitsFor === null ? 'ready' : 'waiting'
    show({ state, waitsFor, mac, step: null, progress: null, startedAt: null, failure: null })
    while (!waitsNoMore()) {
      let left = false
      const leaving = tools.flash.awaitRemoval(place.slot, place.port, mac, session.reset)
      watch = leaving
      const gone = leaving.ended.then(() => {
        left = true
        interrupt?.()
      })
      let go = false
      while (!left && !go && !waitsNoMore())
        go = await oneWait((over) => (waitsFor === null ? gate.wait(place.slot, over) : tools.quota.room(over)))
      leaving.cancel()
      await gone
      watch = undefined
      if (go) return true
      if (!lent) {
        if (!waitsNoMore()) boards.delete(place.port)
        return false
      }
      await lent
    }
    return false
  }

  /** A board from its discovery to its last try; false when none came. */
  const board = async (firstIsAgain: boolean): Promise<boolean> => {
    counted = firstIsAgain
    let started = firstIsAgain
    for (let nth = 1; ; nth++) {
      const result = await tryOnce(nth, firstIsAgain || nth > 1, !started && gate.holds())
      started = true
      if (result.kind === 'ready') {
        if (await untilTurn(result)) {
          nth--
          continue
        }
        clear()
        return false
      }
      const again = result.kind === 'fail' && result.retry && accepting
      if (!again) showResult(result)
      if (result.kind === 'nothing') return false
      onResult(result)
      if (!again) return true
    }
  }

  /** Until the board has gone; who borrows the port meanwhile gives it back first. */
  const removal = async (): Promise<void> => {
    // A line that ends waits for nobody.
    while (!stopping) {
      watch = tools.flash.awaitRemoval(place.slot, place.port, view.mac, session.reset)
      await watch.ended
      watch = undefined
      if (!lent) {
        if (!stopping && !wantsRetry) boards.delete(place.port)
        return
      }
      await lent
    }
  }

  const loop = async (): Promise<void> => {
    let again = false
    while (accepting) {
      if (!(await board(again))) continue
      again = false
      await removal()
      if (wantsRetry) {
        wantsRetry = false
        again = true
      } else if (!stopping) clear()
    }
  }

  const pause = (): void => {
    accepting = false
    interrupt?.()
    if (run && !found) run.stop()
  }

  return {
    view: () => view,
    open() {
      if (accepting) return
      accepting = true
      stopping = false
      letsGo = false
      interrupt?.()
      // A loop that is still finishing a board, or waiting for its removal, goes on by itself.
      ended ??= loop().finally(() => {
        ended = undefined
      })
    },
    pause,
    end() {
      letsGo = true
      pause()
    },
    async stop() {
      accepting = false
      stopping = true
      interrupt?.()
      run?.stop()
      watch?.cancel()
      await ended
    },
    retry() {
      if (view.state !== 'fail' || !watch || !accepting) return false
      wantsRetry = true
      watch.cancel()
      return true
    },
    giveUp() {
      if (!run || found || !accepting) return false
      run.giveUp()
      return true
    },
    dispose(disposition) {
      if (view.state !== 'fail' || view.runId === null || view.failure?.code === 'rejected') return undefined
      show({ disposition })
      return view.runId
    },
    reject(mac) {
      if (view.mac !== mac || (view.state !== 'pass' && view.state !== 'unverified')) return
      const { board } = new RunFailure('rejected', 'record', '')
      const failure = { code: 'rejected', step: 'record', params: {}, detail: '', board } as const
      show({ state: 'fail', failure, disposition: 'scrap', label: null })
    },
    async lend(work) {
      if (run || lent) throw new Error('the line is using this slot')
      let giveBack = (): void => undefined
      lent = new Promise<void>((resolve) => {
        giveBack = resolve
      })
      try {
        const watching = watch
        watching?.cancel()
        await watching?.ended
        return await work(place.port)
      } finally {
        lent = undefined
        giveBack()
      }
    },
  }
}
