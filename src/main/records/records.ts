/** The main thread's handle on the records. */
import { Worker } from 'node:worker_threads'
import type { OperationName, OperationParams, OperationResult } from './operations.ts'
import type { FromRecords, ToRecords } from './records-worker.ts'

/** The records could not do what was asked: a constraint refused it, or the disk did. Nothing of it was kept. */
export class RecordsError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RecordsError'
  }
}

export interface Records {
  /** One operation, on the disk when the promise resolves. @throws RecordsError */
  ask<N extends OperationName>(
    name: N,
    ...params: OperationParams<N> extends undefined ? [] : [OperationParams<N>]
  ): Promise<OperationResult<N>>
  close(): Promise<void>
}

/**
 * Opens the records in a thread of their own.
 *
 * @param file SQLite database, made when there is none
 * @throws RecordsError when it cannot be opened or was written by a newer program
 */
export const openRecords = async (file: string): Promise<Records> => {
  const worker = new Worker(new URL('./records-worker.ts', import.meta.url), { workerData: { file } })
  const pending = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let next = 1
  let gone: RecordsError | undefined
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const end = (message: string): void => {
    gone ??= new RecordsError(message)
    for (const { reject } of pending.values()) reject(gone)
    pending.clear()
  }
  worker.on('error', (error) => end(`the records' thread ended: ${error.message}`))
  void exited.then(() => end('the records are closed'))

  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromRecords) => {
      if (message.type === 'open') resolve()
      else if (message.type === 'not-open') reject(new RecordsError(`${file}: ${message.message}`))
      else if (message.type === 'answer') {
        const waiting = pending.get(message.id)
        pending.delete(message.id)
        if (message.error === undefined) waiting?.resolve(message.result)
        else waiting?.reject(new RecordsError(message.error))
      }
    })
    void exited.then(() => reject(gone ?? new RecordsError('the records are closed')))
  })

  const say = (message: ToRecords): void => worker.postMessage(message)
  return {
    ask: (name, ...params) =>
      new Promise((resolve, reject) => {
        if (gone) {
          reject(gone)
          return
        }
        const id = next++
        pending.set(id, { resolve: resolve as (result: unknown) => void, reject })
        say({ type: 'ask', id, name, params: params[0] })
      }),
    async close() {
      say({ type: 'close' })
      await exited
    },
  }
}
