/**
 * The manufacturing partition of a Matter device: which NVS keys hold what, in the order in which esp-matter-mfg-tool writes them
 * (esp-matter, 'Manufacturing partition', https://docs.espressif.com/projects/esp-matter/en/latest/esp32/production.html).
 */
import { checkFactoryData, checkFactoryKey } from './factory-partition-check.ts'
import type { FactoryData, FixedLabel, SupportedMode } from './factory-partition-data.ts'
import type { NvsEntry } from './nvs-entry.ts'

export type { FactoryAttestation, FactoryData, FixedLabel, SupportedMode } from './factory-partition-data.ts'

export const FACTORY_NAMESPACES = { factory: 'chip-factory', config: 'chip-config', rainmaker: 'rmaker_creds' } as const
const hex = (value: number): string => value.toString(16)
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

type Put = (key: string, value: number | string | Uint8Array | undefined) => void

const byEndpoint = <T extends { readonly endpoint: number }>(items: readonly T[]): Map<number, T[]> =>
  Map.groupBy(items, (item) => item.endpoint)

const putFixedLabels = (put: Put, labels: readonly FixedLabel[]): void => {
  for (const [endpoint, list] of byEndpoint(labels)) {
    put(`fl-sz/${hex(endpoint)}`, list.length)
    for (const [index, { label, value }] of list.entries()) {
      put(`fl-k/${hex(endpoint)}/${hex(index)}`, label)
      put(`fl-v/${hex(endpoint)}/${hex(index)}`, value)
    }
  }
}

const putSupportedModes = (put: Put, modes: readonly SupportedMode[]): void => {
  for (const [endpoint, list] of byEndpoint(modes)) {
    put(`sm-sz/${hex(endpoint)}`, list.length)
    for (const [index, { label, mode, tags }] of list.entries()) {
      const at = `${hex(endpoint)}/${hex(index)}`
      put(`sm-label/${at}`, label)
      put(`sm-mode/${at}`, mode)
      put(`sm-st-sz/${at}`, tags.length)
      for (const [tagIndex, { value, manufacturerCode }] of tags.entries()) {
        put(`st-v/${at}/${hex(tagIndex)}`, value)
        put(`st-mfg/${at}/${hex(tagIndex)}`, manufacturerCode)
      }
    }
  }
}

/**
 * The NVS entries of a device's manufacturing partition, in the incumbent's order. Numbers are u32, salt and verifier Base64 text.
 *
 * @throws FactoryDataError for a value that the firmware could not use
 */
export const factoryEntries = (data: FactoryData): NvsEntry[] => {
  checkFactoryData(data)
  const entries: NvsEntry[] = []
  const putIn =
    (namespace: string): Put =>
    (key, value) => {
      checkFactoryKey(key)
      if (typeof value === 'number') entries.push({ namespace, key, type: 'u32', value })
      else if (typeof value === 'string') entries.push({ namespace, key, type: 'string', value })
      else if (value) entries.push({ namespace, key, type: 'blob', value })
    }
  const put = putIn(FACTORY_NAMESPACES.factory)
  put('discriminator', data.discriminator)
  put('iteration-count', data.iterations)
  put('salt', data.salt && base64(data.salt))
  put('vendor-id', data.vendorId)
  put('vendor-name', data.vendorName)
  put('product-id', data.productId)
  put('product-name', data.productName)
  put('hardware-ver', data.hardwareVersion)
  put('hw-ver-str', data.hardwareVersionString)
  put('mfg-date', data.manufacturingDate)
  put('rd-id-uid', data.rotatingId)
  put('product-finish', data.productFinish)
  put('product-color', data.productColor)
  put('part-number', data.partNumber)
  put('serial-num', data.serialNumber)
  put('dac-cert', data.attestation?.dacCertificate)
  put('dac-key', data.attestation?.dacPrivateKey)
  put('dac-pub-key', data.attestation?.dacPublicKey)
  put('pai-cert', data.attestation?.paiCertificate)
  put('verifier', data.verifier && base64(data.verifier))
  put('cert-dclrn', data.certificationDeclaration)
  put('cal-types', data.calendarTypes)
  if (data.locales) {
    put('locale-sz', data.locales.length)
    for (const [index, locale] of data.locales.entries()) put(`locale/${hex(index)}`, locale)
  }
  putFixedLabels(put, data.fixedLabels ?? [])
  putSupportedModes(put, data.supportedModes ?? [])
  put('product-label', data.productLabel)
  put('product-url', data.productUrl)
  put('loc-capability', data.locationCapability)
  putIn(FACTORY_NAMESPACES.config)('unique-id', data.uniqueId)
  putIn(FACTORY_NAMESPACES.rainmaker)('mqtt_host', data.mqttHost)
  return entries
}
