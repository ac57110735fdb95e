/** A thread that reads DACs that were bought: thousands of files, each checked against its key, the PAI and the product. */
import { parentPort, workerData } from 'node:worker_threads'
import { GenerationError } from '../generation/generation-error.ts'
import { readDacs } from '../generation/given-dac.ts'
import type { Dac } from '../generation/plan.ts'
import { readCertificate } from '../matter/certificate-read.ts'

export interface BoughtDacsRequest {
  readonly path: string
  /** DER. */
  readonly pai: Uint8Array
  readonly product: { readonly vendorId: number; readonly productId: number }
  readonly password: string | undefined
  readonly now: Date
}
export type BoughtDacsAnswer = { readonly dacs: readonly Dac[] } | { readonly fault: string }

const read = ({ path, pai, product, password, now }: BoughtDacsRequest): BoughtDacsAnswer => {
  try {
    const certificate = readCertificate(pai, 'the PAI certificate')
    const authority = { pai: certificate, paa: undefined, key: undefined, made: undefined, notes: [] }
    return { dacs: readDacs(path, { authority, product, password, now }, '') }
  } catch (error) {
    if (error instanceof GenerationError) return { fault: error.message }
    throw error
  }
}

parentPort?.postMessage(read(workerData as BoughtDacsRequest))
