/**
 * The incumbents' own tools, from PyPI, in a virtual environment that is made once for each set of exact versions and shared by all
 * test files. Without Python's venv the tests that need it are skipped, and say so.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/imprint-python', import.meta.url))
/** A lock that has not been touched for so long was left by a process that died, milliseconds. */
const LOCK_LASTS = 300_000

export interface PythonTools {
  /** Folder of the environment's programs. */
  readonly bin: string
}

const locked = async <T>(name: string, work: () => T): Promise<T> => {
  const lock = join(CACHE, `${name}.lock`)
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const held = statSync(lock, { throwIfNoEntry: false })
      if (held && Date.now() - held.mtimeMs > LOCK_LASTS) rmSync(lock, { recursive: true, force: true })
      else await delay(250)
    }
  }
  const touch = setInterval(() => utimesSync(lock, new Date(), new Date()), 30_000)
  try {
    return work()
  } finally {
    clearInterval(touch)
    rmSync(lock, { recursive: true, force: true })
  }
}

const run = (command: string, args: readonly string[]): string | undefined => {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit ${status}`)
}

/**
 * An environment with exactly these packages, such as `esptool==5.6.0`; undefined, with the reason on standard error, where it cannot
 * be made.
 */
export const pythonTools = async (packages: readonly string[]): Promise<PythonTools | undefined> => {
  const name = createHash('sha256').update(packages.toSorted().join('\n')).digest('hex').slice(0, 12)
  const folder = join(CACHE, name)
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')
  const complete = join(folder, 'complete')
  mkdirSync(CACHE, { recursive: true })
  return locked(name, () => {
    if (existsSync(complete)) return { bin }
    rmSync(folder, { recursive: true, force: true })
    const failed =
      run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder]) ??
      run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
    if (failed !== undefined) {
      process.stderr.write(`SKIPPED: ${packages.join(', ')} cannot be installed in a virtual environment: ${failed}\n`)
      return undefined
    }
    writeFileSync(complete, packages.join('\n'))
    return { bin }
  })
}
