import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { factoryEntries, type FactoryData } from '../../src/main/espressif/factory-partition.ts'
import { readNvsCsv } from '../../src/main/espressif/nvs-csv.ts'
import { writeNvs } from '../../src/main/espressif/nvs-write.ts'

const vectors = new URL('../vectors/', import.meta.url)

/** A run of the incumbent, as the data that it was given. */
const load = (name: string): { data: FactoryData; image: Buffer } => {
  const product = new URL(`layout/${name}/fff2_8001/`, vectors)
  const id = readdirSync(product).find((entry) => /^[0-9a-f]{8}-/u.test(entry)) ?? ''
  const read = (path: string): Buffer => readFileSync(new URL(path, product))
  const places: Record<string, () => Buffer> = {
    'pai_cert.der': () => read('staging/pai_cert.der'),
    'Chip-Test-CD-FFF2-8001.der': () => readFileSync(new URL('certs/Chip-Test-CD-FFF2-8001.der', vectors)),
  }
  const csv = read(`${id}/internal/partition.csv`).toString()
  const items = readNvsCsv(csv, name, (path) => {
    const file = path.replace(/^.*\//u, '')
    return places[file]?.() ?? read(`${id}/internal/${file}`)
  })
  const value = (key: string): number | bigint | string | Uint8Array | undefined =>
    items.flatMap(({ item }) => (item.type !== 'namespace' && item.key === key ? [item.value] : []))[0]
  const text = (key: string): string | undefined => value(key) as string | undefined
  const count = (key: string): number | undefined => (value(key) === undefined ? undefined : Number(value(key)))
  const blob = (key: string): Uint8Array | undefined => value(key) as Uint8Array | undefined
  const need = (key: string): Uint8Array => blob(key) ?? new Uint8Array(0)
  const label = (endpoint: number, end: string) => ({
    endpoint,
    label: text(`fl-k/${end}/0`) ?? '',
    value: text(`fl-v/${end}/0`) ?? '',
  })
  const all = name === 'all_options'
  return {
    image: read(`${id}/${id}-partition.bin`),
    data: {
      vendorId: count('vendor-id') ?? 0,
      productId: count('product-id') ?? 0,
      discriminator: count('discriminator'),
      iterations: count('iteration-count'),
      salt: Buffer.from(text('salt') ?? '', 'base64'),
      verifier: Buffer.from(text('verifier') ?? '', 'base64'),
      vendorName: text('vendor-name'),
      productName: text('product-name'),
      hardwareVersion: count('hardware-ver'),
      hardwareVersionString: text('hw-ver-str'),
      manufacturingDate: text('mfg-date'),
      rotatingId: blob('rd-id-uid'),
      productFinish: count('product-finish'),
      productColor: count('product-color'),
      partNumber: text('part-number'),
      serialNumber: text('serial-num'),
      attestation: {
        dacCertificate: need('dac-cert'),
        dacPrivateKey: need('dac-key'),
        dacPublicKey: need('dac-pub-key'),
        paiCertificate: need('pai-cert'),
      },
      certificationDeclaration: blob('cert-dclrn'),
      calendarTypes: count('cal-types'),
      locales: all ? ['en-US', 'fr-FR'] : undefined,
      fixedLabels: all ? [label(0, '0'), label(10, 'a')] : undefined,
      supportedModes: all
        ? [
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
          ]
        : undefined,
      productLabel: text('product-label'),
      productUrl: text('product-url'),
      mqttHost: text('mqtt_host'),
    },
  }
}

describe('factory partition', () => {
  test.each(['basic', 'all_options'])('%s equals the incumbent, byte for byte', (name) => {
    const { data, image } = load(name)
    const ours = writeNvs(factoryEntries(data), { size: image.length, version: 2 })
    expect(Buffer.from(ours).equals(image)).toBe(true)
  })

  test('what is not given leaves no key', () => {
    const keys = factoryEntries({ vendorId: 0xfff1, productId: 0x8000 }).map((entry) => entry.key)
    expect(keys).toEqual(['vendor-id', 'product-id'])
  })
})
