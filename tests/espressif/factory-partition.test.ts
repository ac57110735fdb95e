import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FactoryDataError } from '../../src/main/espressif/factory-partition-check.ts'
import { readFactory } from '../../src/main/espressif/factory-partition-read.ts'
import { factoryEntries, type FactoryData } from '../../src/main/espressif/factory-partition.ts'
import type { NvsEntry } from '../../src/main/espressif/nvs-entry.ts'
import { readNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { writeNvs } from '../../src/main/espressif/nvs-write.ts'

/** What a run of the incumbent left for its one device. */
const run = (name: string) => {
  const product = new URL(`../vectors/layout/${name}/fff2_8001/`, import.meta.url)
  const id = readdirSync(product).find((entry) => /^[0-9a-f]{8}-/u.test(entry)) ?? ''
  const files = readdirSync(new URL(`${id}/`, product))
  const read = (end: string): Buffer | undefined =>
    files.includes(id + end) ? readFileSync(new URL(`${id}/${id}${end}`, product)) : undefined
  const keysBytes = read('-keys-partition.bin')
  return { image: read('-partition.bin') ?? Buffer.alloc(0), keys: keysBytes && readNvsKeys(keysBytes, 'keys') }
}

const placed = (entries: NvsEntry[]) => entries.map((entry, index) => ({ ...entry, page: 0, entry: index }))
const least: FactoryData = { vendorId: 0xfff1, productId: 0x8000 }

const text = (maxLength: number, minLength = 1) =>
  fc.string({ minLength, maxLength, unit: fc.constantFrom('a', 'Z', ' ', '-', '"', '1') })
const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength })
const u16 = fc.nat(0xffff)
/** Endpoints and counts small enough for the keys that they are part of. */
const endpoint = fc.nat(0xf)
const grouped = <T extends { endpoint: number }>(list: T[]): T[] => list.toSorted((a, b) => a.endpoint - b.endpoint)
const anyData: fc.Arbitrary<FactoryData> = fc.record(
  {
    vendorId: fc.integer({ min: 1, max: 0xffff }),
    productId: fc.integer({ min: 1, max: 0xffff }),
    discriminator: fc.nat(0xfff),
    iterations: fc.integer({ min: 1000, max: 100_000 }),
    salt: bytes(16, 32),
    verifier: bytes(97),
    vendorName: text(32),
    productName: text(32),
    hardwareVersion: u16,
    hardwareVersionString: text(64),
    manufacturingDate: fc.constantFrom('2026-11-24', '20261124', '20240229ABCDEFGH'),
    rotatingId: bytes(16),
    productFinish: fc.nat(5),
    productColor: fc.nat(20),
    partNumber: text(32),
    serialNumber: text(32),
    attestation: fc.record({
      dacCertificate: bytes(500),
      dacPrivateKey: bytes(32),
      dacPublicKey: bytes(65),
      paiCertificate: bytes(450),
    }),
    certificationDeclaration: bytes(1, 500),
    calendarTypes: fc.nat(0xfff),
    locales: fc.array(text(35), { maxLength: 20 }),
    fixedLabels: fc
      .array(fc.record({ endpoint, label: text(16), value: text(16) }), { minLength: 1, maxLength: 20 })
      .map(grouped),
    supportedModes: fc
      .array(
        fc.record({
          endpoint,
          label: text(64),
          mode: fc.nat(255),
          tags: fc.array(fc.record({ value: u16, manufacturerCode: u16 }), { maxLength: 3 }),
        }),
        { minLength: 1, maxLength: 10 },
      )
      .map(grouped),
    productLabel: text(64),
    productUrl: text(256),
    mqttHost: text(64),
    locationCapability: fc.nat(2),
    uniqueId: text(32),
  },
  { requiredKeys: ['vendorId', 'productId'] },
)

