import { resolve } from 'node:path'
import { Command } from 'commander'
import { GenerationError } from '../generation/generation-error.ts'
import { importUnits, readImport } from '../generation/import-units.ts'
import { openLedger } from '../generation/ledger.ts'
import { InputError } from './input-error.ts'

interface Options {
  readonly ledger: string
  readonly json?: true
}

/** `imprint import DIR|MANIFEST` */
export const importCommand = (): Command =>
  new Command('import')
    .description('take devices that were made elsewhere into the ledger, so that nothing of them is used again')
    .argument('<path>', 'output folder of esp-matter-mfg-tool, or CSV file with mac or serial, qrcode, manualcode …')
    .requiredOption('--ledger <db>', 'records of all devices ever made; made when there are none')
    .option('--json', 'the result as a line of JSON')
    .action(async (path: string, options: Options) => {
      try {
        const units = readImport(path)
        const ledger = await openLedger(resolve(options.ledger))
        try {
          await importUnits(units, path, ledger)
          process.stdout.write(
            options.json
              ? `${JSON.stringify({ type: 'result', imported: units.length })}\n`
              : `${units.length} devices of ${path} are in the ledger\n`,
          )
        } finally {
          await ledger.close()
        }
      } catch (error) {
        if (error instanceof GenerationError) throw new InputError(error.message)
        throw error
      }
    })
