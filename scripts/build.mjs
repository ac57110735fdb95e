/**
 * Builds the three bundles when a source is newer than the last build. Two processes that find an old build at once take turns.
 * Without dependencies of its own, like install.mjs.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundledNode, root } from './install.mjs'

const stampFile = `${root}out/built`
const lock = `${root}node_modules/.cache/imprint/building`
/** A lock older than this was left by a process that died. */
const LOCK_LASTS = 180_000
const SOURCES = ['src', 'resources', 'electron.vite.config.ts', 'package.json', 'package-lock.json']

const filesBelow = (path) => {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesBelow(join(path, name)))
}

const sourceDigest = () => {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap((path) => filesBelow(`${root}${path}`)))
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

const isBuilt = (digest) => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest

const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

const takeLock = () => {
  mkdirSync(`${root}node_modules/.cache/imprint`, { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      return
    } catch {
      const held = statSync(lock, { throwIfNoEntry: false })
      if (held && Date.now() - held.mtimeMs > LOCK_LASTS) rmSync(lock, { recursive: true, force: true })
      else pause(200)
    }
  }
}

/** Is this a checkout with sources, or an installed package with built output only? */
export const hasSources = () => existsSync(`${root}src/main`)

/** Builds what is missing or old; nothing goes to standard output. Ends the process with a sentence when the build fails. */
export const ensureBuilt = ({ quiet = false } = {}) => {
  if (!hasSources()) return
  const digest = sourceDigest()
  if (isBuilt(digest)) return
  takeLock()
  try {
    if (isBuilt(digest)) return
    if (!quiet) process.stderr.write('Building Imprint…\n')
    const result = spawnSync(
      bundledNode(),
      [`${root}node_modules/electron-vite/bin/electron-vite.js`, 'build', '--logLevel', 'warn'],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' },
    )
    if (result.status !== 0) {
      process.stderr.write(`${result.stdout}${result.stderr}\nThe build failed: see the lines above.\n`)
      process.exitCode = 1
      throw new Error('the build failed')
    }
    writeFileSync(stampFile, digest)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}
