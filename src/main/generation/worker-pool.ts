/** Threads that make devices: each has some jobs ahead, so that it never waits for an answer. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { symbolParts, type SymbolParts } from './qr-symbol.ts'
import type { FromGenerationWorker, GenerationWorkerData, ToGenerationWorker } from './generation-worker.ts'

/** What a thread says about a batch. */
export type AboutBatch = Exclude<FromGenerationWorker, { type: 'ready' }>

export interface WorkerPool {
  readonly size: number
  /** Gives the batch to the thread that has the fewest. */
  give(message: Extract<ToGenerationWorker, { type: 'make' }>): void
  /** To the thread that has the batch. */
  answer(message: Extract<ToGenerationWorker, { type: 'claimed' }>): void
  close(): Promise<void>
}

interface Member {
  readonly worker: Worker
  readonly batches: Set<number>
}

/** Most of what a device is made of is gone when it is written: room for many of them means fewer collections. */
const YOUNG_GENERATION = 64

/**
 * Starts the threads; resolves when all are ready.
 *
 * @param hear is called for everything that a thread says about a batch
 * @param fail is called when a thread ends of itself
 */
export const startWorkers = async (
  data: GenerationWorkerData,
  hear: (message: AboutBatch) => void,
  fail: (error: Error) => void,
  size = availableParallelism(),
): Promise<WorkerPool> => {
  const byBatch = new Map<number, Member>()
  const start = (): Worker =>
    new Worker(new URL('./generation-worker.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    })
  const ready = async (worker: Worker, parts: SymbolParts | undefined): Promise<Member> => {
    const member: Member = { worker, batches: new Set() }
    await new Promise<void>((resolve, reject) => {
      worker.on('error', (error) => {
        const reason = error instanceof Error ? error : new Error(String(error))
        reject(reason)
        fail(reason)
      })
      worker.on('message', (message: FromGenerationWorker) => {
        if (message.type === 'ready') {
          resolve()
          return
        }
        if (message.type === 'written') {
          member.batches.delete(message.batch)
          byBatch.delete(message.batch)
        }
        hear(message)
      })
      worker.postMessage({ type: 'begin', parts } satisfies ToGenerationWorker)
    })
    return member
  }
  const workers = Array.from({ length: size }, start)
  // While they load: all of them need it.
  const parts = data.plan.dynamicPasscode ? undefined : symbolParts()
  const members = await Promise.all(workers.map((worker) => ready(worker, parts)))
  const say = (member: Member | undefined, message: ToGenerationWorker): void => member?.worker.postMessage(message)
  return {
    size,
    give(message) {
      const member = members.reduce((least, other) => (other.batches.size < least.batches.size ? other : least))
      member.batches.add(message.batch)
      byBatch.set(message.batch, member)
      say(member, message)
    },
    answer(message) {
      say(byBatch.get(message.batch), message)
    },
    async close() {
      await Promise.all(members.map(({ worker }) => worker.terminate()))
    },
  }
}
