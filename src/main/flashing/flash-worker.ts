/**
 * The thread that owns serial ports. It never dies with a port open: an exception closes the ports first, and it ends only when it
 * is told to (terminating a thread with an open port crashes the whole process).
 */
import { parentPort, workerData } from 'node:worker_threads'
import { autoDetect } from '@serialport/bindings-cpp'
import type { BindingInterface } from '@serialport/bindings-interface'
import { simulatedBinding } from '../simulator/binding.ts'
import type { FlashWorkerData, FromFlashWorker, ToFlashWorker } from './flash-protocol.ts'
import { createFlashJobs } from './flash-jobs.ts'

const { binding: source, timing } = workerData as FlashWorkerData
const binding: BindingInterface =
  source.kind === 'native' ? (autoDetect() as unknown as BindingInterface) : simulatedBinding(source.bench)
const port = parentPort
if (!port) throw new Error('the flash worker runs in a worker thread only')

const say = (message: FromFlashWorker): void => port.postMessage(message)
const jobs = createFlashJobs(binding, timing, say)

const end = async (): Promise<void> => {
  await jobs.close()
  if (source.kind === 'simulated') source.bench.close()
  say({ type: 'closed' })
  port.close()
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`flash worker: ${error.stack ?? error.message}\n`)
  jobs.failAll(error)
})

port.on('message', (message: ToFlashWorker) => {
  if (message.type === 'close') void end()
  else jobs.handle(message)
})
