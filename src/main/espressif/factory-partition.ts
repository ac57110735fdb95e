/**
 * The manufacturing partition of a Matter device: which NVS keys hold what, in the order in which esp-matter-mfg-tool writes them
 * (esp-matter, 'Manufacturing partition', https://docs.espressif.com/projects/esp-matter/en/latest/esp32/production.html).
 */
import type { NvsEntry } from './nvs-entry.ts'

/** The attestation part: DER certificates, the key as a 32-byte scalar, the public key uncompressed (65 bytes). */
export interface FactoryAttestation {
  readonly dacCertificate: Uint8Array
  readonly dacPrivateKey: Uint8Array
  readonly dacPublicKey: Uint8Array
  readonly paiCertificate: Uint8Array
}

/** One selectable mode of a Mode Select cluster. */
export interface SupportedMode {
  readonly endpoint: number
  readonly label: string
  readonly mode: number
  readonly tags: readonly { readonly value: number; readonly manufacturerCode: number }[]
}

export interface FixedLabel {
  readonly endpoint: number
  readonly label: string
  readonly value: string
}

/** What one device's partition holds. Everything that is undefined leaves no key. */
export interface FactoryData {
  readonly vendorId: number
  readonly productId: number
  readonly discriminator?: number | undefined
  readonly iterations?: number | undefined
  /** 16 to 32 bytes. */
  readonly salt?: Uint8Array | undefined
  /** w0 ‖ L, 97 bytes. */
  readonly verifier?: Uint8Array | undefined
  readonly vendorName?: string | undefined
  readonly productName?: string | undefined
  readonly hardwareVersion?: number | undefined
  readonly hardwareVersionString?: string | undefined
  /** `YYYY-MM-DD`, at most 16 characters. */
  readonly manufacturingDate?: string | undefined
  /** 16 bytes or more. */
  readonly rotatingId?: Uint8Array | undefined
  readonly productFinish?: number | undefined
  readonly productColor?: number | undefined
  readonly partNumber?: string | undefined
  readonly serialNumber?: string | undefined
  readonly attestation?: FactoryAttestation | undefined
  /** CMS, DER. */
  readonly certificationDeclaration?: Uint8Array | undefined
  /** Bit 0 Buddhist … bit 11 Taiwanese. */
  readonly calendarTypes?: number | undefined
  readonly locales?: readonly string[] | undefined
  readonly fixedLabels?: readonly FixedLabel[] | undefined
  readonly supportedModes?: readonly SupportedMode[] | undefined
  readonly productLabel?: string | undefined
  readonly productUrl?: string | undefined
  readonly mqttHost?: string | undefined
}

const NAMESPACE = 'chip-factory'
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

/** The NVS entries of a device's manufacturing partition, in the incumbent's order. Numbers are u32, salt and verifier Base64 text. */
export const factoryEntries = (data: FactoryData): NvsEntry[] => {
  const entries: NvsEntry[] = []
  const putIn =
    (namespace: string): Put =>
    (key, value) => {
      if (typeof value === 'number') entries.push({ namespace, key, type: 'u32', value })
      else if (typeof value === 'string') entries.push({ namespace, key, type: 'string', value })
      else if (value) entries.push({ namespace, key, type: 'blob', value })
    }
  const put = putIn(NAMESPACE)
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
  putIn('rmaker_creds')('mqtt_host', data.mqttHost)
  return entries
}
