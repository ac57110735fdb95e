/** DACs that were bought from a PKI provider, with their keys: a folder, or a CSV file with the columns dac-cert and dac-key. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Dac } from '../generation/plan.ts'
import type { BoughtDacsAnswer, BoughtDacsRequest, DacsVerified } from './bought-dacs-worker.ts'

interface Known {
  readonly dacs: readonly Dac[]
  readonly verified: DacsVerified
}

/** What each place held when it was last found right. A product, its orders and their opening all ask for the same DACs. */
const found = new Map<string, Known>()

const ask = async (request: BoughtDacsRequest, known: DacsVerified | undefined): Promise<BoughtDacsAnswer> => {
  const workerData = { request, known }
  const worker = new Worker(new URL('./bought-dacs-worker.ts', import.meta.url), { workerData })
  try {
    const [answer] = (await once(worker, 'message')) as [BoughtDacsAnswer]
    return answer
  } finally {
    await worker.terminate()
  }
}

/** All of them, in their order, each with its key, each signed by the PAI for the product; or which file is at fault, and why. */
export const readBoughtDacs = async (
  request: BoughtDacsRequest,
): Promise<{ readonly dacs: readonly Dac[] } | { readonly fault: string }> => {
  const known = found.get(request.path)
  const answer = await ask(request, known?.verified)
  if ('fault' in answer) {
    found.delete(request.path)
    return answer
  }
  const right = 'unchanged' in answer ? known : answer
  if (!right) throw new Error('DACs that were never read cannot be unchanged')
  found.set(request.path, right)
  return right
}
