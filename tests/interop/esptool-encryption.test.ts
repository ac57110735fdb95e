/** Host-side flash encryption against Espressif's own. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { encryptForFlash } from '../../src/main/flashing/flash-encryption.ts'
import { finish } from './processes.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esptool==5.6.0'])
const folder = mkdtempSync(join(tmpdir(), 'imprint-espsecure-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(!tools)('espsecure encrypts the same', () => {
  test.each([
    [32, 0x10000, 4096],
    [64, 0x10000, 4096],
    [64, 0x3e0010, 1616],
  ])('key of %i bytes, address %i, %i bytes', async (keyLength, address, length) => {
    const [key, plain] = [randomBytes(keyLength), randomBytes(length)]
    const [keyFile, plainFile, out] = ['key', 'plain', 'out'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(keyFile, key)
    writeFileSync(plainFile, plain)
    const args = ['--aes-xts', '--keyfile', keyFile, '--address', String(address), '--output', out, plainFile]
    const { code, stdout, stderr } = await finish(join(tools?.bin ?? '', 'espsecure'), ['encrypt-flash-data', ...args])
    expect(code, `${stdout}${stderr}`).toBe(0)
    expect(readFileSync(out).equals(encryptForFlash(plain, address, key))).toBe(true)
  })
})
