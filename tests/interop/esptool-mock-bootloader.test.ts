/** The flasher against a ROM loader that we did not write: esp32-mock-bootloader, made for testing esptool. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { imprint } from './processes.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esp32-mock-bootloader==0.3.0', 'esptool==5.6.0'])
const folder = mkdtempSync(join(tmpdir(), 'imprint-mock-'))
const release = join(folder, 'release')
beforeAll(() => writeDemoRelease(release, { appSize: 60_000, version: '1.0.0' }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the loader while `use` needs it; ends it by its own process. */
const withLoader = async (args: readonly string[], use: (address: string) => Promise<void>): Promise<void> => {
  const program = join(tools?.bin ?? '', 'esp32-mock-bootloader')
  const child = spawn(program, ['run', '--chip', 'esp32c3', '--timeout', '120', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
  })
  const exited = once(child, 'exit')
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [, socket, pty] = /listening on (\S+)|on PTY (\S+)/u.exec(line) ?? []
      if (socket === undefined && pty === undefined) continue
      await use(pty ?? `socket://${socket}`)
      break
    }
  } finally {
    child.kill('SIGTERM')
    await exited
  }
}

describe.skipIf(!tools)('esp32-mock-bootloader', () => {
  test.each([
    ['over TCP, with a stub', ['--port', '0'], []],
    ['over TCP, by the ROM alone', ['--port', '0'], ['--no-stub']],
    ['over a pseudo-terminal', ['--pty'], ['--no-stub']],
  ])('is written and read back %s', async (_, args, options) => {
    let outcome = ''
    await withLoader(args, async (address) => {
      const { stdout, stderr } = await imprint('flash', '--port', address, '--release', release, ...options)
      outcome = `${stdout}${stdout === '' ? stderr : ''}`
    })
    expect(outcome).toMatch(/: pass .* 4 regions written, 4 read back/u)
  })
})
