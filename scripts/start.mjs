/**
 * `npm start`: installs and builds what is missing, then opens Imprint: in Electron's window where that can be, else in the browser,
 * with one line saying why. `--headless` runs unattended in the terminal.
 */
import { spawn } from 'node:child_process'
import { ensureBuilt } from './build.mjs'
import { bundledNode, ensureInstalled, root } from './install.mjs'
import { whenNpmIsGone } from './parent-watch.mjs'

const args = process.argv.slice(2)
const headless = args.includes('--headless')
const help = args.includes('--help') || args.includes('-h')

ensureInstalled()
ensureBuilt({ quiet: headless })

/** Relative paths are those of the folder in which the command was typed. */
const cwd = process.env.INIT_CWD ?? process.cwd()

const run = (command, commandArgs) => {
  const child = spawn(command, commandArgs, { stdio: 'inherit', cwd })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      // Ctrl-C reaches the whole group by itself.
      if (signal !== 'SIGINT') child.kill(signal)
    })
  child.on('error', (error) => {
    process.stderr.write(`Imprint could not be started: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
  whenNpmIsGone(() => child.kill('SIGTERM'))
}

const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY)

if (help) {
  process.stdout.write(`npm start                                       the application, with a demo at the first start
npm start -- --web                              the same in the browser
npm start -- --production                       your own line
npm start -- --data DIR                         another data folder
npm start -- --slots 16 --units 200             a demo of your size; --pace 10x for a quicker one
npm start -- --fault NAME@BOARD                 a board of the demo with a fault, --printer-fault paper-out@20 for its printer
npm start -- --headless --units 24 --out DIR    an order on a simulated bench, unattended (all options: npm run -s imprint -- run --help)
npm run -s imprint -- --help                    the command line
`)
} else if (headless) {
  run(bundledNode(), [`${root}out/main/cli.js`, 'run', ...args.filter((arg) => arg !== '--headless')])
} else {
  const { tryElectronOnce } = await import('./electron-fetch.mjs')
  const rest = args.filter((arg) => arg !== '--web')
  const display = hasDisplay()
  const electron = display ? await tryElectronOnce(args) : { why: 'there is no display' }
  if (electron.binary) run(electron.binary, [root, ...rest])
  else
    run(bundledNode(), [
      `${root}out/main/web.js`,
      ...rest,
      '--why',
      `Imprint opens in the browser, not in a window of its own: ${display ? electron.why : 'there is no display'}.`,
    ])
}
