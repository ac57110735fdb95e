/** A manufacturing partition read back into what it was made from (keys: `factory-partition.ts`). */
import { FACTORY_NAMESPACES } from './factory-partition.ts'
import type { FactoryAttestation, FactoryData, FixedLabel, SupportedMode } from './factory-partition-data.ts'
import type { NvsPlacedEntry } from './nvs-read.ts'

/** What could be found; a partition may lack any of it. */
export type FoundFactoryData = Partial<Omit<FactoryData, 'attestation'>> & {
  readonly attestation?: Partial<FactoryAttestation>
}

export interface FoundFactory {
  readonly data: FoundFactoryData
  /** What is in the partition beyond that: other keys, other namespaces. */
  readonly others: readonly NvsPlacedEntry[]
  /** Keys whose value is not what the firmware expects there, as sentences. */
  readonly faults: readonly string[]
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Takes values out of the entries, by key; what is never taken is left over. */
class Taker {
  readonly faults: string[] = []
  readonly #entries: Map<string, NvsPlacedEntry>
  readonly #taken = new Set<NvsPlacedEntry>()

  constructor(entries: readonly NvsPlacedEntry[]) {
    // The device takes the first of two with the same key.
    this.#entries = new Map(entries.toReversed().map((entry) => [`${entry.namespace}/${entry.key}`, entry]))
  }

  left(entries: readonly NvsPlacedEntry[]): NvsPlacedEntry[] {
    return entries.filter((entry) => !this.#taken.has(entry))
  }

  #take(key: string, namespace: string): NvsPlacedEntry | undefined {
    const entry = this.#entries.get(`${namespace}/${key}`)
    if (entry) this.#taken.add(entry)
    return entry
  }

  #wrong(key: string, found: string, needed: string): undefined {
    this.faults.push(`key '${key}' is of type ${found}; the firmware expects ${needed}`)
    return undefined
  }

  number(key: string): number | undefined {
    const entry = this.#take(key, FACTORY_NAMESPACES.factory)
    if (!entry) return undefined
    return entry.type === 'u32' ? Number(entry.value) : this.#wrong(key, entry.type, 'u32')
  }

  text(key: string, namespace: string = FACTORY_NAMESPACES.factory): string | undefined {
    const entry = this.#take(key, namespace)
    if (!entry) return undefined
    return entry.type === 'string' ? entry.value : this.#wrong(key, entry.type, 'string')
  }

  bytes(key: string): Uint8Array | undefined {
    const entry = this.#take(key, FACTORY_NAMESPACES.factory)
    if (!entry) return undefined
    return entry.type === 'blob' ? entry.value : this.#wrong(key, entry.type, 'blob')
  }

  base64(key: string): Uint8Array | undefined {
    const text = this.text(key)
    if (text === undefined) return undefined
    if (/^[A-Za-z0-9+/]+={0,2}$/u.test(text) && text.length % 4 === 0) return Buffer.from(text, 'base64')
    this.faults.push(`key '${key}' holds no Base64 text`)
    return undefined
  }

  /** Endpoints for which there is a count under this prefix. */
  endpoints(prefix: string): number[] {
    const pattern = new RegExp(`^${FACTORY_NAMESPACES.factory}/${prefix}/([0-9a-f]{1,4})$`, 'u')
    return [...this.#entries.keys()]
      .flatMap((key) => {
        const found = pattern.exec(key)?.[1]
        return found === undefined ? [] : [Number.parseInt(found, 16)]
      })
      .toReversed()
  }

  /** As many items as the count says, or fewer where one is missing. */
  list<T>(countKey: string, item: (index: string) => T | undefined): T[] | undefined {
    const count = this.number(countKey)
    if (count === undefined) return undefined
    const items: T[] = []
    while (items.length < count) {
      const found = item(items.length.toString(16))
      if (found === undefined) {
        this.faults.push(`key '${countKey}' says ${count}, but only ${items.length} are there`)
        break
      }
      items.push(found)
    }
    return items
  }
}

const labelsOf = (take: Taker): FixedLabel[] =>
  take.endpoints('fl-sz').flatMap((endpoint) => {
    const at = endpoint.toString(16)
    const labels = take.list(`fl-sz/${at}`, (index) => {
      const [label, value] = [take.text(`fl-k/${at}/${index}`), take.text(`fl-v/${at}/${index}`)]
      return label === undefined || value === undefined ? undefined : { endpoint, label, value }
    })
    return labels ?? []
  })

const modesOf = (take: Taker): SupportedMode[] =>
  take.endpoints('sm-sz').flatMap((endpoint) => {
    const at = endpoint.toString(16)
    const modes = take.list(`sm-sz/${at}`, (index): SupportedMode | undefined => {
      const [label, mode] = [take.text(`sm-label/${at}/${index}`), take.number(`sm-mode/${at}/${index}`)]
      const tags = take.list(`sm-st-sz/${at}/${index}`, (tag) => {
        const value = take.number(`st-v/${at}/${index}/${tag}`)
        const manufacturerCode = take.number(`st-mfg/${at}/${index}/${tag}`)
        return value === undefined || manufacturerCode === undefined ? undefined : { value, manufacturerCode }
      })
      return label === undefined || mode === undefined ? undefined : { endpoint, label, mode, tags: tags ?? [] }
    })
    return modes ?? []
  })

const attestationOf = (take: Taker): Partial<FactoryAttestation> | undefined => {
  const found = {
    dacCertificate: take.bytes('dac-cert'),
    dacPrivateKey: take.bytes('dac-key'),
    dacPublicKey: take.bytes('dac-pub-key'),
    paiCertificate: take.bytes('pai-cert'),
  }
  return present(found)
}

/** Without what is undefined; undefined when nothing is left. */
const present = <T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } | undefined => {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return entries.length > 0 ? (Object.fromEntries(entries) as ReturnType<typeof present<T>>) : undefined
}

/** @param entries of the whole partition, as `readNvs` gives them */
export const readFactory = (entries: readonly NvsPlacedEntry[]): FoundFactory => {
  const take = new Taker(entries)
  const labels = labelsOf(take)
  const modes = modesOf(take)
  const data: Mutable<FoundFactoryData> = {
    ...present({
      vendorId: take.number('vendor-id'),
      productId: take.number('product-id'),
      discriminator: take.number('discriminator'),
      iterations: take.number('iteration-count'),
      salt: take.base64('salt'),
      verifier: take.base64('verifier'),
      vendorName: take.text('vendor-name'),
      productName: take.text('product-name'),
      hardwareVersion: take.number('hardware-ver'),
      hardwareVersionString: take.text('hw-ver-str'),
      manufacturingDate: take.text('mfg-date'),
      rotatingId: take.bytes('rd-id-uid'),
      productFinish: take.number('product-finish'),
      productColor: take.number('product-color'),
      partNumber: take.text('part-number'),
      serialNumber: take.text('serial-num'),
      attestation: attestationOf(take),
      certificationDeclaration: take.bytes('cert-dclrn'),
      calendarTypes: take.number('cal-types'),
      locales: take.list('locale-sz', (index) => take.text(`locale/${index}`)),
      fixedLabels: labels.length > 0 ? labels : undefined,
      supportedModes: modes.length > 0 ? modes : undefined,
      productLabel: take.text('product-label'),
      productUrl: take.text('product-url'),
      locationCapability: take.number('loc-capability'),
      mqttHost: take.text('mqtt_host', FACTORY_NAMESPACES.rainmaker),
      uniqueId: take.text('unique-id', FACTORY_NAMESPACES.config),
    }),
  }
  return { data, others: take.left(entries), faults: take.faults }
}
