/** The thread that all simulated boards of a bench live in. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { createBenchPorts } from './bench-ports.ts'
import type { BenchCall, BenchOptions } from './bench-protocol.ts'

const port = parentPort
if (!port) throw new Error('the bench runs in a worker thread only')
const bench = createBenchPorts(workerData as BenchOptions)

port.on('message', (message: { id: number; call: BenchCall } | { connect: MessagePort }) => {
  if ('connect' in message) {
    bench.connect(message.connect)
    return
  }
  try {
    port.postMessage({ id: message.id, result: bench.call(message.call) })
  } catch (error) {
    port.postMessage({ id: message.id, error: error instanceof Error ? error.message : String(error) })
  }
  if (message.call.type === 'close') port.close()
})
