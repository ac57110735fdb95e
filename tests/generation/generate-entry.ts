/** `imprint generate` and `imprint import` run from source: what they are when they are built, without the build. */
import { Command } from 'commander'
import { generateCommand } from '../../src/main/cli/generate.ts'
import { importCommand } from '../../src/main/cli/import.ts'
import { InputError } from '../../src/main/cli/input-error.ts'

const program = new Command('imprint')
program.addCommand(generateCommand()).addCommand(importCommand())
try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.stderr.write(`imprint: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof InputError ? 2 : 1
}
