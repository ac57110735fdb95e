/** Espressif's own flash program against the simulated chips, over TCP and over a pseudo-terminal, with its stub and without. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHIP_NAMES, type ChipName } from '../../src/main/espressif/chips.ts'
import { finish, simulate, type Finished, type Simulation } from './processes.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esptool==5.6.0'])
const folder = mkdtempSync(join(tmpdir(), 'imprint-esptool-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Half of it compresses, half does not. */
const content = Buffer.concat([randomBytes(30_000), Buffer.alloc(30_000, 'imprint ')])
const file = join(folder, 'content.bin')
writeFileSync(file, content)

const esptool = (address: string, chip: ChipName, ...args: string[]): Promise<Finished> =>
  finish(join(tools?.bin ?? '', 'esptool'), ['--chip', chip, '--port', address, ...args])

const expectSuccess = ({ code, stdout, stderr }: Finished): string => {
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  return stdout
}

const readBack = async (address: string, chip: ChipName, ...options: string[]): Promise<Buffer> => {
  const out = join(folder, `read-${chip}${options.join('')}.bin`)
  expectSuccess(await esptool(address, chip, ...options, 'read-flash', '0x10000', String(content.length), out))
  return readFileSync(out)
}

describe.skipIf(!tools).each([
  ['tcp', ['--tcp', '127.0.0.1:0']],
  ['pty', ['--pty']],
] as const)('esptool over %s', (_, args) => {
  describe.each(['esp32', 'esp32c3'] as const)('%s', (chip) => {
    let simulation: Simulation
    beforeAll(async () => {
      simulation = await simulate(['--chip', chip, ...args], 2)
    })
    afterAll(() => simulation.end())
    const withStub = (): string => simulation.addresses[0] ?? ''
    const withoutStub = (): string => simulation.addresses[1] ?? ''

    test.concurrent('with its stub: identifies, writes, verifies and reads back', async () => {
      const at = withStub()
      expect(expectSuccess(await esptool(at, chip, 'flash-id'))).toMatch(/Detected flash size: 4MB/u)
      expect(expectSuccess(await esptool(at, chip, 'read-mac'))).toContain('24:0a:c4:00:00:01')
      expect(expectSuccess(await esptool(at, chip, 'write-flash', '0x10000', file))).toContain('Hash of data verified')
      expect(expectSuccess(await esptool(at, chip, 'verify-flash', '0x10000', file))).toMatch(
        /Verification successful/u,
      )
      expect((await readBack(at, chip)).equals(content)).toBe(true)
    })

    test.concurrent('without a stub: identifies, writes and verifies', async () => {
      const at = withoutStub()
      const run = (...rest: string[]): Promise<Finished> => esptool(at, chip, '--no-stub', ...rest)
      expect(expectSuccess(await run('flash-id'))).toMatch(/Detected flash size: 4MB/u)
      expect(expectSuccess(await run('read-mac'))).toContain('24:0a:c4:00:00:02')
      expect(expectSuccess(await run('write-flash', '0x10000', file))).toContain('Hash of data verified')
      expect(expectSuccess(await run('verify-flash', '0x10000', file))).toMatch(/Verification successful/u)
      expect((await readBack(at, chip, '--no-stub')).equals(content)).toBe(true)
    })
  })
})

describe.skipIf(!tools)('esptool and a simulated', () => {
  // The slowest, so it begins first.
  test.concurrent('esp32c3 over RFC 2217: by its control lines, at a higher rate, writes and verifies', async () => {
    const simulation = await simulate(['--chip', 'esp32c3', '--rfc2217', '127.0.0.1:0'])
    try {
      const at = simulation.addresses[0] ?? ''
      // Its telnet client waits a fiftieth of a second for each byte that it asks for.
      const small = join(folder, 'small.bin')
      writeFileSync(small, content.subarray(0, 2048))
      const args = ['--baud', '460800', 'write-flash', '0x10000', small]
      expect(expectSuccess(await esptool(at, 'esp32c3', ...args))).toContain('Hash of data verified')
    } finally {
      await simulation.end()
    }
  })

  test.concurrent.each(['esp32', 'esp32c3', 'esp32p4'] as const)('%s: its flash tells its parameters', async (chip) => {
    const simulation = await simulate(['--chip', chip, '--tcp', '127.0.0.1:0', '--flash-size', '8', '--sfdp'])
    try {
      const at = simulation.addresses[0] ?? ''
      const read = async (address: number): Promise<string> => {
        const said = expectSuccess(await esptool(at, chip, 'read-flash-sfdp', String(address), '4'))
        return /SFDP\[\d+\.\.\d+\]: (.*?)\s*$/mu.exec(said)?.[1] ?? said
      }
      expect(await read(0)).toBe('0x53 0x46 0x44 0x50')
      // Words of the basic table and its place, from the parameter header; there, the density in bits, less one.
      expect(await read(0x0b)).toBe('0x09 0x30 0x00 0x00')
      expect(await read(0x34)).toBe('0xff 0xff 0xff 0x03')
    } finally {
      await simulation.end()
    }
  })

  test.concurrent.each(CHIP_NAMES.filter((name) => name !== 'esp32' && name !== 'esp32c3'))(
    '%s: writes and verifies with its stub',
    async (chip) => {
      const simulation = await simulate(['--chip', chip, '--tcp', '127.0.0.1:0'])
      try {
        const at = simulation.addresses[0] ?? ''
        const said = expectSuccess(await esptool(at, chip, 'flash-id'))
        expect(said).toMatch(/Detected flash size: 4MB/u)
        expect(said).toContain('Stub flasher running')
        expect(expectSuccess(await esptool(at, chip, 'write-flash', '0x10000', file))).toContain(
          'Hash of data verified',
        )
      } finally {
        await simulation.end()
      }
    },
  )
})
