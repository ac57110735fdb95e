/**
 * A thread that makes devices and writes their files. Between the two it asks: what it made is unique first, or made again, and only
 * then written.
 */
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
import { batchRows, deviceRows, TABLES, type BatchRows, type DeviceRows } from './device-table.ts'
import { dacMaker, makeCommissioning, makeDevice, type Commissioning, type Device } from './device.ts'
import { GenerationError } from './generation-error.ts'
import { isDeviceFolder, removeDeviceFolder, writeDeviceFolder } from './output-folder.ts'
import type { GenerationPlan, GivenDevice } from './plan.ts'
import { takeSymbolParts, type SymbolParts } from './qr-symbol.ts'
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

/** One device to make. */
export interface Job {
  readonly position: number
  readonly given: GivenDevice
  readonly known: KnownDevice | undefined
}
export interface PlacedClaim {
  readonly position: number
  readonly claim: Claim
}
export interface WrittenDevice {
  readonly position: number
  /** The files were there already. */
  readonly found: boolean
}

/** Jobs come in batches: each message wakes the other side, which costs more than what it says. */
export type ToGenerationWorker =
  /** Comes first. */
  | { readonly type: 'begin'; readonly parts: SymbolParts | undefined }
  | { readonly type: 'make'; readonly batch: number; readonly jobs: readonly Job[] }
  /** The devices at these positions are made again, the others of the batch are written. */
  | { readonly type: 'claimed'; readonly batch: number; readonly taken: readonly number[] }

export type FromGenerationWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'made'; readonly batch: number; readonly claims: readonly PlacedClaim[] }
  | {
      readonly type: 'written'
      readonly batch: number
      readonly devices: readonly WrittenDevice[]
      readonly rows: BatchRows
    }
  | {
      readonly type: 'failed'
      readonly batch: number
      readonly position: number
      readonly message: string
      readonly input: boolean
    }

const port = parentPort
if (!port) throw new Error('the generation worker runs in a worker thread only')
const { plan, workFolder, stationKey } = workerData as GenerationWorkerData
const vault = stationKey && openVault(stationKey)
const issuer = plan.attestation?.issuer
const randomBytes = pooledRandomBytes()
const makeDac = issuer && dacMaker(plan, signingKey(keyPairFromScalar(issuer.privateKey)), randomBytes)
const say = (message: FromGenerationWorker): void => port.postMessage(message)

interface Made extends Job {
  readonly device: Device
}
/** What is made and not written yet. */
const batches = new Map<number, Map<number, Made>>()

const INPUT_ERRORS = [GenerationError, NvsError, FactoryDataError]

/** Runs the work for each; one that fails takes no other of its batch with it. */
const each = <T>(batch: number, items: Iterable<T & { readonly position: number }>, work: (item: T) => void): void => {
  for (const item of items)
    try {
      work(item)
    } catch (error) {
      batches.get(batch)?.delete(item.position)
      const message = error instanceof Error ? error.message : String(error)
      const input = INPUT_ERRORS.some((kind) => error instanceof kind)
      say({ type: 'failed', batch, position: item.position, message, input })
    }
}

const openKnown = ({ id, sealed }: KnownDevice): Device => {
  if (!vault) throw new Error('a known device needs the station key')
  return openDevice(vault, id, sealed)
}

/**
 * Makes the jobs' devices and asks whether they are unique; those of an interrupted run were, and are not asked for. First all
 * verifiers, then everything else: in turns they would drive each other out of the processor's caches.
 */
const make = (batch: number, jobs: readonly Job[]): void => {
  const made = batches.get(batch) ?? new Map<number, Made>()
  batches.set(batch, made)
  const commissioning = new Map<number, Commissioning>()
  each(batch, jobs, ({ position, given, known }) => {
    if (!known) commissioning.set(position, makeCommissioning(plan, given, randomBytes))
  })
  const claims: PlacedClaim[] = []
  each(batch, jobs, ({ position, given, known }) => {
    const own = commissioning.get(position)
    // Without either it failed before.
    const device = known ? openKnown(known) : own && makeDevice(plan, given, own, makeDac, randomBytes)
    if (!device) return
    made.set(position, { position, given, known, device })
    if (!known) claims.push({ position, claim: claimOf(vault, device) })
  })
  if (claims.length > 0) say({ type: 'made', batch, claims })
  else write(batch)
}

/** Are the device's files complete, or taken away by somebody after they were? */
const isSettled = ({ id, written }: KnownDevice, { files }: DeviceOutput): boolean =>
  (written && !existsSync(join(plan.folder, id))) || isDeviceFolder(plan.folder, id, files)

const write = (batch: number): void => {
  const devices: WrittenDevice[] = []
  const rowsOfDevices: DeviceRows[] = []
  each(batch, batches.get(batch)?.values() ?? [], ({ position, given, known, device }: Made) => {
    const output = deviceOutput(plan, given, device)
    const found = known !== undefined && isSettled(known, output)
    if (!found) {
      // What a loss of power left of a device that the ledger knows is written once more.
      if (known) removeDeviceFolder(plan.folder, device.id)
      writeDeviceFolder(plan.folder, device.id, workFolder, output.files)
    }
    devices.push({ position, found })
    rowsOfDevices.push(deviceRows(plan, position, device, output))
  })
  batches.delete(batch)
  const rows = batchRows(rowsOfDevices)
  const buffers = TABLES.map((table) => rows.tables[table].buffer)
  port.postMessage({ type: 'written', batch, devices, rows } satisfies FromGenerationWorker, buffers)
}

const begin = (parts: SymbolParts | undefined): void => {
  if (parts) takeSymbolParts(parts)
  say({ type: 'ready' })
}

const answer = (batch: number, taken: readonly number[]): void => {
  if (taken.length === 0) write(batch)
  else
    make(
      batch,
      taken.flatMap((position) => batches.get(batch)?.get(position) ?? []),
    )
}

port.on('message', (message: ToGenerationWorker) => {
  switch (message.type) {
    case 'begin':
      return begin(message.parts)
    case 'make':
      return make(message.batch, message.jobs)
    case 'claimed':
      return answer(message.batch, message.taken)
  }
})
