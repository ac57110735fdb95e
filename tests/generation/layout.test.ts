/** The folder and its files, against real runs of esp-matter-mfg-tool. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { afterAll, describe, expect, test } from 'vitest'
import { readCsvText } from '../../src/main/espressif/nvs-csv-text.ts'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { readNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { matterContentOf } from '../../src/main/espressif/secure-cert-matter.ts'
import { readSecureCert } from '../../src/main/espressif/secure-cert-read.ts'
import { readCertificate } from '../../src/main/matter/certificate-read.ts'
import { deviceIn, make, PAI, tableOf, temporaryFolder, vector, type MadeDevice } from './made.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)
let number = 0
const fresh = (): string => join(folder, String(++number))
const DECLARATION = ['-cd', vector('certs/Chip-Test-CD-FFF2-8001.der')]

/** A run of the incumbent. */
const theirs = (name: string): { product: string; device: MadeDevice; values: Map<string, string> } => {
  const product = vector(`layout/${name}/fff2_8001`)
  const id = readdirSync(product).find((entry) => /^[0-9a-f]{8}-/u.test(entry)) ?? ''
  const device = deviceIn(product, id)
  const [, ...rows] = readCsvText(device.read('internal/partition.csv').toString(), name)
  return { product, device, values: new Map(rows.map((row) => [row[0]?.text ?? '', row[3]?.text ?? ''])) }
}

const filesOf = (device: MadeDevice): string[] =>
  readdirSync(device.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(device.id, '<uuid>'))
    .toSorted()

const headerOf = (product: string, prefix: string): string => {
  const name = readdirSync(product).find((entry) => entry.startsWith(prefix)) ?? ''
  return readFileSync(join(product, name), 'utf8').split('\r\n')[0] ?? ''
}

/** Keys, types and encodings; the values of files are places. */
const shape = (device: MadeDevice): string[][] =>
  readCsvText(device.read('internal/partition.csv').toString(), device.id).map((row) =>
    row.slice(0, 3).map(({ text }) => text),
  )

const decode = (png: Buffer): { text: string | undefined; width: number; height: number } => {
  const { data, width, height } = PNG.sync.read(png)
  return { text: jsQR(new Uint8ClampedArray(data), width, height)?.data, width, height }
}

const ARGUMENTS = {
  basic: [
    ...['--vendor-name', 'test vendor', '--product-name', 'test product'],
    ...['--hw-ver', '1', '--hw-ver-str', 'harware version'],
  ],
  encrypted: ['-e'],
  all_options: [
    ...['--passcode', '20202021', '--discriminator', '0xf00', '--salt', 'U1BBS0UyUCBLZXkgU2FsdA=='],
    ...['--vendor-name', 'V', '--product-name', 'Pn', '--hw-ver', '3', '--hw-ver-str', 'h3'],
    ...['--mfg-date', '2026-11-24', '--serial-num', 'SN1', '--part-number', 'PN-1'],
    ...['--enable-rotating-device-id', '--rd-id-uid', 'd2f351f57bb9387445a5f92a601d1c14'],
    ...['--product-finish', 'satin', '--product-color', 'gold'],
    ...['--calendar-types', 'Gregorian', 'Hebrew', '--locales', 'en-US', 'fr-FR'],
    ...['--fixed-labels', '0/orientation/up', '10/room/bed'],
    ...['--supported-modes', '0/label1/1/"1\\0x8000, 2\\0x8000"', '1/label2/1'],
    ...['--product-label', 'My Label', '--product-url', 'https://x.y/z', '--mqtt-host', 'mqtt.example.com'],
  ],
} as const

describe.each(['basic', 'encrypted', 'all_options'] as const)('%s', (name) => {
  test('has the names, the columns and the rows of the incumbent', async () => {
    const their = theirs(name)
    const { result, devices } = await make(fresh(), [...PAI, ...DECLARATION, ...ARGUMENTS[name]])
    const [ours] = devices
    expect(basename(result.folder)).toBe('fff2_8001')
    expect(ours && filesOf(ours)).toEqual(filesOf(their.device))
    expect(headerOf(result.folder, 'summary-')).toBe(headerOf(their.product, 'summary-'))
    expect(headerOf(result.folder, 'cn_dacs-')).toBe(headerOf(their.product, 'cn_dacs-'))
    expect(ours && shape(ours)).toEqual(shape(their.device))
    expect(basename(result.summary ?? '')).toMatch(/^summary-\d{4}(?:-\d\d){5}\.csv$/u)
    expect(basename(result.cnDacs ?? '')).toMatch(/^cn_dacs-\d{4}(?:-\d\d){5}-\d{6}\.csv$/u)
    for (const staged of ['config.csv', 'master.csv', 'pin_disc.csv'])
      expect(readFileSync(join(result.folder, 'staging', staged), 'utf8').split('\n')[0]).toBe(
        readFileSync(join(their.product, 'staging', staged), 'utf8').split('\n')[0],
      )
  })

  test('gives the same partition for the same values', async () => {
    const { device, values } = theirs(name)
    const encrypted = name === 'encrypted'
    const given = [
      ...[
        '--dac-cert',
        join(device.folder, 'internal/DAC_cert.pem'),
        '--dac-key',
        join(device.folder, 'internal/DAC_key.pem'),
      ],
      ...['--passcode', device.codes.passcode, '--discriminator', device.codes.discriminator],
      ...['--salt', values.get('salt') ?? '', '--verifier', values.get('verifier') ?? ''],
      ...['--iteration-count', values.get('iteration-count') ?? ''],
      ...(name === 'all_options' ? [] : ['--serial-num', values.get('serial-num') ?? '']),
    ]
    const args = ARGUMENTS[name].filter((arg) => arg !== '-e')
    const ours = (await make(fresh(), [...PAI, ...DECLARATION, ...args, ...given])).devices[0]
    // The DAC's common name is the folder's name.
    expect(ours?.id).toBe(device.id)
    const image = (one: MadeDevice | undefined): Buffer => one?.read(`${device.id}-partition.bin`) ?? Buffer.alloc(0)
    if (encrypted) {
      const keys = readNvsKeys(device.read(`${device.id}-keys-partition.bin`), 'keys')
      expect(readNvs(image(ours)).entries).toEqual(readNvs(image(device), keys).entries)
    } else expect(image(ours).equals(image(device))).toBe(true)
    for (const file of ['DAC_cert.pem', 'DAC_cert.der', 'DAC_key.pem', 'DAC_key.der', 'DAC_private_key.bin'])
      expect(ours?.read(`internal/${file}`).equals(device.read(`internal/${file}`)), file).toBe(true)
    expect(ours?.read(`${device.id}-onb_codes.csv`).toString()).toBe(
      device.read(`${device.id}-onb_codes.csv`).toString(),
    )
    const pictures = [ours, device].map((one) => decode(one?.read(`${device.id}-qrcode.png`) ?? Buffer.alloc(0)))
    expect(pictures[0]).toEqual(pictures[1])
    expect(pictures[0]).toMatchObject({ text: device.codes.qrcode, width: 198, height: 198 })
  })
})

