import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { InputError } from '../../src/main/cli/input-error.ts'
import { inspectCommand } from '../../src/main/cli/inspect.ts'

const vector = (name: string): string => fileURLToPath(new URL(`../vectors/${name}`, import.meta.url))
const QR = 'MT:634J042C00KA0648G00'
let printed = ''
beforeEach(() => {
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})
const run = (...words: string[]) => inspectCommand().parseAsync(words, { from: 'user' })

describe('imprint inspect', () => {
  test('a code is given as its text; it is a secret, and so is not repeated', async () => {
    await run(QR)
    expect(printed).toContain('MT:63…: Matter QR code')
    expect(printed).toContain('discriminator               3840')
    expect(printed).not.toContain('20202021')
    expect(printed).not.toContain(QR)
    expect(printed.trimEnd().endsWith('right: nothing is wrong with it')).toBe(true)
    printed = ''
    await run(QR, '--secrets')
    expect(printed).toContain('passcode                    20202021')
    expect(process.exitCode).toBeUndefined()
  })

  test('as JSON, with the keys of an encrypted partition', async () => {
    await run(vector('nvs/chip_factory_full_enc.bin'), '--keys', vector('nvs/keys_fixed.bin'), '--json')
    const { right, items } = JSON.parse(printed)
    expect(right).toBe(true)
    expect(items[0]).toMatchObject({
      kind: 'factory-partition',
      facts: { vendorId: 0xfff2, discriminator: 3840, dacPrivateKey: '•••' },
    })
  })

  test('what is wrong gives exit code 1, as JSON too', async () => {
    await run(vector('seccert/ds_esp32h2_efuse1.bin'), '--json')
    expect(JSON.parse(printed)).toMatchObject({ right: false, items: [{ problems: [{ code: 'key-in-clear' }] }] })
    expect(process.exitCode).toBe(1)
  })

  test('a code with a wrong check digit is wrong', async () => {
    await run('34970112333')
    expect(printed).toMatch(/WRONG: the last digit of the manual pairing code does not agree/u)
    expect(process.exitCode).toBe(1)
  })

  test.each([
    ['a file that is not there', ['gone.bin'], /^gone\.bin: there is no such file, and it is no QR code/u],
    [
      'a file of an unknown kind',
      [vector('nvs/prim_v2.csv')],
      /prim_v2\.csv: it is no NVS partition, esp_secure_cert image/u,
    ],
    ['missing keys', [QR, '--keys', 'gone.bin'], /^--keys gone\.bin: there is no such file/u],
    ['wrong keys', [QR, '--keys', vector('nvs/prim_v2.bin')], /CRC of the NVS keys does not match/u],
  ])('%s is a mistake of the input', async (_, words, message) => {
    const done = run(...words)
    await expect(done).rejects.toBeInstanceOf(InputError)
    await expect(done).rejects.toThrow(message)
    expect(printed).toBe('')
  })
})
