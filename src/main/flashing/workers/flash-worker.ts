/** A thread that drives boards over ports which another thread owns. It ends when it is told to, with every port released. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FlashWorkerData, FromFlashWorker, ToFlashWorker } from './flash-protocol.ts'
import { createFlashJobs } from './flash-jobs.ts'
import { remoteBinding } from '../ports/remote-binding.ts'

const { ports, timing } = workerData as FlashWorkerData
const port = parentPort
if (!port) throw new Error('the flash worker runs in a worker thread only')

const say = (message: FromFlashWorker): void => port.postMessage(message)
const jobs = createFlashJobs(remoteBinding(ports), timing, say)

const end = async (): Promise<void> => {
  await jobs.close()
  ports.close()
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
