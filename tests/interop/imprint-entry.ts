/** The commands of flashing, run from source: what `imprint` is when it is built, without the build. */
import { Command } from 'commander'
import { chipCommand } from '../../src/main/cli/chip.ts'
import { flashCommand } from '../../src/main/cli/flash.ts'
import { InputError } from '../../src/main/cli/input-error.ts'
import { readCommand } from '../../src/main/cli/read.ts'
import { simulateCommand } from '../../src/main/cli/simulate.ts'

const program = new Command('imprint')
for (const command of [chipCommand(), flashCommand(), readCommand(), simulateCommand()]) program.addCommand(command)
try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.stderr.write(`imprint: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof InputError ? 2 : 1
}
