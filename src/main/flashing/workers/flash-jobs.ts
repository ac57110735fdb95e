/** The jobs of one flash worker: each is one port, waiting for a board, programming it, or waiting for its removal. */
import type { BindingInterface } from '@serialport/bindings-interface'
import { RunFailure, failureData, failureFromData } from '../failure.ts'
import { DEFAULT_PLAN, type ConnectPlan } from '../loader/connect.ts'
import { createLoader, type Loader } from '../loader/loader.ts'
import type { Link } from '../links/link.ts'
import { openLink } from '../links/open-link.ts'
import { prepareRegion, quickDeflate, type PreparedRegion, type Region } from '../images/prepare.ts'
import { boardAnswers, boardLeaves } from '../session/presence.ts'
import { reachBoard, RETURN_PAUSE } from '../session/reach-board.ts'
import type { Reset } from '../loader/reset.ts'
import { programBoard, ROM_BAUD } from '../session/session.ts'
import { idle, type Timing } from '../timing.ts'
import type { CommonBlocks, FromFlashWorker, ToFlashWorker } from './flash-protocol.ts'

/** Between two looks for a board, milliseconds of the device. */
const LOOK_PAUSE = 100
/** A finished board starts its application before it is asked whether it is still there. */
const SETTLE = 500
/** Progress is told at most this often, milliseconds. */
const PROGRESS_PAUSE = 50

interface Job {
  readonly abort: AbortController
  give: ((regions: readonly Region[]) => void) | undefined
  refuse: ((failure: unknown) => void) | undefined
  ended: Promise<void>
}

export interface FlashJobs {
  handle(message: Exclude<ToFlashWorker, { type: 'close' }>): void
  /** Ends every job with this error; for an exception that nobody expected. */
  failAll(error: Error): void
  /** Ends every job as stopped and releases every port. */
  close(): Promise<void>
}

/** The fixture's own reset, as often as the usual ones are tried. */
const repeated = (reset: Reset): ConnectPlan => DEFAULT_PLAN.map(() => reset)

const isAbsence = (error: unknown): boolean =>
  error instanceof RunFailure && (error.code === 'no-answer' || error.code === 'port-lost')

