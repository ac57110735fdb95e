import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quickDeflate } from '../../src/main/flashing/images/prepare.ts'
import { strongDeflate } from '../../src/main/flashing/images/strong-deflate.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'imprint-deflate-')), 'cache')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

/** Text of this repository: compressible as firmware is. */
const content = readFileSync(new URL('../../package-lock.json', import.meta.url)).subarray(0, 120_000)

test('it unpacks to what it was, and is smaller than the quick one', async () => {
  const stream = await strongDeflate(folder)(content)
  expect(inflateSync(stream).equals(content)).toBe(true)
  expect(stream.length).toBeLessThan((await quickDeflate(content)).length)
})

test('the loaders take a window of at most 32 kB', async () => {
  const [method = 0, flags = 0] = await strongDeflate(folder)(content)
  expect(method & 0x0f).toBe(8)
  expect(method >> 4).toBeLessThanOrEqual(7)
  expect((method * 256 + flags) % 31).toBe(0)
})

test('a result is kept by content, and one that was spoilt is made again', async () => {
  const stream = await strongDeflate(folder)(content)
  const [name] = readdirSync(folder)
  expect(readdirSync(folder)).toHaveLength(1)
  expect(readFileSync(join(folder, name ?? '')).equals(stream)).toBe(true)
  writeFileSync(join(folder, name ?? ''), 'spoilt')
  expect(inflateSync(await strongDeflate(folder)(content)).equals(content)).toBe(true)
  expect(readFileSync(join(folder, name ?? '')).equals(stream)).toBe(true)
})

test('a folder that cannot be made does no harm', async () => {
  writeFileSync(join(folder, '..', 'file'), '')
  const stream = await strongDeflate(join(folder, '..', 'file', 'cache'))(content)
  expect(inflateSync(stream).equals(content)).toBe(true)
})
