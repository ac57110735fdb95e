/** Command lines of a Python program, one after the other in one process: its start costs far more than its work. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finish } from './processes.ts'
import type { PythonTools } from './python-tools.ts'

export interface PythonCommand {
  readonly args: readonly string[]
  /** Where it runs. */
  readonly folder: string
}

export interface PythonOutcome {
  /** Why it did not succeed: its exit code or message, or the exception that ended it. */
  readonly failed: string | null
  readonly said: string
}

/** Runs a module, or a program by its path when the name ends so, as `python -m` and `python` do. */
const DRIVER = `
import contextlib, io, json, os, runpy, sys
program, commands = json.load(open(sys.argv[1], encoding='utf8'))
outcomes = []
for command in commands:
    os.chdir(command['folder'])
    sys.argv = [program, *command['args']]
    said = io.StringIO()
    failed = None
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            run = runpy.run_path if program.endswith('.py') else runpy.run_module
            run(program, run_name='__main__')
    except SystemExit as end:
        failed = None if end.code in (None, 0) else str(end.code)
    except Exception as error:
        failed = repr(error)
    outcomes.append({'failed': failed, 'said': said.getvalue()})
json.dump(outcomes, sys.stdout)
`

/**
 * @param program a module's name, or the path of a .py file
 * @returns the outcomes in the order of the commands
 */
export const runPython = async (
  { bin }: PythonTools,
  program: string,
  commands: readonly PythonCommand[],
): Promise<PythonOutcome[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'imprint-python-'))
  try {
    const file = join(folder, 'commands.json')
    writeFileSync(file, JSON.stringify([program, commands]))
    const { code, stdout, stderr } = await finish(join(bin, 'python'), ['-c', DRIVER, file])
    if (code !== 0) throw new Error(`${program} could not be run: ${stderr}`)
    return JSON.parse(stdout) as PythonOutcome[]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
