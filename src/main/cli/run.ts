import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { FolderLockedError } from '../folder-lock.ts'
import { runHeadless } from '../headless.ts'
import type { DacOrigin } from '../identities/attestation-source.ts'
import { parseFault, FAULT_NAMES } from '../simulator/faults.ts'
import { parsePace } from '../simulator/pace.ts'
import { OrderRefusal } from '../station/orders/prepare-order.ts'
import { RequestRefusal } from '../station/request-refusal.ts'
import { addBoardOptions, boardChecks, type BoardOptions } from './board-options.ts'
import { InputError } from './input-error.ts'
import { readInputFile } from './input-file.ts'
import { makeOutputFolder } from './output-file.ts'
import { endWithParent } from './end-with-parent.ts'

interface RunOptions extends BoardOptions {
  units: string
  out: string
  slots: string
  pace: string
  fault: string[]
  release?: string
  paiCert?: string
  paiKey?: string
  dacs?: string
  paiPasswordFile?: string
  approveFirstArticle?: string
  manifest?: string
}

const wholeNumber = (name: string, text: string, least: number, most: number): number => {
  const number = Number(text)
  if (!/^\d+$/u.test(text) || number < least || number > most)
    throw new InputError(`${name} ${text} is not allowed; a whole number from ${least} to ${most} is`)
  return number
}

const firstLine = (path: string, option: string): string => {
  const [line = ''] = readInputFile(path, option).toString('utf8').split(/\r?\n/u)
  if (line === '') throw new InputError(`${option} ${path}: its first line is empty; it has to be the password`)
  return line
}

const personName = (text: string): string => {
  const name = text.trim()
  if (name === '' || name.length > 40)
    throw new InputError('--approve-first-article needs a name of 1 to 40 characters; the approval is kept with it')
  return name
}

const orInputError = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message)
    throw error
  }
}

/** What is written, or how: of no use where modules are only labelled. */
const OF_WRITING = [
  'release',
  'paiCert',
  'paiKey',
  'dacs',
  'paiPasswordFile',
  'expect',
  'encryptByDevice',
  'allowUnverified',
  'bootText',
]

/** @throws InputError */
const refuseMixture = (command: Command): void => {
  if (command.getOptionValueSource('manifest') === undefined) return
  const given = command.options.find(
    (option) =>
      OF_WRITING.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  )
  if (given)
    throw new InputError(
      `${given.long} is not allowed with --manifest: its modules are labelled, nothing is written to them`,
    )
}

const dacOrigin = ({ paiKey, dacs }: RunOptions): DacOrigin | undefined => {
  if (dacs !== undefined) return { kind: 'bought', path: resolve(dacs) }
  return paiKey === undefined ? undefined : { kind: 'signed', key: resolve(paiKey) }
}

/** Another process holds the data folder. */
const EXIT_LOCKED = 3

/** `imprint run`: the unattended run; `npm start -- --headless` is the same. */
export const runCommand = (): Command =>
  addBoardOptions(
    new Command('run')
      .description('make an order of demo units on a simulated bench, unattended')
      .requiredOption('--units <n>', 'how many units shall pass')
      .requiredOption('--out <dir>', 'folder for records, labels and units.csv; the same again goes on')
      .option('--slots <n>', 'slots of the simulated bench, 1 to 32', '8')
      .option('--pace <pace>', "'wire', 'off', or a factor such as '10x'", 'wire')
      .addOption(
        new Option(
          '--fault <fault>',
          `NAME[@BOARD][:times=N], may be repeated; NAME is one of ${FAULT_NAMES.join(', ')}`,
        )
          .argParser((text: string, before: string[]) => [...before, text])
          .default([], 'none'),
      )
      .option(
        '--manifest <path>',
        'modules that came provisioned (CSV, or output folder of esp-matter-mfg-tool): they are read and labelled, nothing is written',
      )
      .option(
        '--nvs-keys <file>',
        'keys of encrypted NVS: encrypt the manufacturing partition with them, and write them too',
      )
      .option('--release <dir>', "ESP-IDF build folder (default: the demo's own)")
      .option('--pai-cert <file>', "PAI certificate, PEM or DER (default: the demo's test PAI)")
      .option('--pai-key <file>', 'key of the PAI: PEM, DER or PKCS#12, encrypted or not')
      .addOption(
        new Option(
          '--dacs <path>',
          'DACs that were bought under --pai-cert, with their keys: folder, or CSV with dac-cert and dac-key',
        ).conflicts('paiKey'),
      )
      .option('--pai-password-file <file>', 'file whose first line is the password of encrypted keys')
      .option(
        '--approve-first-article <name>',
        'make one unit first, and the rest of a new order in the name of this person',
      ),
    true,
  ).action(async (options: RunOptions, command: Command) => {
    const units = wholeNumber('--units', options.units, 1, 1_000_000)
    const slots = wholeNumber('--slots', options.slots, 1, 32)
    const faults = orInputError(() => options.fault.map(parseFault))
    const pace = orInputError(() => parsePace(options.pace))
    refuseMixture(command)
    const boards = boardChecks(options)
    await makeOutputFolder('--out', options.out)
    const abort = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort())
    const free = endWithParent(() => abort.abort())
    try {
      const { complete, stopReason, result } = await runHeadless({
        units,
        out: resolve(options.out),
        simulation: { slots, pace, faults },
        boards,
        release: options.release === undefined ? undefined : resolve(options.release),
        paiCertificate: options.paiCert === undefined ? undefined : resolve(options.paiCert),
        dacs: dacOrigin(options),
        paiPassword:
          options.paiPasswordFile === undefined
            ? undefined
            : firstLine(resolve(options.paiPasswordFile), '--pai-password-file'),
        approver: options.approveFirstArticle === undefined ? undefined : personName(options.approveFirstArticle),
        manifest: options.manifest === undefined ? undefined : resolve(options.manifest),
        say: (line) => process.stdout.write(`${line}\n`),
        signal: abort.signal,
      })
      process.stdout.write(`${JSON.stringify(result)}\n`)
      if (!complete) {
        process.stderr.write(`imprint: the line stopped short (${stopReason ?? 'stopped'})\n`)
        process.exitCode = 1
      }
    } catch (error) {
      if (error instanceof OrderRefusal || error instanceof RequestRefusal) throw new InputError(error.message)
      if (error instanceof FolderLockedError) {
        process.stderr.write(`imprint: ${error.message}\n`)
        process.exitCode = EXIT_LOCKED
        return
      }
      throw error
    } finally {
      free()
    }
  })
