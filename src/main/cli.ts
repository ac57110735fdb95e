/** The terminal host: one file a command in cli/, gathered here. Exit code 2 for input that a person can correct, 1 otherwise. */
import { Command, CommanderError } from 'commander'
import { demoReleaseCommand } from './cli/demo-release.ts'
import { InputError } from './cli/input-error.ts'
import { runCommand } from './cli/run.ts'

const program = new Command('imprint')
  .description('Gang-programs, provisions and labels Matter devices on ESP32, offline.')
  .showHelpAfterError('(see --help)')
  .exitOverride()

const commands = [demoReleaseCommand(), runCommand()]
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
    process.exitCode = 1
  }
}
