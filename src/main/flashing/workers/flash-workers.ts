/** The main thread's side of flashing: a few worker threads that share all ports among them, and the jobs that they work on. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { BoardAction, RunStep } from '../../../contract/index.ts'
import type { BindingSource, CommonBlocks, FlashWorkerData, FromFlashWorker, ToFlashWorker } from './flash-protocol.ts'
import { failureData, type FailureData } from '../failure.ts'
import { lendPorts, nativeBinding } from '../ports/native-ports.ts'
import { prepareRegion, type BlockKind, type Deflate, type Region } from '../images/prepare.ts'
import type { Reset } from '../loader/reset.ts'
import type { IdentifiedBoard, SessionPlan, SessionResult } from '../session/session.ts'
import type { Timing } from '../timing.ts'

export interface RunHandlers {
  waiting(): void
  found(): void
  step(step: RunStep): void
  progress(ratio: number): void
  log(at: number, text: string): void
  /** Who the board is, also of one that is then refused. */
  known?(board: IdentifiedBoard): void
  /** Gives the board's own regions, or throws a RunFailure to refuse it. */
  identified(board: IdentifiedBoard): Promise<readonly Region[]>
}

export type RunEnd =
  | { readonly ok: true; readonly result: SessionResult }
  | { readonly ok: false; readonly failure: FailureData; readonly board: BoardAction }

export interface FlashJob<T> {
  readonly ended: Promise<T>
  cancel(): void
}

export interface FlashWorkers {
  /** Compresses and frames the regions common to all units, once for every way of writing, and gives them to every worker. */
  loadRelease(id: string, regions: readonly Region[], deflate: Deflate): Promise<void>
  /** Waits for a board on a port and programs it. Jobs of one `seat` stay with one worker. */
  run(seat: number, port: string, plan: SessionPlan, releaseId: string, handlers: RunHandlers): FlashJob<RunEnd>
  /** Ends when the board has gone, or another has come. */
  awaitRemoval(seat: number, port: string, mac: string | null, reset?: Reset): FlashJob<void>
  /** Ends every job and releases every port. */
  close(): Promise<void>
}

/** An end through which a worker can use this thread's own serial ports. */
const lentPorts = (): MessagePort => {
  const { port1, port2 } = new MessageChannel()
  lendPorts(port1, nativeBinding())
  return port2
}

interface Running {
  readonly on: (message: FromFlashWorker) => void
}

export const startFlashWorkers = (
  count: number,
  bindingOf: () => { source: BindingSource; transfer: FlashWorkerTransfer },
  timing: Timing,
): FlashWorkers => {
  const jobs = new Map<number, Running>()
  let next = 1
  const workers = Array.from({ length: count }, () => {
    const { source, transfer } = bindingOf()
    const ports = source.kind === 'native' ? lentPorts() : source.bench
    const workerData: FlashWorkerData = { ports, timing }
    const worker = new Worker(new URL('./flash-worker.ts', import.meta.url), {
      workerData,
      transferList: source.kind === 'native' ? [ports] : transfer,
    })
    worker.on('message', (message: FromFlashWorker) => {
      if ('job' in message) jobs.get(message.job)?.on(message)
    })
    return worker
  })
  const post = (seat: number, message: ToFlashWorker): void => workers[seat % count]?.postMessage(message)

  const startJob = <T>(
    seat: number,
    message: (job: number) => ToFlashWorker,
    listen: (job: number, end: (value: T) => void) => Running['on'],
  ): FlashJob<T> => {
    const job = next++
    const ended = new Promise<T>((resolve) => {
      const end = (value: T): void => {
        jobs.delete(job)
        resolve(value)
      }
      jobs.set(job, { on: listen(job, end) })
    })
    post(seat, message(job))
    return { ended, cancel: () => post(seat, { type: 'cancel', job }) }
  }

  return {
    async loadRelease(id, regions, deflate) {
      const prepare = (kind: BlockKind) => Promise.all(regions.map((region) => prepareRegion(region, kind, deflate)))
      const blocks: CommonBlocks = {
        stub: await prepare('stub'),
        rom: await prepare('rom'),
        plain: await prepare('plain'),
      }
      for (let seat = 0; seat < count; seat++) post(seat, { type: 'release', id, blocks })
    },
    run: (seat, port, plan, releaseId, handlers) =>
      startJob<RunEnd>(
        seat,
        (job) => ({ type: 'run', job, port, plan, releaseId }),
        (job, end) => (message) => {
          switch (message.type) {
            case 'waiting':
              return handlers.waiting()
            case 'found':
              return handlers.found()
            case 'step':
              return handlers.step(message.step)
            case 'progress':
              return handlers.progress(message.ratio)
            case 'log':
              return handlers.log(message.at, message.text)
            case 'known':
              return handlers.known?.(message.board)
            case 'identified':
              handlers.identified(message.board).then(
                (own) => post(seat, { type: 'give', job, own }),
                (error: unknown) => post(seat, { type: 'refuse', job, failure: failureData(error, 'bind') }),
              )
              return
            case 'done':
              return end({ ok: true, result: message.result })
            case 'failed':
              return end({ ok: false, failure: message.failure, board: message.board })
            case 'removed':
            case 'closed':
              return
          }
        },
      ),
    awaitRemoval: (seat, port, mac, reset) =>
      startJob<void>(
        seat,
        (job) => ({ type: 'await-removal', job, port, mac, ...(reset ? { reset } : {}) }),
        (_, end) => (message) => {
          if (message.type === 'removed' || message.type === 'failed') end()
        },
      ),
    async close() {
      await Promise.all(
        workers.map(
          (worker) =>
            new Promise<void>((resolve) => {
              worker.once('exit', () => resolve())
              worker.postMessage({ type: 'close' } satisfies ToFlashWorker)
            }),
        ),
      )
    },
  }
}

type FlashWorkerTransfer = NonNullable<ConstructorParameters<typeof Worker>[1]>['transferList'] & object
