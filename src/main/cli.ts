/** The terminal host: one file a command in cli/, gathered here. Exit code 2 for input that a person can correct, 1 otherwise. */
import { Command, CommanderError } from 'commander'
import { checkCommand } from './cli/check.ts'
import { chipCommand } from './cli/chip.ts'
import { demoReleaseCommand } from './cli/demo-release.ts'
import { flashCommand } from './cli/flash.ts'
import { generateCommand } from './cli/generate.ts'
import { importCommand } from './cli/import.ts'
import { inspectCommand } from './cli/inspect.ts'
import { labelCommand } from './cli/label.ts'
import { nvsCommand } from './cli/nvs.ts'
import { portsCommand } from './cli/ports.ts'
import { printerCommand } from './cli/printer.ts'
import { readCommand } from './cli/read.ts'
import { runCommand } from './cli/run.ts'
import { simulateCommand } from './cli/simulate.ts'
import { InputError } from './cli/input-error.ts'

const program = new Command('imprint')
  .description('Gang-programs, provisions and labels Matter devices on ESP32, offline.')
  .showHelpAfterError('(see --help)')
  .exitOverride()

const commands = [
  checkCommand(),
  chipCommand(),
  demoReleaseCommand(),
  flashCommand(),
  generateCommand(),
  importCommand(),
  inspectCommand(),
  labelCommand(),
  nvsCommand(),
  portsCommand(),
  printerCommand(),
  readCommand(),
  runCommand(),
  simulateCommand(),
]
for (const command of commands.toSorted((a, b) => a.name().localeCompare(b.name())))
  program.addCommand(command.exitOverride().copyInheritedSettings(program))

try {
  await program.parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof InputError) {
    process.stderr.write(`imprint: ${error.message}\n`)
    process.exitCode = 2
  } else {
    process.stderr.write(`imprint: ${error instanceof Error ? error.message : String(error)}\n`)
    // A command that was interrupted has said so already.
    process.exitCode ??= 1
  }
}
