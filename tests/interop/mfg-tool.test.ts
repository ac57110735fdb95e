/** esp-matter-mfg-tool 1.0.29 itself with the same options: the same tree, columns and partitions; each takes what the other made. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCsvText } from '../../src/main/espressif/nvs-csv-text.ts'
import { readNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { readImport } from '../../src/main/generation/import-units.ts'
import { verifyAttestationChain } from '../../src/main/matter/attestation-chain.ts'
import {
  deviceIn,
  make,
  PAI,
  PRODUCT,
  QUICK,
  tableOf,
  temporaryFolder,
  vector,
  type MadeDevice,
} from '../generation/made.ts'
import { finish } from './processes.ts'
import { runPython } from './python-commands.ts'
import { pythonTools } from './python-tools.ts'

const tools = await pythonTools(['esp-matter-mfg-tool==1.0.29'])
const { path: folder, remove } = temporaryFolder()
afterAll(remove)
let number = 0
const fresh = (): string => join(folder, String(++number))
const file = (name: string, content: string): string => {
  const path = join(folder, `${++number}-${name}`)
  writeFileSync(path, content)
  return path
}

/** Runs the incumbent; gives the product's folder. */
const theirs = async (args: readonly string[]): Promise<string> => {
  const outdir = fresh()
  mkdirSync(outdir)
  const program = join(tools?.bin ?? '', 'esp-matter-mfg-tool')
  const { code, stderr } = await finish(program, [...PRODUCT, ...QUICK, '--outdir', outdir, ...args])
  expect(code, stderr).toBe(0)
  return join(outdir, 'fff2_8001')
}
const idsIn = (product: string): string[] => readdirSync(product).filter((name) => /^[0-9a-f]{8}-/u.test(name))

/** Paths in the folder of a device, or of the whole product, without what differs from run to run. */
const treeOf = (product: string): string[] => {
  const names = readdirSync(product, { recursive: true, encoding: 'utf8' }).map((name) =>
    name
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, '<uuid>')
      .replace(/(?<=summary|cn_dacs)-[\d-]+/u, '-<time>'),
  )
  return [...new Set(names)].toSorted()
}
/** Working copies that no script can rely on: the incumbent's own. */
const isWorkingCopy = (name: string): boolean => /_tmp\.csv$|^csv/u.test(name)

const rowsOf = (device: MadeDevice): string[][] =>
  readCsvText(device.read('internal/partition.csv').toString(), 'partition.csv').map((row) =>
    row.map(({ text }) => text),
  )
const headerOf = (product: string, prefix: string): string[] => {
  const name = readdirSync(product).find((entry) => entry.startsWith(prefix)) ?? ''
  return readCsvText(readFileSync(join(product, name), 'utf8'), name)[0]?.map(({ text }) => text) ?? []
}

const DECLARATION = ['-cd', vector('certs/Chip-Test-CD-FFF2-8001.der')]
const TEXTS = [
  ...['--vendor-name', 'Vendor', '--product-name', 'Product', '--hw-ver', '7', '--hw-ver-str', 'v7'],
  ...['--mfg-date', '2026-11-24', '--part-number', 'PN', '--product-finish', 'fabric', '--product-color', 'navy'],
  ...['--product-label', 'Label', '--product-url', 'https://example.com', '--mqtt-host', 'mqtt.example.com'],
]
const LISTS = [
  ...['--calendar-types', 'Buddhist', 'Taiwanese', '--locales', 'en-US', 'zh-CN'],
  ...[
    '--fixed-labels',
    '0/orientation/up',
    '0/two/down',
    '3/room/bed',
    '--supported-modes',
    '0/a/1',
    '1/b/1/1\\0x8000',
  ],
]
const schema = (): string[] => [
  ...[
    '--csv',
    file('schema.csv', 'serial-num,data,string\nown,data,u16\nspace,namespace,\nnote,data,string\nraw,data,hex2bin\n'),
  ],
  ...['--mcsv', file('rows.csv', 'serial-num,own,note,raw\nSN-1,1,"a,b",00ff\nSN-2,2,c,01\n')],
]
const ALL_IN_SECURE_CERT = [
  ...['--dac-in-secure-cert', '--commissionable-data-in-secure-cert'],
  ...['--enable-rotating-device-id', '--rd-id-uid-in-secure-cert'],
]

