/** DACs that were bought from a PKI provider, with their keys: a folder, or a CSV file with the columns dac-cert and dac-key. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Dac } from '../generation/plan.ts'
import type { BoughtDacsAnswer, BoughtDacsRequest } from './bought-dacs-worker.ts'

/** Why they cannot be used: which file and row, and what is needed. */
export class BoughtDacsError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BoughtDacsError'
  }
}

/**
 * All of them, in their order, each with its key, each signed by the PAI for the product.
 *
 * @throws BoughtDacsError
 */
export const readBoughtDacs = async (request: BoughtDacsRequest): Promise<readonly Dac[]> => {
  const worker = new Worker(new URL('./bought-dacs-worker.ts', import.meta.url), { workerData: request })
  try {
    const [answer] = (await once(worker, 'message')) as [BoughtDacsAnswer]
    if ('fault' in answer) throw new BoughtDacsError(answer.fault)
    return answer.dacs
  } finally {
    await worker.terminate()
  }
}
