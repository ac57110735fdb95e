/** Imprint's own commands over real pseudo-terminals, so that the native serialport binding runs, checked with esptool. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { readRelease, type Release } from '../../src/main/firmware/release.ts'
import { finish, imprint, simulate, type Simulation } from './processes.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esptool==5.6.0'])
const folder = mkdtempSync(join(tmpdir(), 'imprint-flash-'))
const releaseFolder = join(folder, 'release')
const factory = join(folder, 'factory.bin')
let release: Release

beforeAll(async () => {
  await writeDemoRelease(releaseFolder, { appSize: 150_000, version: '1.0.0' })
  release = await readRelease(releaseFolder)
  writeFileSync(factory, Buffer.alloc(release.factory.size, 'one unit'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const served = async (args: readonly string[], chips: number, use: (simulation: Simulation) => Promise<void>) => {
  const simulation = await simulate(args, chips)
  try {
    await use(simulation)
  } finally {
    await simulation.end()
  }
}
const ports = (addresses: readonly string[]): string[] => addresses.flatMap((address) => ['--port', address])

describe.each([[[]], [['--no-stub']]] as const)('imprint flash %j', (options) => {
  test('writes two boards at once, and esptool finds the same on them', async () => {
    await served(['--chip', 'esp32c3', '--pty'], 2, async ({ addresses }) => {
      const flashed = await imprint(
        ...['flash', '--release', releaseFolder, '--factory', factory, '--json', ...options],
        ...ports(addresses),
      )
      expect(flashed.code, flashed.stderr).toBe(0)
      const results = flashed.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { port: string; outcome: string; regions: { verified: boolean }[] })
      expect(results.map(({ port }) => port).toSorted()).toEqual([...addresses].toSorted())
      for (const { outcome, regions } of results) {
        expect(outcome).toBe('pass')
        expect(regions).toHaveLength(release.images.length + 1)
        expect(regions.every(({ verified }) => verified)).toBe(true)
      }
      if (!tools) return
      const images = [
        ...release.images.flatMap(({ name, offset }) => [`0x${offset.toString(16)}`, join(releaseFolder, name)]),
        `0x${release.factory.offset.toString(16)}`,
        factory,
      ]
      const verified = await finish(join(tools.bin, 'esptool'), [
        ...['--chip', 'esp32c3', '--port', addresses[1] ?? '', 'verify-flash'],
        ...images,
      ])
      expect(verified.code, verified.stdout).toBe(0)
    })
  })
})

describe('imprint', () => {
  test('chip tells what the board is, read gets its flash, over a pseudo-terminal and over TCP', async () => {
    for (const way of [['--pty'], ['--tcp', '127.0.0.1:0']])
      await served(
        ['--chip', 'esp32s3', '--mac', 'AA:BB:CC:DD:EE:01', '--flash-size', '8', ...way],
        1,
        async (chips) => {
          const port = chips.addresses[0] ?? ''
          const told = await imprint('chip', '--port', port, '--json')
          expect(told.code, told.stderr).toBe(0)
          expect(JSON.parse(told.stdout)).toMatchObject({
            chip: 'esp32s3',
            mac: 'AA:BB:CC:DD:EE:01',
            flash: { size: 8 * 2 ** 20 },
            security: { secureBoot: false, flashEncryption: false },
          })
          const out = join(folder, 'read.bin')
          const read = await imprint('read', '--port', port, '--offset', '0x1000', '--size', '5000', out)
          expect(read.code, read.stderr).toBe(0)
          expect(readFileSync(out).equals(Buffer.alloc(5000, 0xff))).toBe(true)
        },
      )
  })

  test('flash ends with 1 when one board fails, and the other passes all the same', async () => {
    await served(['--chip', 'esp32c3', '--pty', '--fault', 'digest-mismatch@2'], 2, async ({ addresses }) => {
      const { code, stdout } = await imprint('flash', '--release', releaseFolder, ...ports(addresses))
      expect(code).toBe(1)
      expect(stdout).toMatch(new RegExp(`${addresses[0]}: pass`, 'u'))
      expect(stdout).toMatch(new RegExp(`${addresses[1]}: fail {2}digest-mismatch`, 'u'))
    })
  })

  test('flash refuses another chip than the release is for, with both names', async () => {
    await served(['--chip', 'esp32', '--pty'], 1, async ({ addresses }) => {
      const { code, stdout } = await imprint('flash', '--release', releaseFolder, ...ports(addresses))
      expect(code).toBe(1)
      expect(stdout).toMatch(/ESP32-C3.*ESP32\b/u)
    })
  })

  test.each([
    [['flash', '--port', 'a', '--release', join(folder, 'nothing')], /flasher_args\.json/u],
    [['flash', '--port', 'a', '--port', 'a', '--release', releaseFolder], /given twice/u],
    [['flash', '--release', releaseFolder], /option '--port <port>' not specified/u],
    [
      ['flash', '--port', 'a', '--release', releaseFolder, '--flash-size', '1'],
      /--flash-size 1 is too small; the release needs 4 MB/u,
    ],
    [['flash', '--port', 'a', '--release', releaseFolder, '--baud', 'fast'], /--baud fast/u],
    [['simulate', '--chip', 'esp99', '--pty'], /esp99/u],
    [['simulate', '--chip', 'esp32', '--pty', '--pace', 'slow'], /slow/u],
    [['simulate', '--chip', 'esp32', '--pty', '--fault', 'bad-mood'], /bad-mood/u],
  ])('refuses %j with 2 and a sentence', async (args, sentence) => {
    const { code, stderr } = await imprint(...args)
    expect(stderr).toMatch(sentence)
    expect(code).toBe(2)
  })
})