/** Bytes as hexadecimal, so that a Buffer equals a Uint8Array. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}

describe('factory partition', () => {
  test.each(['basic', 'all_options', 'encrypted'])(
    '%s, read and written again, equals the incumbent byte for byte',
    (name) => {
      const { image, keys } = run(name)
      const partition = readNvs(image, keys)
      const { data, others, faults } = readFactory(partition.entries)
      expect([partition.findings, others, faults]).toEqual([[], [], []])
      const ours = writeNvs(factoryEntries(data as FactoryData), { size: image.length, version: 2, keys })
      expect(Buffer.from(ours).equals(image)).toBe(true)
    },
  )

  test('all options are found', () => {
    expect(readFactory(readNvs(run('all_options').image).entries).data).toMatchObject({
      vendorId: 0xfff2,
      productId: 0x8001,
      vendorName: 'V',
      hardwareVersion: 3,
      manufacturingDate: '2026-11-24',
      calendarTypes: 48,
      locales: ['en-US', 'fr-FR'],
      fixedLabels: [
        { endpoint: 0, label: 'orientation', value: 'up' },
        { endpoint: 10, label: 'room', value: 'bed' },
      ],
      supportedModes: [
        {
          endpoint: 1,
          label: 'label1',
          mode: 0,
          tags: [
            { value: 1, manufacturerCode: 0x8000 },
            { value: 2, manufacturerCode: 0x8000 },
          ],
        },
        { endpoint: 1, label: 'label2', mode: 1, tags: [] },
      ],
      mqttHost: 'mqtt.example.com',
    })
  })

  test('whatever is given is read back', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const partition = readNvs(writeNvs(factoryEntries(data), { size: 0x10000, version: 2 }))
        const found = readFactory(partition.entries)
        expect(plain(found.data)).toEqual(plain(data))
        expect([found.others, found.faults]).toEqual([[], []])
      }),
      { numRuns: 40 },
    )
  })

  test('what is not given leaves no key', () => {
    expect(factoryEntries(least).map((entry) => entry.key)).toEqual(['vendor-id', 'product-id'])
  })

  test('without a verifier, for a passcode made on the device, salt and iterations stay', () => {
    const keys = factoryEntries({ ...least, salt: new Uint8Array(32), iterations: 10_000 }).map((entry) => entry.key)
    expect(keys).toEqual(['iteration-count', 'salt', 'vendor-id', 'product-id'])
  })

  test.each<[string, Partial<FactoryData>, RegExp]>([
    ['vendorId', { vendorId: 0 }, /^vendor ID 0 is not allowed; 1 to 65535 are/u],
    ['discriminator', { discriminator: 4096 }, /^discriminator 4096 is not allowed; 0 to 4095 are/u],
    ['iterations', { iterations: 999 }, /^iteration count 999/u],
    ['hardwareVersion', { hardwareVersion: 1.5 }, /^hardware version 1\.5/u],
    ['productFinish', { productFinish: 6 }, /0 to 5 are/u],
    ['productColor', { productColor: 21 }, /0 to 20 are/u],
    ['verifier', { verifier: new Uint8Array(96) }, /^the verifier has 96 bytes; 97 is allowed/u],
    ['salt', { salt: new Uint8Array(33) }, /^the salt has 33 bytes; 16 to 32 are allowed/u],
    ['vendorName', { vendorName: 'ä'.repeat(17) }, /^the vendor name has 34 bytes; 0 to 32/u],
    ['productName', { productName: '☃'.repeat(11) }, /^the product name has 33 bytes/u],
    ['serialNumber', { serialNumber: '' }, /^the serial number has 0 bytes; 1 to 32/u],
    ['serialNumber', { serialNumber: 'x'.repeat(33) }, /33 bytes/u],
    ['manufacturingDate', { manufacturingDate: '2026-11-24-ABCDEF' }, /17 bytes; 8 to 16/u],
    ['manufacturingDate', { manufacturingDate: '2026-02-30' }, /begins with no date; YYYY-MM-DD/u],
    ['manufacturingDate', { manufacturingDate: 'tomorrow' }, /begins with no date/u],
    ['rotatingId', { rotatingId: new Uint8Array(15) }, /15 bytes; 16 to 32/u],
    ['productUrl', { productUrl: 'x'.repeat(257) }, /257 bytes; 0 to 256/u],
    ['locales', { locales: ['x'.repeat(36)] }, /36 bytes; 1 to 35/u],
    ['fixedLabels', { fixedLabels: [{ endpoint: 0, label: 'x'.repeat(17), value: 'y' }] }, /17 bytes; 1 to 16/u],
    [
      'fixedLabels',
      { fixedLabels: [{ endpoint: 65536, label: 'x', value: 'y' }] },
      /endpoint of fixed label 'x' 65536/u,
    ],
    [
      'supportedModes',
      { supportedModes: [{ endpoint: 1, label: 'm', mode: 256, tags: [] }] },
      /number of mode 'm' 256/u,
    ],
  ])('%s out of its limits is refused with its field', (field, changes, message) => {
    const write = () => factoryEntries({ ...least, ...changes })
    expect(write).toThrow(message)
    expect(write).toThrow(expect.objectContaining({ name: 'FactoryDataError', field }))
    expect(write).toThrow(FactoryDataError)
  })

  test('a key that its endpoint and counts make too long for NVS is refused before anything is written', () => {
    const withTags = (length: number) => () => {
      const tags = Array.from({ length }, () => ({ value: 1, manufacturerCode: 1 }))
      return factoryEntries({ ...least, supportedModes: [{ endpoint: 0x1000, label: 'm', mode: 0, tags }] })
    }
    expect(withTags(16)).not.toThrow()
    expect(withTags(17)).toThrow(/key 'st-mfg\/1000\/0\/10' would have 16 bytes; NVS allows 15/u)
  })

  test('what the firmware would not understand is named, what it does not know is left over', () => {
    const namespace = 'chip-factory'
    const { data, others, faults } = readFactory(
      placed([
        { namespace, key: 'discriminator', type: 'u16', value: 5 },
        { namespace, key: 'salt', type: 'string', value: 'no base64!' },
        { namespace, key: 'locale-sz', type: 'u32', value: 0xffffffff },
        { namespace, key: 'locale/0', type: 'string', value: 'en-US' },
        { namespace, key: 'my-key', type: 'u8', value: 1 },
        { namespace: 'mine', key: 'vendor-id', type: 'u32', value: 1 },
      ]),
    )
    expect(data).toEqual({ locales: ['en-US'] })
    expect(faults).toEqual([
      "key 'discriminator' is of type u16; the firmware expects u32",
      "key 'salt' holds no Base64 text",
      "key 'locale-sz' says 4294967295, but only 1 are there",
    ])
    expect(others.map(({ namespace: name, key }) => `${name}/${key}`)).toEqual([
      'chip-factory/my-key',
      'mine/vendor-id',
    ])
  })

  test('any entries give an answer', () => {
    const key = fc.constantFrom(
      'vendor-id',
      'salt',
      'locale-sz',
      'fl-sz/1',
      'fl-k/1/0',
      'fl-v/1/0',
      'sm-sz/1',
      'sm-mode/1/0',
      'sm-st-sz/1/0',
      'dac-cert',
    )
    const value = fc.oneof(
      fc.nat(0xffffffff).map((number) => ({ type: 'u32' as const, value: number })),
      fc.string().map((words) => ({ type: 'string' as const, value: words })),
      bytes(0, 5).map((blob) => ({ type: 'blob' as const, value: blob })),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 20 }), (list) => {
        const entries = placed(
          list.map(([name, content]): NvsEntry => ({ namespace: 'chip-factory', key: name, ...content })),
        )
        expect(readFactory(entries).others.length).toBeLessThan(entries.length + 1)
      }),
    )
  })
})