const RUNS: readonly (readonly [string, () => readonly string[]])[] = [
  ['a PAI', () => [...PAI, '-n', '2']],
  ['no attestation', () => []],
  ['everything', () => [...PAI, ...DECLARATION, ...TEXTS, ...LISTS, '--enable-rotating-device-id']],
  ['encryption', () => [...PAI, '-e']],
  ['a smaller partition', () => ['-s', '0x1000']],
  ['units of their own', () => [...PAI, ...schema()]],
  ['user-intent flow over BLE and Thread', () => ['-cf', '1', '-dm', '34']],
  ['a dynamic passcode', () => [...PAI, '--enable-dynamic-passcode']],
  ['no images', () => [...PAI, '--no-bin']],
  ['the DAC in esp_secure_cert', () => [...PAI, '--dac-in-secure-cert']],
  ['all in esp_secure_cert', () => [...PAI, ...ALL_IN_SECURE_CERT]],
  ['the ECDSA peripheral', () => [...PAI, '--dac-in-secure-cert', '--target', 'esp32h2', '-ds', '--efuse-key-id', '2']],
]

describe.skipIf(!tools)('with the same options', () => {
  test.concurrent.each(RUNS)('%s: the same tree, columns and rows', async (_, argsOf) => {
    const args = argsOf()
    const product = await theirs(args)
    const { result } = await make(fresh(), args)
    expect(treeOf(result.folder)).toEqual(treeOf(product).filter((name) => !isWorkingCopy(basename(name))))
    expect(headerOf(result.folder, 'summary-')).toEqual(headerOf(product, 'summary-'))
    expect(headerOf(result.folder, 'cn_dacs-')).toEqual(headerOf(product, 'cn_dacs-'))
    for (const table of ['config.csv', 'master.csv', 'pin_disc.csv'])
      expect(headerOf(join(result.folder, 'staging'), table), table).toEqual(headerOf(join(product, 'staging'), table))
    const [their, our] = [product, result.folder].map((place) => deviceIn(place, idsIn(place)[0] ?? ''))
    const shape = (device: MadeDevice | undefined): string[][] =>
      device ? rowsOf(device).map((row) => row.slice(0, 3)) : []
    expect(shape(our)).toEqual(shape(their))
    const sizes = (device: MadeDevice | undefined): (string | number)[][] =>
      device
        ? readdirSync(device.folder)
            .filter((name) => name.endsWith('partition.bin'))
            .map((name) => [name.replace(device.id, ''), device.read(name).length])
            .toSorted()
        : []
    expect(sizes(our)).toEqual(sizes(their))
  })
})

describe.skipIf(!tools)('with the same values', () => {
  /** Everything that the incumbent drew, as options. */
  const valuesOf = (device: MadeDevice): string[] => {
    const values = new Map(rowsOf(device).map(([key = '', , , value = '']) => [key, value]))
    return [
      ...[
        '--dac-cert',
        join(device.folder, 'internal/DAC_cert.pem'),
        '--dac-key',
        join(device.folder, 'internal/DAC_key.pem'),
      ],
      ...['--passcode', device.codes.passcode, '--discriminator', device.codes.discriminator],
      ...['--salt', values.get('salt') ?? '', '--verifier', values.get('verifier') ?? ''],
      ...['--serial-num', values.get('serial-num') ?? ''],
      ...(values.has('rd-id-uid') ? ['--rd-id-uid', values.get('rd-id-uid') ?? ''] : []),
    ]
  }

  test.each([
    ['a PAI', [...PAI]],
    ['everything', [...PAI, ...DECLARATION, ...TEXTS, ...LISTS, '--enable-rotating-device-id']],
  ])('%s: the same partition, byte for byte, and the same codes', async (_, args) => {
    const product = await theirs(args)
    const their = deviceIn(product, idsIn(product)[0] ?? '')
    const { devices } = await make(fresh(), [...args, ...valuesOf(their)], { now: () => new Date() })
    const [our] = devices
    expect(our?.id).toBe(their.id)
    expect(our?.read(`${their.id}-partition.bin`).equals(their.read(`${their.id}-partition.bin`))).toBe(true)
    expect(our?.read(`${their.id}-onb_codes.csv`).equals(their.read(`${their.id}-onb_codes.csv`))).toBe(true)
    const decode = (device: MadeDevice | undefined): string | undefined => {
      const { data, width, height } = PNG.sync.read(device?.read(`${device.id}-qrcode.png`) ?? Buffer.alloc(0))
      return jsQR(new Uint8ClampedArray(data), width, height)?.data
    }
    expect(decode(our)).toBe(their.codes.qrcode)
    expect(decode(their)).toBe(their.codes.qrcode)
  })

  test('the incumbent takes our values and makes our partition of them', async () => {
    const args = [...PAI, ...DECLARATION, ...TEXTS, ...LISTS]
    // It allows serial numbers of 16 characters only.
    const { devices } = await make(fresh(), [...args, '--serial-num', 'SN-16-characters'])
    const [our] = devices
    if (!our) throw new Error('no device was made')
    const product = await theirs([...args, ...valuesOf(our)])
    const their = deviceIn(product, our.id)
    expect(their.read(`${our.id}-partition.bin`).equals(our.read(`${our.id}-partition.bin`))).toBe(true)
    expect(their.codes).toEqual(our.codes)
  })
})

