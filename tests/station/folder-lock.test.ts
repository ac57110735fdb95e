import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderLockedError, lockFolder } from '../../src/main/folder-lock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const refusal = (): FolderLockedError => {
  try {
    lockFolder(folder, 'me').release()
  } catch (error) {
    if (error instanceof FolderLockedError) return error
  }
  throw new Error('the folder was not locked')
}

test('a second user is told who holds the folder and where it can be reached', () => {
  const lock = lockFolder(folder, 'starting')
  lock.tell('http://127.0.0.1:8417')
  expect(refusal().holder).toEqual({ pid: process.pid, where: 'http://127.0.0.1:8417' })
  lock.release()
  lockFolder(folder, 'next').release()
})

test('kill -9 frees the folder', async () => {
  const holder = new URL('./hold-folder.ts', import.meta.url)
  const child = spawn(process.execPath, [holder.pathname, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  expect(refusal().holder?.pid).toBe(child.pid)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  lockFolder(folder, 'next').release()
})