describe('forms of the output', () => {
  test('rows of the tables end as Python writes them', async () => {
    const { result, devices } = await make(fresh(), [...PAI, '-n', '2'])
    const summary = readFileSync(result.summary ?? '', 'utf8')
    expect(summary.match(/\r\n/gu)).toHaveLength(3)
    expect(summary.replaceAll('\r\n', '')).not.toContain('\n')
    const dacs = tableOf(result.cnDacs ?? '')
    expect(dacs.map(({ CN }) => CN).toSorted()).toEqual(devices.map(({ id }) => id))
    for (const { CN, certs } of dacs) expect(readCertificate(Buffer.from(certs ?? ''), 'certs').commonName).toBe(CN)
    expect(readFileSync(result.cnDacs ?? '', 'utf8')).toMatch(
      /^CN,certs\r\n.*,"-----BEGIN CERTIFICATE-----\n[^\r]*\n"\r\n/u,
    )
  })

  test('without DACs the table of DACs has its header only', async () => {
    const { result, devices } = await make(fresh(), [])
    expect(readFileSync(result.cnDacs ?? '', 'utf8')).toBe('CN,certs\r\n')
    expect(filesOf(devices[0] as MadeDevice).some((name) => name.includes('DAC'))).toBe(false)
  })

  test('vendor and product IDs are lower-case hexadecimal without zeros in front', async () => {
    const { result } = await make(fresh(), ['-v', '1', '-p', '0xAB', '--no-bin'])
    expect(basename(result.folder)).toBe('1_ab')
  })

  test('a code of 21 digits has two lines, as it is printed', async () => {
    const [device] = (await make(fresh(), ['-cf', '1', '--passcode', '20202021', '--discriminator', '3840'])).devices
    expect(device?.codes.manualcode).toBe('7497-011-2336\n5522-327-69-2')
    expect(device?.codes.qrcode).toBe('MT:634J00ID00KA0648G00')
  })

  test('--no-bin leaves the images out, a dynamic passcode the codes and the verifier', async () => {
    const [device] = (await make(fresh(), [...PAI, '--no-bin'])).devices
    expect(device && filesOf(device).filter((name) => name.endsWith('.bin'))).toEqual([
      'internal/DAC_private_key.bin',
      'internal/DAC_public_key.bin',
    ])
    const [dynamic] = (await make(fresh(), ['--enable-dynamic-passcode'])).devices
    expect(dynamic && filesOf(dynamic)).toEqual(['<uuid>-partition.bin', 'internal', 'internal/partition.csv'])
    expect(dynamic?.partition.verifier).toBeUndefined()
    expect(dynamic?.partition.salt).toHaveLength(32)
  })

  test('esp_secure_cert takes what the partition then lacks', async () => {
    const all = [
      ...['--dac-in-secure-cert', '--commissionable-data-in-secure-cert'],
      ...['--enable-rotating-device-id', '--rd-id-uid-in-secure-cert'],
    ]
    const { devices, summary } = await make(fresh(), [...PAI, ...all])
    const [device] = devices
    const found = matterContentOf(
      readSecureCert(device?.read(`${device.id}_esp_secure_cert.bin`) ?? Buffer.alloc(0)).entries,
    )
    expect(device?.partition).not.toHaveProperty('verifier')
    expect(device?.partition).not.toHaveProperty('attestation')
    expect(String(found.discriminator)).toBe(device?.codes.discriminator)
    expect(found.verifier).toHaveLength(97)
    expect(
      Buffer.from(found.dacCertificate ?? []).equals(device?.read('internal/DAC_cert.der') ?? Buffer.alloc(0)),
    ).toBe(true)
    expect(Object.keys(summary[0] ?? {})).toEqual([
      ...['vendor-id', 'product-id', 'serial-num', 'pincode', 'qrcode', 'manualcode'],
      ...['discriminator', 'iteration-count', 'salt', 'rd-id-uid'],
    ])
  })

  test('--no-secure-cert-bin keeps everything in the partition', async () => {
    const [device] = (await make(fresh(), [...PAI, '--dac-in-secure-cert', '--no-secure-cert-bin'])).devices
    expect(device?.partition.attestation?.dacCertificate).toBeDefined()
  })
})
