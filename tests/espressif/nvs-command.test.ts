import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { InputError } from '../../src/main/cli/input-error.ts'
import { nvsCommand } from '../../src/main/cli/nvs.ts'
import { readVector } from './nvs-vectors.ts'

const vectors = fileURLToPath(new URL('../vectors/nvs/', import.meta.url))
let folder = ''
let printed = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-nvs-'))
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  rmSync(folder, { recursive: true, force: true })
})
const run = (...words: string[]) => nvsCommand().parseAsync(words, { from: 'user' })
const at = (name: string): string => join(folder, name)

describe('imprint nvs', () => {
  test.each([
    ['chip_factory_full', []],
    ['chip_factory_full_enc', ['--keys', join(vectors, 'keys_fixed.bin')]],
  ])('generate gives %s, rows that name files included', async (name, options) => {
    await run('generate', join(vectors, `${name}.csv`), at('out.bin'), '--size', '0x6000', ...options)
    expect(readFileSync(at('out.bin')).equals(readVector(`${name}.bin`))).toBe(true)
    expect(readdirSync(folder)).toEqual(['out.bin'])
  })

  test('parse gives every value as JSON, and in words', async () => {
    await run('parse', join(vectors, 'prim_v2_enc.bin'), '--keys', join(vectors, 'keys_fixed.bin'), '--json')
    const { entries, findings } = JSON.parse(printed)
    expect(findings).toEqual([])
    const value = (key: string) => entries.find((entry: { key: string }) => entry.key === key)?.value
    expect([value('k_u8'), value('k_i64'), value('utf'), value('hx')]).toEqual([
      255,
      '-9223372036854775808',
      'Zürich ☃',
      'd2f351f57bb9387445a5f92a601d1c14',
    ])
    printed = ''
    await run('parse', join(vectors, 'prim_v2.bin'))
    expect(printed).toMatch(/^page 0: active, sequence 0, version 2;/u)
    expect(printed).toContain('hello            string  "world"')
  })

  test('new keys are written with mode 0600 and open the partition', async () => {
    const csv = join(vectors, 'prim_v2.csv')
    await run('generate', csv, at('out.bin'), '--size', '0x3000', '--new-keys', at('keys.bin'))
    expect(statSync(at('keys.bin')).mode & 0o777).toBe(0o600)
    printed = ''
    await run('parse', at('out.bin'), '--keys', at('keys.bin'))
    expect(printed).toContain('"world"')
  })

  test.each([
    ['a size that is no multiple', ['--size', '5000'], /--size 5000 is not allowed; a multiple of 4096/u],
    ['a size of nothing', ['--size', '0'], /--size 0 is not allowed/u],
    ['missing keys', ['--size', '0x3000', '--keys', 'gone.bin'], /--keys gone\.bin: there is no such file/u],
  ])('%s is refused, and nothing is written', async (_, options, message) => {
    await expect(run('generate', join(vectors, 'prim_v2.csv'), at('out.bin'), ...options)).rejects.toThrow(message)
    expect(readdirSync(folder)).toEqual([])
  })

  test('a wrong row is named by file, line and column, and what was there before stays', async () => {
    writeFileSync(at('in.csv'), 'key,type,encoding,value\nns,namespace,,\nk,data,u8,256\n')
    writeFileSync(at('out.bin'), 'before')
    const done = run('generate', at('in.csv'), at('out.bin'), '--size', '0x3000')
    await expect(done).rejects.toBeInstanceOf(InputError)
    await expect(done).rejects.toThrow(/in\.csv:3:11: key 'k': 256 is not allowed as u8; 0 to 255 are/u)
    expect(readFileSync(at('out.bin')).toString()).toBe('before')
  })

  test('a damaged partition is reported with exit code 1; an encrypted one asks for its keys', async () => {
    const bytes = readVector('prim_v2.bin')
    bytes[64 + 32 + 24] = 0
    writeFileSync(at('bad.bin'), bytes)
    await run('parse', at('bad.bin'))
    expect(printed).toContain('error: page 0, entry 1: the checksum does not match')
    expect(process.exitCode).toBe(1)
    await expect(run('parse', join(vectors, 'prim_v2_enc.bin'))).rejects.toThrow(/its keys are needed \(--keys FILE\)/u)
    await expect(run('parse', join(vectors, 'prim_v2.csv'))).rejects.toThrow(/are no NVS partition/u)
  })
})
