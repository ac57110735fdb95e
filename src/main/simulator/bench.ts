import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { BenchCall, BenchOptions, Board, BoardState } from './bench-protocol.ts'

/** The main thread's handle on a bench of simulated boards. */
export interface Bench {
  insert(slot: number, board: Board): Promise<void>
  remove(slot: number): Promise<void>
  /** What the flash of a board holds; bytes beyond the last that is not blank may be missing. */
  flashOf(mac: string): Promise<Uint8Array | undefined>
  /** How the board in a slot stands; undefined for an empty slot. */
  stateOf(slot: number): Promise<BoardState | undefined>
  /** How many adapters somebody has open. */
  openPorts(): Promise<number>
  /** An end for a simulated binding, to be transferred to a flash worker. */
  connect(): MessagePort
  close(): Promise<void>
}

/** Starts a bench in a thread of its own. */
export const openBench = (options: BenchOptions): Bench => {
  const worker = new Worker(new URL('./bench-worker.ts', import.meta.url), { workerData: options })
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let next = 1
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.on('message', ({ id, result, error }: { id: number; result?: unknown; error?: string }) => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(new Error(error))
  })
  worker.on('error', (error) => {
    for (const waiting of pending.values()) waiting.reject(error)
    pending.clear()
  })
  const call = (what: BenchCall): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = next++
      pending.set(id, { resolve, reject })
      worker.postMessage({ id, call: what })
    })
  return {
    insert: async (slot, board) => void (await call({ type: 'insert', slot, board })),
    remove: async (slot) => void (await call({ type: 'remove', slot })),
    flashOf: async (mac) => (await call({ type: 'flash', mac })) as Uint8Array | undefined,
    stateOf: async (slot) => (await call({ type: 'state', slot })) as BoardState | undefined,
    openPorts: async () => (await call({ type: 'open-ports' })) as number,
    connect() {
      const { port1, port2 } = new MessageChannel()
      worker.postMessage({ connect: port1 }, [port1])
      return port2
    },
    async close() {
      await call({ type: 'close' })
      await worker.terminate()
      await exited
    },
  }
}
