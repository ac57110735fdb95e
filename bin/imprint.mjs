#!/usr/bin/env node
/**
 * `imprint`: runs the built command line on the bundled Node, whatever Node the machine has. In a checkout it installs and builds
 * first when that is due. Relative paths are those of the folder in which the command was typed.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureBuilt, hasSources } from '../scripts/build.mjs'
import { bundledNode, ensureInstalled } from '../scripts/install.mjs'
import { whenNpmIsGone } from '../scripts/parent-watch.mjs'

const cli = fileURLToPath(new URL('../out/main/cli.js', import.meta.url))
if (hasSources()) {
  ensureInstalled()
  ensureBuilt({ quiet: true })
}
if (!existsSync(cli)) {
  process.stderr.write('imprint: the built program is missing; install the package again\n')
  process.exit(1)
}

const child = spawn(bundledNode(), [cli, ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: process.env.INIT_CWD ?? process.cwd(),
})
// The terminal sends Ctrl-C to the whole group; the child decides how to end, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal)
  })
whenNpmIsGone(() => child.kill('SIGTERM'))
child.on('error', (error) => {
  process.stderr.write(`imprint: ${error.message}\n`)
  process.exit(1)
})
child.on('exit', (code, signal) => {
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 1))
})
