/**
 * The chips as data against esptool's own: what it has as a constant is compared as such, what it has as a procedure by having both read
 * the same registers.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CHIP_NAMES, CHIPS, macFromRegisters, type Chip, type ChipName } from '../../src/main/espressif/chips.ts'
import { readRevision } from '../../src/main/flashing/loader/chip-revision.ts'
import type { Loader } from '../../src/main/flashing/loader/loader.ts'
import { securityOfEfuses } from '../../src/main/flashing/loader/identify.ts'
import { readRegister } from '../../src/main/flashing/loader/registers.ts'
import { finish } from './processes.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esptool==5.6.0'])

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed)

/** The content of a register in the world of this seed; the first worlds are blank and full. */
const registerIn = (seed: number, address: number): number => {
  if (seed < 2) return seed === 0 ? 0 : 0xffffffff
  let value = (Math.imul(address ^ (seed << 20), 0x9e3779b1) ^ seed) >>> 0
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b) >>> 0
  return (value ^ (value >>> 13)) >>> 0
}

const SCRIPT = `
import json
from esptool.targets import CHIP_DEFS

def register_in(seed, address):
    if seed < 2:
        return 0 if seed == 0 else 0xFFFFFFFF
    value = (((address ^ (seed << 20)) * 0x9E3779B1) & 0xFFFFFFFF) ^ seed
    value = ((value ^ (value >> 15)) * 0x85EBCA6B) & 0xFFFFFFFF
    return value ^ (value >> 13)

CONSTANTS = ['IMAGE_CHIP_ID', 'USES_MAGIC_VALUE', 'MAGIC_VALUE', 'BOOTLOADER_FLASH_OFFSET', 'SPI_REG_BASE', 'SPI_USR_OFFS',
    'SPI_USR1_OFFS', 'SPI_USR2_OFFS', 'SPI_MOSI_DLEN_OFFS', 'SPI_MISO_DLEN_OFFS', 'SPI_W0_OFFS', 'RTC_CNTL_WDTCONFIG0_REG',
    'RTC_CNTL_WDTCONFIG1_REG', 'RTC_CNTL_WDTWPROTECT_REG', 'UART_CLKDIV_REG', 'ESP_RAM_BLOCK', 'FLASH_FREQUENCY']
chips = {}
for name in NAMES:
    definition = CHIP_DEFS[name]
    worlds = []
    for seed in range(SEEDS):
        chip = object.__new__(definition)
        chip.cache = {}
        chip.read_reg = lambda address, seed=seed: register_in(seed, address)
        worlds.append({
            'mac': ':'.join('%02X' % byte for byte in chip.read_mac('BASE_MAC')),
            'revision': 'v%d.%d' % (chip.get_major_chip_version(), chip.get_minor_chip_version()),
            'encrypted': bool(chip.get_flash_encryption_enabled()),
            'secure': bool(chip.get_secure_boot_enabled()),
        })
    chips[name] = {'constants': {key: getattr(definition, key, None) for key in CONSTANTS}, 'worlds': worlds}
print(json.dumps(chips))
`

interface World {
  readonly mac: string
  readonly revision: string
  readonly encrypted: boolean
  readonly secure: boolean
}
interface Theirs {
  readonly constants: Readonly<Record<string, unknown>>
  readonly worlds: readonly World[]
}

const askEsptool = async (): Promise<Readonly<Record<ChipName, Theirs>>> => {
  const script = SCRIPT.replace('NAMES', JSON.stringify(CHIP_NAMES)).replace('SEEDS', String(SEEDS.length))
  const { code, stdout, stderr } = await finish(`${tools?.bin ?? ''}/python`, ['-c', script])
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Readonly<Record<ChipName, Theirs>>
}
const theirs = tools ? await askEsptool() : undefined

const ourWorld = async (chip: Chip, seed: number): Promise<World> => {
  const loader = {
    request: (_: string, body: Uint8Array) => {
      const address = new DataView(body.buffer, body.byteOffset).getUint32(0, true)
      return Promise.resolve({ value: registerIn(seed, address), data: body })
    },
  } as unknown as Loader
  const { flashEncryption, secureBoot } = await securityOfEfuses(loader, chip)
  return {
    mac: macFromRegisters(
      await readRegister(loader, chip.macRegister),
      await readRegister(loader, chip.macRegister + 4),
    ),
    revision: await readRevision(loader, chip),
    encrypted: flashEncryption,
    secure: secureBoot,
  }
}

describe.skipIf(!theirs).each(CHIP_NAMES)('%s', (name) => {
  const chip = CHIPS[name]

  test('has the constants of esptool', () => {
    const { constants } = theirs?.[name] ?? { constants: {} }
    expect(constants).toMatchObject({
      IMAGE_CHIP_ID: chip.imageId,
      USES_MAGIC_VALUE: chip.magic !== undefined,
      ...(chip.magic === undefined ? {} : { MAGIC_VALUE: chip.magic }),
      BOOTLOADER_FLASH_OFFSET: chip.bootloaderOffset,
      SPI_REG_BASE: chip.spi.base,
      SPI_USR_OFFS: chip.spi.usr,
      SPI_USR1_OFFS: chip.spi.usr1,
      SPI_USR2_OFFS: chip.spi.usr2,
      SPI_MOSI_DLEN_OFFS: chip.spi.mosiLength,
      SPI_MISO_DLEN_OFFS: chip.spi.misoLength,
      SPI_W0_OFFS: chip.spi.w0,
      ESP_RAM_BLOCK: chip.ramBlock,
      FLASH_FREQUENCY: chip.flashFrequencies,
      ...(chip.clockDivider === undefined ? {} : { UART_CLKDIV_REG: chip.clockDivider }),
      ...(chip.watchdog && {
        RTC_CNTL_WDTCONFIG0_REG: chip.watchdog.config0,
        RTC_CNTL_WDTCONFIG1_REG: chip.watchdog.config1,
        RTC_CNTL_WDTWPROTECT_REG: chip.watchdog.protect,
      }),
    })
  })

  test('is read as esptool reads it: MAC, revision, flash encryption, secure boot', async () => {
    const ours = await Promise.all(SEEDS.map((seed) => ourWorld(chip, seed)))
    expect(ours).toEqual(theirs?.[name].worlds)
  })
})

test('the words by which a ROM is known while a stub runs are those of esptool-js', () => {
  const source = readFileSync(new URL('../../node_modules/esptool-js/lib/esploader.js', import.meta.url), 'utf8')
  const known = [
    ...source.matchAll(/((?:case 0x[0-9a-f]+:\s*)+)\{\s*const \{ \w+ \} = await import\("\.\/targets\/(\w+)\.js"\)/gu),
  ]
  const words = new Map(
    known.map(([, cases = '', chip = '']) => [
      chip,
      [...cases.matchAll(/0x[0-9a-f]+/gu)].map(([word]) => Number(word)),
    ]),
  )
  for (const { name, magic, romWords } of Object.values(CHIPS))
    expect([...romWords, ...(magic === undefined ? [] : [magic])].toSorted(), name).toEqual(words.get(name)?.toSorted())
})
