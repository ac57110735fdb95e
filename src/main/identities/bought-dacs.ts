/** DACs that were bought from a PKI provider, with their keys: a folder, or a CSV file with the columns dac-cert and dac-key. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { BoughtDacsAnswer, BoughtDacsRequest } from './bought-dacs-worker.ts'

/** All of them, in their order, each with its key, each signed by the PAI for the product; or which file is at fault, and why. */
export const readBoughtDacs = async (request: BoughtDacsRequest): Promise<BoughtDacsAnswer> => {
  const worker = new Worker(new URL('./bought-dacs-worker.ts', import.meta.url), { workerData: request })
  try {
    const [answer] = (await once(worker, 'message')) as [BoughtDacsAnswer]
    return answer
  } finally {
    await worker.terminate()
  }
}
