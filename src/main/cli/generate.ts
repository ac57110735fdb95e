import { resolve } from 'node:path'
import type { Command } from 'commander'
import { generate, type GenerationProgress, type GenerationResult } from '../generation/generate.ts'
import { GenerationError } from '../generation/generation-error.ts'
import { openLedger, type Ledger } from '../generation/ledger.ts'
import { openLedgerRun } from '../generation/ledger-run.ts'
import { choiceOf } from '../generation/option-value.ts'
import type { GenerateOptions } from '../generation/generate-options.ts'
import { readRequest } from '../generation/request.ts'
import { endWithParent } from './end-with-parent.ts'
import { commandWithOptions } from './generate-options.ts'
import { createReport } from './generation-report.ts'
import { InputError } from './input-error.ts'

interface Options extends GenerateOptions {
  readonly json?: true
  readonly logLevel: string
  readonly ledger?: string
}

const LEVELS = ['debug', 'info', 'error'] as const
/** As a shell reports a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130

const run = async (options: Options): Promise<void> => {
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  const free = endWithParent(stop)
  try {
    const level = LEVELS[choiceOf('--log-level', options.logLevel, LEVELS)] ?? 'info'
    const request = readRequest(options, new Date())
    const report = createReport({
      json: options.json ?? false,
      level,
      out: process.stdout,
      err: process.stderr,
      clock: () => performance.now(),
    })
    for (const note of request.notes) report.note(note)
    let ledger: Ledger | undefined
    let result: GenerationResult
    try {
      const working = {
        now: () => new Date(),
        signal: abort.signal,
        onProgress: (progress: GenerationProgress) => report.progress(progress),
      }
      const { ledger: file } = options
      result = await generate(
        request,
        working,
        file === undefined
          ? undefined
          : async (checked) => {
              ledger = await openLedger(resolve(file))
              return await openLedgerRun(checked, ledger)
            },
      )
    } finally {
      await ledger?.close()
    }
    const complete = result.made === result.count
    report.result(result, complete)
    if (!complete) {
      process.stderr.write(`imprint: stopped after ${result.made} of ${result.count} devices; those are complete\n`)
      process.exitCode = EXIT_INTERRUPTED
    }
  } finally {
    free()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, stop)
  }
}

/** `imprint generate` */
export const generateCommand = (): Command =>
  commandWithOptions().action(async (options: Options) => {
    try {
      await run(options)
    } catch (error) {
      if (error instanceof GenerationError) throw new InputError(error.message)
      throw error
    }
  })