export const createFlashJobs = (
  binding: BindingInterface,
  timing: Timing,
  say: (message: FromFlashWorker) => void,
): FlashJobs => {
  const releases = new Map<string, CommonBlocks>()
  const jobs = new Map<number, Job>()

  /** Waits until a board answers on the port. */
  const findBoard = async (port: string, plan: ConnectPlan, signal: AbortSignal): Promise<Loader> => {
    let left = false
    for (let looks = 0; ;) {
      let link: Link | undefined
      try {
        link = await openLink(binding, port, { baud: ROM_BAUD })
        const loader = createLoader(link, timing, signal)
        // A port that the reset took away comes back with the board in its loader: another would take it away again.
        if (left && (await boardAnswers(loader, ['none'], 0, signal))) return loader
        // The port stays open between the looks: opening and closing moves the control lines of some adapters.
        while (!(await boardAnswers(loader, plan, looks++, signal))) await idle(timing, LOOK_PAUSE, signal)
        return loader
      } catch (error) {
        await link?.close()
        if (signal.aborted || !isAbsence(error)) throw error
        left ||= link?.ownUsb !== undefined
        // The port itself is not there (yet, or again): its adapter is unplugged.
        await idle(timing, LOOK_PAUSE, signal)
      }
    }
  }

  const run = async (message: Extract<ToFlashWorker, { type: 'run' }>, job: Job): Promise<void> => {
    const { job: id, port, plan } = message
    const { signal } = job.abort
    const release = releases.get(message.releaseId)
    if (!release)
      throw new RunFailure('internal', 'connect', `release ${message.releaseId} was not given to this worker`)
    let loader: Loader | undefined
    let toldAt = 0
    say({ type: 'waiting', job: id })
    say({ type: 'step', job: id, step: 'connect' })
    try {
      // A job without a plan of its own expects its board to be there already.
      loader = plan.connectPlan
        ? await findBoard(port, plan.reset ? [plan.reset] : plan.connectPlan, signal)
        : await reachBoard(binding, port, timing, { signal, ...(plan.reset ? { plan: repeated(plan.reset) } : {}) })
      say({ type: 'found', job: id })
      const result = await programBoard(
        loader,
        plan,
        async (board, kind) => {
          const own = new Promise<readonly Region[]>((resolve, reject) => {
            job.give = resolve
            job.refuse = reject
          })
          say({ type: 'identified', job: id, board })
          const prepared: PreparedRegion[] = []
          for (const region of await own) prepared.push(await prepareRegion(region, kind, quickDeflate))
          return [...release[kind], ...prepared]
        },
        {
          step: (step) => say({ type: 'step', job: id, step }),
          progress: (ratio) => {
            const now = performance.now()
            if (ratio < 1 && now - toldAt < PROGRESS_PAUSE) return
            toldAt = now
            say({ type: 'progress', job: id, ratio })
          },
          log: (text) => say({ type: 'log', job: id, at: Date.now(), text }),
          known: (board) => say({ type: 'known', job: id, board }),
        },
      )
      await loader.link.close()
      say({ type: 'done', job: id, result })
    } catch (error) {
      await loader?.link.close()
      const failure = failureData(error, loader?.step ?? 'connect')
      say({ type: 'failed', job: id, failure, board: failureFromData(failure).board })
    }
  }

  const awaitRemoval = async (message: Extract<ToFlashWorker, { type: 'await-removal' }>, job: Job): Promise<void> => {
    const { signal } = job.abort
    for (let gone = false; !gone;) {
      let link: Link | undefined
      try {
        await idle(timing, SETTLE, signal)
        link = await openLink(binding, message.port, { baud: ROM_BAUD }).catch(async (error: unknown) => {
          // The chip's own USB may not be back yet from the reset that started the application.
          if (!isAbsence(error)) throw error
          await idle(timing, RETURN_PAUSE, signal)
          return openLink(binding, message.port, { baud: ROM_BAUD })
        })
        await boardLeaves(createLoader(link, timing, signal), message.mac, signal, message.reset)
        gone = true
      } catch (error) {
        if (signal.aborted || !(error instanceof RunFailure)) throw error
        // A port that another program has says nothing about the board.
        gone = isAbsence(error)
      } finally {
        await link?.close()
      }
    }
    say({ type: 'removed', job: message.job })
  }

  const start = (id: number, work: (job: Job) => Promise<void>): void => {
    const job: Job = { abort: new AbortController(), give: undefined, refuse: undefined, ended: Promise.resolve() }
    jobs.set(id, job)
    job.ended = work(job)
      .catch((error: unknown) => {
        const failure = failureData(error, 'connect')
        say({ type: 'failed', job: id, failure, board: failureFromData(failure).board })
      })
      .finally(() => jobs.delete(id))
  }

  const stopped = new RunFailure('stopped', 'connect', 'the run was stopped')

  return {
    handle(message) {
      switch (message.type) {
        case 'release':
          releases.set(message.id, message.blocks)
          break
        case 'run':
          start(message.job, (job) => run(message, job))
          break
        case 'await-removal':
          start(message.job, (job) => awaitRemoval(message, job))
          break
        case 'give':
          jobs.get(message.job)?.give?.(message.own)
          break
        case 'refuse':
          jobs.get(message.job)?.refuse?.(failureFromData(message.failure))
          break
        case 'cancel': {
          const job = jobs.get(message.job)
          job?.abort.abort(stopped)
          job?.refuse?.(stopped)
          break
        }
      }
    },
    failAll(error) {
      for (const job of jobs.values()) {
        job.abort.abort(error)
        job.refuse?.(error)
      }
    },
    async close() {
      for (const job of jobs.values()) {
        job.abort.abort(stopped)
        job.refuse?.(stopped)
      }
      await Promise.all([...jobs.values()].map((job) => job.ended))
    },
  }
}
