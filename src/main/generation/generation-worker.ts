/**
 * A thread that makes devices and writes their files. Between the two it asks: what it made is unique first, or made again, and only
 * then written.
 */
import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { FactoryDataError } from '../espressif/factory-partition-check.ts'
import { NvsError } from '../espressif/nvs-entry.ts'
import { keyPairFromScalar, signingKey } from '../matter/key-pair.ts'
import { openVault } from '../security/vault.ts'
import { claimOf, type Claim } from './claim.ts'
import { deviceOutput, type DeviceOutput } from './device-files.ts'
import { openDevice } from './device-secrets.ts'
import { deviceRows, type DeviceRows } from './device-table.ts'
import { makeDevice, type Device } from './device.ts'
import { GenerationError } from './generation-error.ts'
import { isDeviceFolder, removeDeviceFolder, writeDeviceFolder } from './output-folder.ts'
import type { GenerationPlan, GivenDevice } from './plan.ts'
import { pooledRandomBytes } from './random-pool.ts'

export interface GenerationWorkerData {
  readonly plan: GenerationPlan
  readonly workFolder: string
  /** Seals what goes into the ledger; undefined without one. */
  readonly stationKey: Uint8Array | undefined
}

/** A device that an interrupted run made: it is written as it was. */
export interface KnownDevice {
  readonly id: string
  readonly sealed: Uint8Array
  /** Its files were complete. */
  readonly written: boolean
}

export type ToGenerationWorker =
  | {
      readonly type: 'make'
      readonly position: number
      readonly given: GivenDevice
      readonly known: KnownDevice | undefined
    }
  | { readonly type: 'again' | 'write'; readonly position: number }

export type FromGenerationWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'made'; readonly position: number; readonly claim: Claim }
  | { readonly type: 'written'; readonly position: number; readonly rows: DeviceRows; readonly found: boolean }
  | { readonly type: 'failed'; readonly position: number; readonly message: string; readonly input: boolean }

const port = parentPort
if (!port) throw new Error('the generation worker runs in a worker thread only')
const { plan, workFolder, stationKey } = workerData as GenerationWorkerData
const vault = stationKey && openVault(stationKey)
const issuer = plan.attestation?.issuer
const randomBytes = pooledRandomBytes()
const issuerKey: KeyObject | undefined = issuer && signingKey(keyPairFromScalar(issuer.privateKey))
const say = (message: FromGenerationWorker): void => port.postMessage(message)

interface Job {
  readonly given: GivenDevice
  device: Device
  readonly known: KnownDevice | undefined
}
const jobs = new Map<number, Job>()

const begin = (position: number, given: GivenDevice, known: KnownDevice | undefined): void => {
  if (known && !vault) throw new Error('a known device needs the station key')
  const device =
    known && vault ? openDevice(vault, known.id, known.sealed) : makeDevice(plan, given, issuerKey, randomBytes)
  jobs.set(position, { given, device, known })
  if (known) write(position)
  else say({ type: 'made', position, claim: claimOf(vault, device) })
}

const again = (position: number): void => {
  const job = jobs.get(position)
  if (!job) return
  job.device = makeDevice(plan, job.given, issuerKey, randomBytes)
  say({ type: 'made', position, claim: claimOf(vault, job.device) })
}

/** Are the device's files complete, or taken away by somebody after they were? */
const isSettled = ({ id, written }: KnownDevice, { files }: DeviceOutput): boolean =>
  (written && !existsSync(join(plan.folder, id))) || isDeviceFolder(plan.folder, id, files)

const write = (position: number): void => {
  const job = jobs.get(position)
  if (!job) return
  jobs.delete(position)
  const { given, device } = job
  const output = deviceOutput(plan, given, device)
  const found = job.known !== undefined && isSettled(job.known, output)
  if (!found) {
    // What a loss of power left of a device that the ledger knows is written once more.
    if (job.known) removeDeviceFolder(plan.folder, device.id)
    writeDeviceFolder(plan.folder, device.id, workFolder, output.files)
  }
  say({ type: 'written', position, rows: deviceRows(plan, position, device, output), found })
}

const INPUT_ERRORS = [GenerationError, NvsError, FactoryDataError]
const isInput = (error: unknown): boolean => INPUT_ERRORS.some((kind) => error instanceof kind)

port.on('message', (message: ToGenerationWorker) => {
  const { position } = message
  try {
    if (message.type === 'make') begin(position, message.given, message.known)
    else if (message.type === 'again') again(position)
    else write(position)
  } catch (error) {
    jobs.delete(position)
    const text = error instanceof Error ? error.message : String(error)
    say({ type: 'failed', position, message: text, input: isInput(error) })
  }
})
say({ type: 'ready' })
