/**
 * Installs what the lock file names when it is not installed yet. Without dependencies of its own: it runs before there are any,
 * on whatever Node (20 or newer) the machine has.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const stampFile = `${root}node_modules/.cache/imprint/installed`
const lockDigest = () =>
  createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex')

/** The Node that everything but Electron runs on, as installed by the lock file. */
export const bundledNode = () => {
  const path = `${root}node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`
  return existsSync(path) ? path : process.execPath
}

const isInstalled = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockDigest()

/** Runs `npm ci` once for each content of the lock file; ends the process with a sentence when that fails. */
export const ensureInstalled = () => {
  if (isInstalled()) return
  process.stderr.write('Installing what Imprint needs (once, about a minute)…\n')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (result.status !== 0) {
    process.stderr.write(
      'The installation failed: see the lines above. Imprint needs the npm registry or its cache once.\n',
    )
    process.exit(1)
  }
  mkdirSync(`${root}node_modules/.cache/imprint`, { recursive: true })
  writeFileSync(stampFile, lockDigest())
}
