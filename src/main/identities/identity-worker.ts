/** A thread that makes identities. What leaves it is sealed. */
import { randomBytes, randomUUID } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { keyPairFromScalar, signingKey } from '../matter/key-pair.ts'
import type { Dac } from '../generation/plan.ts'
import type { NewIdentity } from '../records/identity-records.ts'
import { openVault } from '../security/vault.ts'
import { makeSecrets, newDac, sealedIdentity, type IdentityPlan } from './make-identity.ts'

export interface IdentityWorkerData {
  readonly plan: IdentityPlan
  readonly stationKey: Uint8Array
  /** Signs the DACs; null where each identity is given one that was bought. */
  readonly issuer: {
    readonly subject: Uint8Array
    readonly keyIdentifier: Uint8Array
    /** The PAI's key, 32 bytes. */
    readonly privateKey: Uint8Array
  } | null
}
export interface ToIdentityWorker {
  readonly serial: string
  readonly dac?: Dac
}
export type FromIdentityWorker =
  { readonly serial: string; readonly identity: NewIdentity } | { readonly serial: string; readonly error: string }

const port = parentPort
if (!port) throw new Error('the identity worker runs in a worker thread only')
const { plan, stationKey, issuer } = workerData as IdentityWorkerData
const vault = openVault(stationKey)
const signer = issuer && { ...issuer, key: signingKey(keyPairFromScalar(issuer.privateKey)) }

port.on('message', ({ serial, dac: given }: ToIdentityWorker) => {
  const say = (message: FromIdentityWorker): void => port.postMessage(message)
  try {
    const id = randomUUID()
    const now = new Date()
    const dac = given ?? (signer && newDac(plan, signer, id, now, randomBytes))
    if (!dac) throw new Error('there is no DAC for this identity, and nobody who signs one')
    const secrets = makeSecrets(plan, dac, serial, now, randomBytes)
    say({ serial, identity: sealedIdentity(vault, plan.orderId, id, secrets) })
  } catch (error) {
    say({ serial, error: error instanceof Error ? error.message : String(error) })
  }
})
