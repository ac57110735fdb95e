/** Orders for protected boards, from the order's words to the units' table: what is expected passes, what differs is never bound. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { USUAL_CHECKS, type BoardChecks } from '../../src/contract/index.ts'
import { runHeadless } from '../../src/main/headless.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'

let out = ''
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'imprint-protected-'))
})
afterEach(() => rmSync(out, { recursive: true }))

/** Two units of an order, the boards with these faults. */
const run = async (
  faults: readonly string[],
  boards: Partial<BoardChecks>,
): Promise<{ said: string[]; units: string; passed: number }> => {
  const said: string[] = []
  const { result } = await runHeadless({
    units: 2,
    out,
    simulation: { slots: 2, pace: Infinity, faults: faults.map(parseFault) },
    demoRelease: { appSize: 40_000 },
    boards: { ...USUAL_CHECKS, ...boards },
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  })
  return { said, units: readFileSync(join(out, 'units.csv'), 'utf8'), passed: result.passed }
}

test('boards with secure boot pass where the order expects it', async () => {
  const security = { secureBoot: true, flashEncryption: false }
  const { passed } = await run(['secure-boot@1', 'secure-boot@2'], { security })
  expect(passed).toBe(2)
})

test('a board in Secure Download Mode, which does not tell its MAC, is refused and bound to nothing', async () => {
  const { said, units, passed } = await run(['secure-download@1'], { allowUnverified: true })
  expect(passed).toBe(2)
  expect(said.join('\n')).toMatch(/security-differs, .*the chip has Secure Download Mode/u)
  expect(units.trim().split('\n')).toHaveLength(3)
})

test('what the chip encrypts ends as unverified, where the order allows that', async () => {
  const { said, passed } = await run(['flash-encrypted@1', 'flash-encrypted@2'], {
    security: { secureBoot: false, flashEncryption: true },
    encryption: 'by-device',
    allowUnverified: true,
    bootText: null,
  })
  expect(passed).toBe(2)
  expect(said.filter((line) => /: unverified /u.test(line))).toHaveLength(2)
})

test('what is encrypted beforehand is read back, ends as a pass, and the order stays with its key', async () => {
  const boards = { security: { secureBoot: false, flashEncryption: true }, flashKey: join(out, 'flash.key') }
  writeFileSync(boards.flashKey, Buffer.alloc(32, 7))
  const { said, passed } = await run(['flash-encrypted@1', 'flash-encrypted@2'], boards)
  expect(passed).toBe(2)
  expect(said.filter((line) => /: passed /u.test(line))).toHaveLength(2)
  writeFileSync(boards.flashKey, Buffer.alloc(32, 8))
  await expect(run([], boards)).rejects.toThrow(/locked to other content than .*the flash encryption key has SHA-256/u)
})

test('a board whose firmware does not say what the order waits for is no pass', async () => {
  const { said, passed } = await run(['no-boot@1'], { bootText: 'Calling app_main()' })
  expect(passed).toBe(2)
  expect(said.join('\n')).toMatch(/not-booting/u)
})
