/** Identities kept ready ahead of the line: worker threads make them, the records take them in. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { serialOf, serialStem, type SerialScheme } from '../../contract/index.ts'
import type { Dac } from '../generation/plan.ts'
import type { Records } from '../records/records.ts'
import type { FromIdentityWorker, IdentityWorkerData, ToIdentityWorker } from './identity-worker.ts'

export interface IdentityPool {
  /** How many are ready in the records. */
  ready(): number
  /** How many the line will still need at most: no more are made. */
  setDemand(count: number): void
  /** One was taken from the records. */
  taken(): void
  /** Resolves when there is at least one. @throws Error when none can be made */
  available(): Promise<void>
  close(): Promise<void>
}

/** DACs that were bought and that no device has yet: each is given once, in their order. */
export interface DacStock {
  /** Where they lie. */
  readonly path: string
  left(): number
  next(): Dac | undefined
}

export interface IdentityPoolOptions {
  readonly records: Records
  readonly making: IdentityWorkerData
  readonly serial: SerialScheme
  /** Null where the issuer of `making` signs one for each identity. */
  readonly dacs: DacStock | null
  /** Kept ready at most. */
  readonly ahead: number
  readonly onChange: () => void
}

const MOST_WORKERS = 4

/** Main, flash and records threads need a core too. */
const workerCount = (): number => Math.max(1, Math.min(MOST_WORKERS, availableParallelism() - 1))

export const openIdentityPool = async (options: IdentityPoolOptions): Promise<IdentityPool> => {
  const { records, making, serial: scheme, dacs, ahead, onChange } = options
  const { orderId } = making.plan
  let ready = await records.ask('countReady', { orderId })
  let demand = 0
  let underWay = 0
  let broken: Error | undefined
  let closed = false
  let waiting: { resolve: () => void; reject: (error: Error) => void }[] = []

  const settle = (): void => {
    const settled = waiting
    waiting = []
    for (const { resolve, reject } of settled)
      if (broken) reject(broken)
      else resolve()
  }
  const fail = (error: Error): void => {
    broken = error
    settle()
    onChange()
  }

  /** Why none can be made now, though nothing is broken. */
  const shortage = (): Error | undefined =>
    dacs && dacs.left() === 0 && ready === 0 && underWay === 0
      ? new Error(`every DAC of ${dacs.path} is used; add more, and open the order again`)
      : undefined
  const refuseWaiting = (): void => {
    const error = shortage()
    if (!error) return
    const refused = waiting
    waiting = []
    for (const { reject } of refused) reject(error)
  }

  const takeSerials = async (count: number): Promise<string[]> => {
    const stem = serialStem(scheme, new Date())
    const { first } = await records.ask('takeSerials', { prefix: stem, count })
    return Array.from({ length: count }, (_, index) => serialOf(scheme, stem, first + index))
  }

  /** False where no DAC is left for it. */
  const begin = (serial: string, worker: Worker | undefined): boolean => {
    const dac = dacs?.next()
    if (dacs && !dac) return false
    worker?.postMessage({ serial, ...(dac && { dac }) } satisfies ToIdentityWorker)
    return true
  }

  const take = async (message: FromIdentityWorker, worker: Worker): Promise<void> => {
    if ('error' in message) {
      underWay--
      fail(new Error(`no identity could be made: ${message.error}`))
      return
    }
    // The order may be closed by now, and takes none any more.
    if (closed) return
    const { unique } = await records.ask('addIdentity', { identity: message.identity, at: Date.now() })
    // A clash of random values is next to impossible; a serial or a DAC that was imported meanwhile is not. All are made anew.
    if (!unique && !closed) {
      const [serial] = await takeSerials(1)
      if (serial !== undefined && begin(serial, worker)) return
      underWay--
      refuseWaiting()
      return
    }
    underWay--
    ready++
    settle()
    onChange()
  }

  const workers = Array.from({ length: workerCount() }, () => {
    const worker = new Worker(new URL('./identity-worker.ts', import.meta.url), { workerData: making })
    worker.on('message', (message: FromIdentityWorker) => {
      take(message, worker).catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))))
    })
    worker.on('error', fail)
    return worker
  })
  let turn = 0

  const refill = async (): Promise<void> => {
    const missing = Math.min(Math.min(ahead, demand) - ready - underWay, dacs?.left() ?? Infinity)
    if (missing <= 0 || closed || broken) return
    underWay += missing
    for (const serial of await takeSerials(missing)) if (!begin(serial, workers[turn++ % workers.length])) underWay--
  }
  const refillOrFail = (): void => {
    refill().catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))))
  }

  return {
    ready: () => ready,
    setDemand(count) {
      demand = count
      refillOrFail()
    },
    taken() {
      ready--
      refillOrFail()
      onChange()
    },
    available() {
      if (broken) return Promise.reject(broken)
      if (ready > 0) return Promise.resolve()
      const short = shortage()
      if (short) return Promise.reject(short)
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
      })
    },
    async close() {
      closed = true
      broken ??= new Error('the station is closing')
      settle()
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
