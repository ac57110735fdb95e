/**
 * A thread that reads DACs that were bought: thousands of files, each checked against its key, the PAI and the product. Files that
 * are as they were when they were found right are not read again.
 */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { GenerationError } from '../generation/generation-error.ts'
import { dacCheck, dacFiles, readDacs } from '../generation/given-dac.ts'
import type { Dac } from '../generation/plan.ts'
import { readCertificateFields } from '../matter/certificate-fields.ts'
import { readCertificate } from '../matter/certificate-read.ts'

export interface BoughtDacsRequest {
  readonly path: string
  /** DER. */
  readonly pai: Uint8Array
  readonly product: { readonly vendorId: number; readonly productId: number }
  readonly password: string | undefined
  readonly now: Date
}

/** Until when, and for which content of the files, DACs that were right are right. */
export interface DacsVerified {
  /** Digest of what was asked, and of the files' names, sizes and times. */
  readonly stamp: string
  /** All of the DACs are valid between these moments. */
  readonly from: Date
  readonly to: Date
}

export type BoughtDacsAnswer =
  | { readonly dacs: readonly Dac[]; readonly verified: DacsVerified }
  | { readonly unchanged: true }
  | { readonly fault: string }

const stampOf = ({ path, pai, product, password }: BoughtDacsRequest): string => {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([path, Buffer.from(pai).toString('hex'), product, password ?? null]))
  for (const file of dacFiles(path, '')) {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false })
    hash.update(
      JSON.stringify([file, String(found?.ino), String(found?.size), String(found?.mtimeNs), String(found?.ctimeNs)]),
    )
  }
  return hash.digest('hex')
}

const periodOf = (dacs: readonly Dac[]): Pick<DacsVerified, 'from' | 'to'> => {
  const fields = dacs.map(({ certificate }) => readCertificateFields(certificate))
  return {
    from: new Date(fields.reduce((latest, { notBefore }) => Math.max(latest, notBefore.getTime()), -Infinity)),
    to: new Date(fields.reduce((first, { notAfter }) => Math.min(first, notAfter.getTime()), Infinity)),
  }
}

const read = (request: BoughtDacsRequest, known: DacsVerified | undefined): BoughtDacsAnswer => {
  const { path, pai, product, password, now } = request
  try {
    const stamp = stampOf(request)
    if (known?.stamp === stamp && now >= known.from && now <= known.to) return { unchanged: true }
    const certificate = readCertificate(pai, 'the PAI certificate')
    const dacs = readDacs(path, dacCheck({ pai: certificate, paa: undefined }, product, password, now), '')
    return { dacs, verified: { stamp, ...periodOf(dacs) } }
  } catch (error) {
    if (error instanceof GenerationError) return { fault: error.message }
    throw error
  }
}

const { request, known } = workerData as { request: BoughtDacsRequest; known: DacsVerified | undefined }
parentPort?.postMessage(read(request, known))
