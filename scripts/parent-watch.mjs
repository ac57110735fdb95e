/**
 * Tells when npm above this process is gone, however it ended: what it started must not go on alone. npm puts a shell in between,
 * which outlives it; then the shell's own parent is watched. Without dependencies of its own.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const LOOK = 1_000
const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'ash', 'busybox'])

const ask = (what, pid) => {
  const { stdout } = spawnSync('ps', ['-o', `${what}=`, '-p', String(pid)], { encoding: 'utf8' })
  return (stdout ?? '').trim()
}

const processAt = (pid) => {
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/su.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return { name, parent: Number(rest?.split(' ')[1]) }
  } catch {
    return { name: basename(ask('comm', pid)), parent: Number(ask('ppid', pid)) }
  }
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Calls once when npm is gone. Does nothing where this process was not started by npm. */
export const whenNpmIsGone = (gone) => {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const above = process.platform === 'win32' ? undefined : processAt(parent)
  const npm = above && SHELLS.has(above.name) && above.parent > 1 ? above.parent : undefined
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isAlive(npm))) return
    clearInterval(timer)
    gone()
  }, LOOK)
  timer.unref()
}
