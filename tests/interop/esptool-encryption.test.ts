/** Host-side flash encryption against Espressif's own. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { encryptForFlash } from '../../src/main/flashing/images/flash-encryption.ts'
import { encryptForEsp32 } from '../../src/main/flashing/images/flash-encryption-esp32.ts'
import { finish } from './processes.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esptool==5.6.0'])
const folder = mkdtempSync(join(tmpdir(), 'imprint-espsecure-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What espsecure makes of these bytes. */
const byEspsecure = async (key: Uint8Array, plain: Uint8Array, options: readonly string[]): Promise<Buffer> => {
  const [keyFile, plainFile, out] = ['key', 'plain', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(keyFile, key)
  writeFileSync(plainFile, plain)
  const args = [...options, '--keyfile', keyFile, '--output', out, plainFile]
  const { code, stdout, stderr } = await finish(join(tools?.bin ?? '', 'espsecure'), ['encrypt-flash-data', ...args])
  expect(code, `${stdout}${stderr}`).toBe(0)
  return readFileSync(out)
}

describe.skipIf(!tools)('espsecure encrypts the same', () => {
  test.each([
    [16, 0x10000, 4096],
    [32, 0x10000, 4096],
    [64, 0x10000, 4096],
    [64, 0x3e0010, 1616],
  ])('key of %i bytes, address %i, %i bytes', async (keyLength, address, length) => {
    const [key, plain] = [randomBytes(keyLength), randomBytes(length)]
    const wanted = await byEspsecure(key, plain, ['--aes-xts', '--address', String(address)])
    expect(wanted.equals(encryptForFlash(plain, address, key))).toBe(true)
  })

  test.each([
    [32, 0x10000, 4096],
    [32, 0xabcde0, 4096],
    [24, 0x3e0010, 1616],
  ])('for the ESP32: key of %i bytes, address %i, %i bytes', async (keyLength, address, length) => {
    const [key, plain] = [randomBytes(keyLength), randomBytes(length)]
    const wanted = await byEspsecure(key, plain, ['--address', String(address), '--flash-crypt-conf', '0xf'])
    expect(wanted.equals(encryptForEsp32(plain, address, key))).toBe(true)
  })
})
