/** A run in the ledger: begun, or found again after an interruption, and the book in which its devices are claimed. */
import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { readCertificate } from '../matter/certificate-read.ts'
import { keyPairFromScalar } from '../matter/key-pair.ts'
import { attestationPlan, type MadePai } from './attestation-input.ts'
import { plainJson } from './device-secrets.ts'
import { flushFolder, syncFolder } from './durable-folder.ts'
import type { Ledger } from './ledger.ts'
import type { GenerationRequest } from './request.ts'
import type { RunBook, RunKeeping } from './run-book.ts'
import { assignBoughtDacs, checkGiven } from './ledger-values.ts'
import { openWorkFolder, type WorkFolder } from './work-folder.ts'

/** Equal for the same command with the same inputs; what is made anew each time, or depends on the moment, is left out. */
const digestOf = (request: GenerationRequest): string => {
  const { plan, count, given, place, asked, authority } = request
  const attestation = authority && {
    paa: authority.paa,
    pai: authority.made ? undefined : authority.pai.der,
    signs: authority.key !== undefined,
  }
  const hash = createHash('sha256')
  const add = (value: unknown): void => void hash.update(`${JSON.stringify(plainJson(value))}\n`)
  add({ ...plan, attestation, asked, count })
  const positions = place(0) === undefined && !request.givesValues ? 1 : count
  for (let position = 0; position < positions; position++) add(given(position))
  return hash.digest('hex')
}

const bytes = z.base64().transform((text): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64')))
const SealedPai = z.object({ certificate: bytes, privateKey: bytes })

const sealPai = ({ vault }: Ledger, id: string, { certificate, key }: MadePai): Uint8Array =>
  vault.seal(id, Buffer.from(JSON.stringify(plainJson({ certificate, privateKey: key.privateKey })), 'utf8'))

/** The request with the PAI that the interrupted run had made. */
const withSealedPai = (request: GenerationRequest, { vault }: Ledger, id: string, sealed: Uint8Array | null) => {
  const { authority, plan, wish, asked } = request
  if (!sealed || !authority) return request
  const { certificate, privateKey } = SealedPai.parse(JSON.parse(Buffer.from(vault.open(id, sealed)).toString('utf8')))
  const key = keyPairFromScalar(privateKey)
  const kept = {
    ...authority,
    pai: readCertificate(certificate, 'the PAI of the run'),
    key,
    made: { certificate, key },
  }
  return {
    ...request,
    authority: kept,
    plan: { ...plan, attestation: attestationPlan(kept, asked.cert ?? '', wish).plan },
  }
}

/** Devices whose completeness is kept together: the folder's names are on the disk before the ledger says so. */
const WRITTEN_TOGETHER = 64

const bookOf = (ledger: Ledger, id: string, folder: string, devices: number): RunBook => {
  const { records } = ledger
  let complete: number[] = []
  const keep = async (): Promise<void> => {
    const positions = complete
    complete = []
    if (positions.length === 0) return
    syncFolder(folder)
    await records.ask('markWritten', { runId: id, positions })
  }
  return {
    stationKey: ledger.stationKey,
    async claim(claims) {
      const devices = claims.flatMap(({ position, claim: { passcode, kept } }) =>
        kept
          ? [
              {
                id: kept.id,
                run_id: id,
                position,
                serial: kept.serial,
                passcode_mark: passcode ?? null,
                salt_mark: kept.salt,
                rotating_mark: kept.rotatingId ?? null,
                key_mark: kept.key ?? null,
                mac: null,
                dac_certificate: kept.dacCertificate ?? null,
                sealed: kept.sealed,
              },
            ]
          : [],
      )
      const { taken } = await records.ask('addGenerated', { devices, at: Date.now() })
      // Only a DAC that was given names the device, and such a DAC has been used.
      return new Map(taken.map(({ position, kind }) => [position, kind === 'id' || kind === 'mac' ? 'key' : kind]))
    },
    async known(position) {
      if (position >= devices) return undefined
      const found = await records.ask('generatedAt', { runId: id, position })
      return found && { id: found.id, sealed: found.sealed, written: found.written === 1 }
    },
    async written(positions) {
      complete.push(...positions)
      if (complete.length >= WRITTEN_TOGETHER) await keep()
    },
    async end(all) {
      await keep()
      if (!all) return
      flushFolder(folder)
      await records.ask('endGenerationRun', { id, at: Date.now() })
    },
  }
}

/** The oldest interrupted run of this request that nobody works on. */
const findInterrupted = async (request: GenerationRequest, { records }: Ledger, digest: string) => {
  const open = () => records.ask('openGenerationRuns', { request: digest })
  for (const { id } of await open()) {
    const work = openWorkFolder(request.plan.folder, id)
    if (!work) continue
    // It may have come to its end after the look and before the lock.
    const run = (await open()).find((still) => still.id === id)
    if (run) return { run, work }
    work.remove()
  }
  return undefined
}

/**
 * Begins a run in the ledger, or goes on with an interrupted one of the same command.
 *
 * @throws GenerationError when a value that is given is another device's
 */
export const openLedgerRun = async (
  asked: GenerationRequest,
  ledger: Ledger,
): Promise<{ readonly request: GenerationRequest; readonly keeping: RunKeeping; readonly resumed: boolean }> => {
  const made = asked.authority?.made
  const digest = digestOf(asked)
  const { folder } = asked.plan
  const keeping = (work: WorkFolder, id: string, devices: number): RunKeeping => ({
    work,
    book: bookOf(ledger, id, folder, devices),
  })
  const found = await findInterrupted(asked, ledger, digest)
  if (found) {
    const { run, work } = found
    try {
      await checkGiven(asked, ledger, run.id)
      const assigned = await assignBoughtDacs(asked, ledger, run.id)
      const request = withSealedPai(assigned, ledger, run.id, run.sealed)
      return { request, keeping: keeping(work, run.id, run.devices), resumed: true }
    } catch (error) {
      work.remove()
      throw error
    }
  }
  await checkGiven(asked, ledger, undefined)
  const request = await assignBoughtDacs(asked, ledger, undefined)
  const id = randomUUID()
  // Locked before it is in the ledger: a run there that nobody has locked was interrupted.
  const work = openWorkFolder(folder, id)
  if (!work) throw new Error(`${folder}: the run's work folder cannot be locked`)
  try {
    const { vendorId, productId } = asked.plan
    await ledger.records.ask('beginGenerationRun', {
      id,
      request: digest,
      described: JSON.stringify({ vendorId, productId, folder }),
      quantity: asked.count,
      sealed: made ? sealPai(ledger, id, made) : null,
      at: Date.now(),
    })
    return { request, keeping: keeping(work, id, 0), resumed: false }
  } catch (error) {
    work.remove()
    throw error
  }
}
