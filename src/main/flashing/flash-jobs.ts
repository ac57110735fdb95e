/** The jobs of one flash worker: each is one port, waiting for a board, programming it, or waiting for its removal. */
import type { BindingInterface } from '@serialport/bindings-interface'
import { RunFailure, failureData, failureFromData } from './failure.ts'
import { identify } from './identify.ts'
import { connect, PROBE_PLAN } from './connect.ts'
import { createLoader } from './loader.ts'
import type { Link } from './link.ts'
import { openLink } from './open-link.ts'
import { prepareRegion, quickDeflate, type PreparedRegion, type Region } from './prepare.ts'
import { programBoard, ROM_BAUD } from './session.ts'
import { limitOf, pause, type Timing } from './timing.ts'
import type { CommonBlocks, FromFlashWorker, ToFlashWorker } from './flash-protocol.ts'
import type { RunStep } from '../../contract/index.ts'

/** Between two looks for a board, milliseconds of the device. */
const LOOK_PAUSE = 500
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

const portIsListed = async (binding: BindingInterface, port: string): Promise<boolean> =>
  port.includes('://') || (await binding.list()).some((info) => info.path === port)

export const createFlashJobs = (
  binding: BindingInterface,
  timing: Timing,
  say: (message: FromFlashWorker) => void,
): FlashJobs => {
  const releases = new Map<string, CommonBlocks>()
  const jobs = new Map<number, Job>()

  /** One quiet look: is there a board, and which? */
  const look = async (port: string, signal: AbortSignal): Promise<string | null | undefined> => {
    let link: Link | undefined
    try {
      link = await openLink(binding, port, { baud: ROM_BAUD })
      const loader = createLoader(link, timing, () => 'connect', signal)
      await connect(loader, PROBE_PLAN, signal)
      return (await identify(loader, undefined)).mac
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (error instanceof RunFailure && (error.code === 'no-answer' || error.code === 'port-lost')) return undefined
      return null
    } finally {
      await link?.close()
    }
  }

  const run = async (message: Extract<ToFlashWorker, { type: 'run' }>, job: Job): Promise<void> => {
    const { job: id, port, plan } = message
    const { signal } = job.abort
    const release = releases.get(message.releaseId)
    if (!release)
      throw new RunFailure('internal', 'connect', `release ${message.releaseId} was not given to this worker`)
    let step: RunStep = 'connect'
    let toldAt = 0
    let link: Link | undefined
    say({ type: 'waiting', job: id })
    try {
      for (;;) {
        while (!(await portIsListed(binding, port))) await pause(timing, LOOK_PAUSE, signal)
        try {
          link = await openLink(binding, port, { baud: ROM_BAUD })
          await programBoard(
            link,
            timing,
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
              step: (next) => {
                step = next
                if (next === 'identify') say({ type: 'found', job: id })
                say({ type: 'step', job: id, step: next })
              },
              progress: (ratio) => {
                const now = performance.now()
                if (ratio < 1 && now - toldAt < PROGRESS_PAUSE) return
                toldAt = now
                say({ type: 'progress', job: id, ratio })
              },
              log: (text) => say({ type: 'log', job: id, at: Date.now(), text }),
            },
            signal,
          ).then((result) => say({ type: 'done', job: id, result }))
          return
        } catch (error) {
          // Nobody there yet: that is waiting, not failing.
          const nobody =
            error instanceof RunFailure &&
            error.step === 'connect' &&
            (error.code === 'no-answer' || error.code === 'port-lost')
          if (!nobody || plan.connectPlan === undefined) throw error
          await link?.close()
          link = undefined
          await pause(timing, LOOK_PAUSE, signal)
        }
      }
    } catch (error) {
      const failure = failureData(error, step)
      say({ type: 'failed', job: id, failure, board: failureFromData(failure).board })
    } finally {
      await link?.close()
    }
  }

  const awaitRemoval = async (message: Extract<ToFlashWorker, { type: 'await-removal' }>, job: Job): Promise<void> => {
    const { signal } = job.abort
    try {
      for (let absent = 0; absent < 2;) {
        await pause({ factor: 1 }, limitOf(timing, LOOK_PAUSE), signal)
        if (!(await portIsListed(binding, message.port))) break
        const mac = await look(message.port, signal)
        if (typeof mac === 'string' && message.mac !== null && mac !== message.mac) break
        absent = mac === undefined ? absent + 1 : 0
      }
      say({ type: 'removed', job: message.job })
    } catch (error) {
      const failure = failureData(error, 'connect')
      say({ type: 'failed', job: message.job, failure, board: 'none' })
    }
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
