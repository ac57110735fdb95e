/** Threads that make devices: each has some jobs ahead, so that it never waits for an answer. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { FromGenerationWorker, GenerationWorkerData, ToGenerationWorker } from './generation-worker.ts'

export interface WorkerPool {
  readonly size: number
  /** Gives the job to the thread that has the fewest. */
  give(job: Extract<ToGenerationWorker, { type: 'make' }>): void
  /** To the thread that has the job. */
  answer(message: Extract<ToGenerationWorker, { type: 'again' | 'write' }>): void
  close(): Promise<void>
}

interface Member {
  readonly worker: Worker
  readonly positions: Set<number>
}

/**
 * Starts the threads; resolves when all are ready.
 *
 * @param hear is called for everything that a thread says about a job
 * @param fail is called when a thread ends of itself
 */
export const startWorkers = async (
  data: GenerationWorkerData,
  hear: (message: Exclude<FromGenerationWorker, { type: 'ready' }>) => void,
  fail: (error: Error) => void,
  size = availableParallelism(),
): Promise<WorkerPool> => {
  const byPosition = new Map<number, Member>()
  const start = async (): Promise<Member> => {
    const worker = new Worker(new URL('./generation-worker.ts', import.meta.url), { workerData: data })
    const member: Member = { worker, positions: new Set() }
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
        if (message.type !== 'made') {
          member.positions.delete(message.position)
          byPosition.delete(message.position)
        }
        hear(message)
      })
    })
    return member
  }
  const members = await Promise.all(Array.from({ length: size }, start))
  const say = (member: Member | undefined, message: ToGenerationWorker): void => member?.worker.postMessage(message)
  return {
    size,
    give(job) {
      const member = members.reduce((least, other) => (other.positions.size < least.positions.size ? other : least))
      member.positions.add(job.position)
      byPosition.set(job.position, member)
      say(member, job)
    },
    answer(message) {
      say(byPosition.get(message.position), message)
    },
    async close() {
      await Promise.all(members.map(({ worker }) => worker.terminate()))
    },
  }
}
