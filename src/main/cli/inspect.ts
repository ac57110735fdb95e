import { existsSync } from 'node:fs'
import { Command } from 'commander'
import type { XtsKeys } from '../espressif/aes-xts.ts'
import { NvsError } from '../espressif/nvs-entry.ts'
import { readNvsKeys } from '../espressif/nvs-keys.ts'
import { inspectBytes, type InspectOptions } from '../inspection/inspect.ts'
import { codeKind, inspectCode } from '../inspection/inspect-code.ts'
import { isRight, reportJson, reportText, type Inspected } from '../inspection/inspect-report.ts'
import { inspectTogether } from '../inspection/inspect-together.ts'
import { InputError } from './input-error.ts'
import { readInputFile } from './input-file.ts'

interface Options {
  readonly json?: true
  readonly secrets?: true
  readonly keys?: string
}

const keysFrom = (path: string): XtsKeys => {
  try {
    return readNvsKeys(readInputFile(path, '--keys'), `--keys ${path}`)
  } catch (error) {
    throw error instanceof NvsError ? new InputError(error.message) : error
  }
}

/** A code is a secret as a whole; its beginning is enough to tell it from another. */
const SHOWN_OF_CODE = 5

const inspectArgument = (argument: string, options: InspectOptions, secrets: boolean): Inspected => {
  const kind = codeKind(argument)
  if (existsSync(argument)) {
    const found = inspectBytes(readInputFile(argument, 'FILE'), options)
    const unknown = found.find((inspection) => inspection.kind === 'unknown')
    if (unknown) throw new InputError(`${argument}: ${unknown.problems[0]?.message ?? unknown.title}`)
    return { source: argument, found }
  }
  if (!kind)
    throw new InputError(`${argument}: there is no such file, and it is no QR code (MT:…) and no manual code of digits`)
  return {
    source: secrets ? argument : `${argument.slice(0, SHOWN_OF_CODE)}…`,
    found: [inspectCode(argument, kind)],
  }
}

/** `imprint inspect` */
export const inspectCommand = (): Command =>
  new Command('inspect')
    .description('say what partitions, images, certificates, declarations and codes hold, and whether they are right')
    .argument('<file|text...>', 'files, and texts of QR codes and manual codes; what is given at once is also compared')
    .option('--keys <file>', 'of encrypted NVS: keys partition, 64 bytes of keys, or HMAC key of 32 bytes')
    .option('--json', 'as JSON')
    .option('--secrets', 'show passcodes, verifiers and private keys, which are masked otherwise')
    .action((given: string[], options: Options) => {
      const keys = options.keys === undefined ? undefined : keysFrom(options.keys)
      const now = new Date()
      const secrets = options.secrets === true
      const items = given.map((argument) => inspectArgument(argument, { keys, now }, secrets))
      const report = {
        items,
        together: inspectTogether(
          items.flatMap(({ found }) => found),
          now,
        ),
      }
      process.stdout.write(
        options.json ? `${JSON.stringify(reportJson(report, secrets), null, 2)}\n` : reportText(report, secrets),
      )
      if (!isRight(report)) process.exitCode = 1
    })
