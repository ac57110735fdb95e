/** A thread that makes identities. What leaves it is sealed: no secret crosses a thread's border in the clear. */
import { randomBytes, randomUUID } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { keyPairFromScalar, signingKey } from '../matter/key-pair.ts'
import type { NewIdentity } from '../records/identity-records.ts'
import { openVault } from '../security/vault.ts'
import { makeSecrets, sealedIdentity, type IdentityPlan } from './make-identity.ts'

export interface IdentityWorkerData {
  readonly plan: IdentityPlan
  readonly stationKey: Uint8Array
  readonly issuer: {
    readonly subject: Uint8Array
    readonly keyIdentifier: Uint8Array
    /** The PAI's key, 32 bytes. */
    readonly privateKey: Uint8Array
  }
}
export interface ToIdentityWorker {
  readonly serial: string
}
export type FromIdentityWorker =
  { readonly serial: string; readonly identity: NewIdentity } | { readonly serial: string; readonly error: string }

const port = parentPort
if (!port) throw new Error('the identity worker runs in a worker thread only')
const { plan, stationKey, issuer } = workerData as IdentityWorkerData
const vault = openVault(stationKey)
const signer = { ...issuer, key: signingKey(keyPairFromScalar(issuer.privateKey)) }

port.on('message', ({ serial }: ToIdentityWorker) => {
  const say = (message: FromIdentityWorker): void => port.postMessage(message)
  try {
    const id = randomUUID()
    const secrets = makeSecrets(plan, signer, id, serial, new Date(), randomBytes)
    say({ serial, identity: sealedIdentity(vault, plan.orderId, id, secrets) })
  } catch (error) {
    say({ serial, error: error instanceof Error ? error.message : String(error) })
  }
})