describe.skipIf(!tools)('what one made, the other takes', () => {
  let ours: { folder: string; devices: readonly MadeDevice[] }
  beforeAll(async () => {
    const { result, devices } = await make(fresh(), [...PAI, ...DECLARATION, ...TEXTS, ...LISTS, ...schema()])
    ours = { folder: result.folder, devices }
  })

  test('the reference generator makes our images from our CSV files', async () => {
    if (!tools) return
    const outcomes = await runPython(
      tools,
      'esp_idf_nvs_partition_gen',
      ours.devices.map(({ folder: place, id }) => ({
        args: ['generate', join(place, 'internal/partition.csv'), join(folder, `${id}.bin`), '0x6000'],
        folder,
      })),
    )
    expect(outcomes.map(({ failed, said }) => failed && said)).toEqual(ours.devices.map(() => null))
    for (const device of ours.devices)
      expect(readFileSync(join(folder, `${device.id}.bin`)).equals(device.read(`${device.id}-partition.bin`))).toBe(
        true,
      )
  })

  test('and opens our encrypted ones', async () => {
    if (!tools) return
    const [device] = (await make(fresh(), [...PAI, '-e'])).devices
    if (!device) throw new Error('no device was made')
    const at = (name: string): string => join(device.folder, `${device.id}-${name}`)
    const clear = join(folder, 'clear.bin')
    const [outcome] = await runPython(tools, 'esp_idf_nvs_partition_gen', [
      { args: ['decrypt', at('partition.bin'), at('keys-partition.bin'), clear], folder },
    ])
    expect(outcome?.failed, outcome?.said).toBeNull()
    const keys = readNvsKeys(readFileSync(at('keys-partition.bin')), 'keys')
    expect(readNvs(readFileSync(clear)).entries).toEqual(readNvs(readFileSync(at('partition.bin')), keys).entries)
  })

  test('we import what the incumbent made of a PAA, and its chain holds', async () => {
    const paa = ['-c', vector('certs/Chip-Test-PAA-NoVID-Cert.pem'), '-k', vector('certs/Chip-Test-PAA-NoVID-Key.pem')]
    const product = await theirs(['--paa', ...paa, '-n', '2', '-lt', '100'])
    const units = readImport(product)
    expect(units.map(({ id }) => id).toSorted()).toEqual(idsIn(product).toSorted())
    const rows = tableOf(join(product, readdirSync(product).find((name) => name.startsWith('summary-')) ?? ''))
    expect(units.map(({ passcode }) => String(passcode)).toSorted()).toEqual(
      rows.map(({ pincode }) => pincode).toSorted(),
    )
    for (const unit of units) {
      const pai = deviceIn(product, unit.id ?? '').read('internal/PAI_cert.der')
      expect(verifyAttestationChain({ dac: unit.dac?.certificate, pai }, new Date())).toEqual([])
    }
  })
})
