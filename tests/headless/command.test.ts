/** `imprint run` as a person types it: exit codes, sentences, and one process a folder. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockFolder } from '../../src/main/folder-lock.ts'

const cli = new URL('../../src/main/cli.ts', import.meta.url).pathname
let out = ''
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'imprint-run-'))
})
afterEach(() => rmSync(out, { recursive: true }))

const imprint = async (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

describe('bad input ends with 2 and one sentence', () => {
  test.each([
    [['--units', '0'], /--units 0 is not allowed; a whole number from 1 to 1000000 is/u],
    [['--units', '1.5'], /--units 1\.5 is not allowed/u],
    [['--units', '1', '--slots', '33'], /--slots 33 is not allowed/u],
    [['--units', '1', '--pace', 'fast'], /'fast' is no pace/u],
    [['--units', '1', '--fault', 'gremlins'], /'gremlins' is no fault/u],
    [['--units', '1', '--approve-first-article', ' '], /needs a name of 1 to 40 characters/u],
    [['--units', '1', '--release', 'nowhere'], /flasher_args\.json is missing/u],
    [['--units', '1', '--pai-cert', 'none.pem'], /none\.pem: the PAI certificate is missing/u],
    [['--units', '1', '--dacs', 'nowhere'], /nowhere: there is no such file/u],
    [['--units', '1', '--pai-password-file', 'none.txt'], /--pai-password-file .*none\.txt: there is no such file/u],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await imprint('run', '--out', out, ...args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

test('DACs that were bought need no key of the PAI: both together are refused', async () => {
  const { code, stderr } = await imprint('run', '--out', out, '--units', '1', '--dacs', 'a', '--pai-key', 'b')
  expect(code).toBe(2)
  expect(stderr).toMatch(/option '--dacs <path>' cannot be used with option '--pai-key <file>'/u)
})

test('a folder that another process holds ends with 3 and says who holds it', async () => {
  const lock = lockFolder(out, 'http://127.0.0.1:8417')
  const { code, stderr } = await imprint('run', '--out', out, '--units', '1')
  lock.release()
  expect(code).toBe(3)
  expect(stderr).toContain(`is in use by process ${process.pid} (http://127.0.0.1:8417)`)
})

test('help says what can be given, for all and for each command', async () => {
  expect((await imprint('--help')).stdout).toMatch(/run .*flash|flash[\s\S]*run/u)
  expect((await imprint('run', '--help')).stdout).toContain('--units <n>')
})
