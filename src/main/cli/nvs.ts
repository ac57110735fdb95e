import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { XtsKeys } from '../espressif/aes-xts.ts'
import { generateNvs } from '../espressif/nvs-csv.ts'
import { NvsError } from '../espressif/nvs-entry.ts'
import { nvsKeysFrom, readNvsKeys, writeNvsKeys } from '../espressif/nvs-keys.ts'
import { readNvs } from '../espressif/nvs-read.ts'
import { nvsJson, nvsText } from '../inspection/inspect-nvs.ts'
import { wholeNumber } from './arguments.ts'
import { InputError } from './input-error.ts'
import { readInputFile } from './input-file.ts'
import { refuseUnwritable, writeWholeFile } from './output-file.ts'

const LARGEST = 128 * 2 ** 20
const PAGE = 4096

/** Runs what may fail with the format's own error, which is always about the input. */
const asInput = <T>(action: () => T): T => {
  try {
    return action()
  } catch (error) {
    throw error instanceof NvsError ? new InputError(error.message) : error
  }
}

const keysFrom = (path: string | undefined): XtsKeys | undefined =>
  path === undefined ? undefined : asInput(() => readNvsKeys(readInputFile(path, '--keys'), `--keys ${path}`))

/** Files that rows name are looked for where the command runs, as the reference does, then beside the CSV. */
const fileOfRow =
  (csv: string) =>
  (path: string): Uint8Array => {
    const beside = resolve(dirname(csv), path)
    return readFileSync(existsSync(path) ? path : beside)
  }

interface GenerateOptions {
  readonly size: string
  readonly version: '1' | '2'
  readonly keys?: string
  readonly newKeys?: string
}

const generateCommand = (): Command =>
  new Command('generate')
    .description('make an NVS partition from a CSV file, as the nvs_partition_gen of ESP-IDF does')
    .argument('<csv>', 'key,type,encoding,value')
    .argument('<bin>', 'file to write')
    .requiredOption('--size <bytes>', 'size of the partition, a multiple of 4096, such as 0x6000')
    .addOption(new Option('--version <n>', 'version of the format').choices(['1', '2']).default('2'))
    .addOption(
      new Option('--keys <file>', 'encrypt: keys partition, 64 bytes of keys, or HMAC key of 32 bytes').conflicts(
        'newKeys',
      ),
    )
    .option('--new-keys <file>', 'encrypt with new keys, and write their keys partition to this file')
    .exitOverride()
    .action(async (csv: string, bin: string, options: GenerateOptions) => {
      const size = wholeNumber('--size', options.size, PAGE, LARGEST)
      if (size % PAGE !== 0)
        throw new InputError(`--size ${options.size} is not allowed; a multiple of 4096 (0x1000) bytes is`)
      for (const path of [bin, options.newKeys]) if (path !== undefined) await refuseUnwritable(path)
      const keys = options.newKeys === undefined ? keysFrom(options.keys) : nvsKeysFrom(randomBytes(64))
      const text = readInputFile(csv, 'CSV').toString('utf8')
      const version = options.version === '1' ? 1 : 2
      const bytes = asInput(() => generateNvs(text, csv, fileOfRow(csv), { size, version, keys }))
      if (keys && options.newKeys !== undefined) await writeWholeFile(options.newKeys, writeNvsKeys(keys), 0o600)
      await writeWholeFile(bin, bytes)
      process.stdout.write(`${bin}: ${bytes.length} bytes, version ${version}${keys ? ', encrypted' : ''}\n`)
    })

const parseCommand = (): Command =>
  new Command('parse')
    .description('say what an NVS partition holds, generated or read from a device')
    .argument('<bin>', 'partition to read')
    .option('--keys <file>', 'of an encrypted partition: keys partition, 64 bytes of keys, or HMAC key of 32 bytes')
    .option('--json', 'as JSON; blobs in hexadecimal, 64-bit numbers as text')
    .exitOverride()
    .action((bin: string, options: { keys?: string; json?: true }) => {
      const keys = keysFrom(options.keys)
      const partition = asInput(() => readNvs(readInputFile(bin, 'BIN'), keys))
      const encrypted = partition.findings.find((finding) => finding.code === 'encrypted')
      if (encrypted) throw new InputError(`${bin}: ${encrypted.message}${keys ? '' : ' (--keys FILE)'}`)
      process.stdout.write(options.json ? `${JSON.stringify(nvsJson(partition), null, 2)}\n` : nvsText(partition))
      if (partition.findings.some((finding) => finding.severity === 'error')) process.exitCode = 1
    })

/** `imprint nvs generate` and `imprint nvs parse` */
export const nvsCommand = (): Command =>
  new Command('nvs')
    .description('make and read NVS partitions')
    .addCommand(generateCommand())
    .addCommand(parseCommand())
