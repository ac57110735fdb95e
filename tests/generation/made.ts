/** Runs of `imprint generate` within the test's process: arguments as they are typed, in a folder of their own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFactory, type FoundFactoryData } from '../../src/main/espressif/factory-partition-read.ts'
import { readCsvText } from '../../src/main/espressif/nvs-csv-text.ts'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { commandWithOptions } from '../../src/main/cli/generate-options.ts'
import { generate, type GenerationOptions, type GenerationResult } from '../../src/main/generation/generate.ts'
import { openLedgerRun } from '../../src/main/generation/ledger-run.ts'
import { openLedger } from '../../src/main/generation/ledger.ts'
import type { GenerateOptions } from '../../src/main/generation/generate-options.ts'
import { readRequest, type GenerationRequest } from '../../src/main/generation/request.ts'

export const vector = (path: string): string => fileURLToPath(new URL(`../vectors/${path}`, import.meta.url))

export const PRODUCT = ['-v', '0xFFF2', '-p', '0x8001'] as const
export const PAI = [
  ...['--pai', '-c', vector('certs/Chip-Test-PAI-FFF2-8001-Cert.pem')],
  ...['-k', vector('certs/Chip-Test-PAI-FFF2-8001-Key.pem')],
] as const
/** The hash is not what is tested. */
export const QUICK = ['--iteration-count', '1000'] as const

export const NOW = new Date('2026-11-24T12:00:00Z')

export const temporaryFolder = (): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'imprint-generate-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export const parse = (...args: readonly string[]): GenerateOptions => {
  const command = commandWithOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    .action(() => undefined)
  command.parse([...args], { from: 'user' })
  return command.opts()
}

/** What the arguments ask for. @throws GenerationError */
export const request = (...args: readonly string[]): GenerationRequest => requestAt(NOW, ...args)
export const requestAt = (now: Date, ...args: readonly string[]): GenerationRequest => readRequest(parse(...args), now)

/** The sentence with which the arguments are refused. */
export const refusal = (...args: readonly string[]): string => {
  try {
    request(...PRODUCT, ...args)
  } catch (error) {
    if (error instanceof Error && error.name === 'GenerationError') return error.message
    throw error
  }
  throw new Error(`${args.join(' ')} was not refused`)
}

export interface MadeDevice {
  readonly id: string
  readonly folder: string
  read(name: string): Buffer
  mode(name: string): number
  /** What the device would find in its partition. */
  readonly partition: FoundFactoryData
  readonly codes: Readonly<Record<'qrcode' | 'manualcode' | 'discriminator' | 'passcode', string>>
}

export interface Made {
  readonly result: GenerationResult
  readonly notes: readonly string[]
  readonly devices: readonly MadeDevice[]
  /** Rows of the summary by column. */
  readonly summary: readonly Readonly<Record<string, string>>[]
}

export const tableOf = (path: string): Record<string, string>[] => {
  const [header, ...rows] = readCsvText(readFileSync(path, 'utf8'), path)
  return rows.map((row) => Object.fromEntries((header ?? []).map(({ text }, index) => [text, row[index]?.text ?? ''])))
}

export const deviceIn = (folder: string, id: string): MadeDevice => {
  const place = join(folder, id)
  const read = (name: string): Buffer => readFileSync(join(place, name))
  return {
    id,
    folder: place,
    read,
    mode: (name) => statSync(join(place, name)).mode & 0o777,
    get partition() {
      return readFactory(readNvs(read(`${id}-partition.bin`)).entries).data
    },
    get codes() {
      return tableOf(join(place, `${id}-onb_codes.csv`))[0] as MadeDevice['codes']
    },
  }
}

export const devicesIn = (folder: string): MadeDevice[] =>
  readdirSync(folder)
    .filter((name) => /^[0-9a-f]{8}-/u.test(name))
    .toSorted()
    .map((id) => deviceIn(folder, id))

/** Runs the arguments to their end with one thread. */
export const make = async (
  outdir: string,
  args: readonly string[],
  options: Partial<GenerationOptions> & { readonly ledger?: string } = {},
): Promise<Made> => {
  const asked = requestAt(options.now?.() ?? NOW, ...PRODUCT, ...QUICK, '--outdir', outdir, ...args)
  const ledger = options.ledger === undefined ? undefined : await openLedger(options.ledger)
  try {
    const result = await generate(
      asked,
      { now: () => NOW, workers: 1, ...options },
      ledger && ((checked) => openLedgerRun(checked, ledger)),
    )
    const summary = result.summary === undefined ? [] : tableOf(result.summary)
    return { result, notes: asked.notes, devices: devicesIn(result.folder), summary }
  } finally {
    await ledger?.close()
  }
}
