/** A folder that esp-matter-mfg-tool or `imprint generate` made: every device in it, decoded from its images and its codes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readFactory, type FoundFactoryData } from '../espressif/factory-partition-read.ts'
import { readCsvText } from '../espressif/nvs-csv-text.ts'
import { readNvsCsv } from '../espressif/nvs-csv.ts'
import { readNvsKeys } from '../espressif/nvs-keys.ts'
import { readNvs } from '../espressif/nvs-read.ts'
import { matterContentOf, type FoundSecureCert } from '../espressif/secure-cert-matter.ts'
import { readSecureCert } from '../espressif/secure-cert-read.ts'
import { readCertificate } from '../matter/certificate-read.ts'
import { readPrivateKeyFile } from '../matter/private-key-read.ts'
import { verifierMatches } from '../matter/spake2p.ts'
import { GenerationError } from './generation-error.ts'
import { knownCodes, type Placed } from './imported-codes.ts'
import type { ImportedUnit } from './imported-unit.ts'
import { asInput } from './input-file.ts'

const PARTITION_CSV = join('internal', 'partition.csv')
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu

const namesIn = (folder: string): string[] => readdirSync(folder).toSorted()

/** Devices' folders below, in the order of their names; what is being made or was rescued is none. */
const deviceFolders = (folder: string): string[] => {
  const names = namesIn(folder)
  if (names.some((name) => name.endsWith('-partition.bin')) || existsSync(join(folder, PARTITION_CSV))) return [folder]
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'staging')
    .map(({ name }) => name)
    .toSorted()
    .flatMap((name) => deviceFolders(join(folder, name)))
}

const fileIn = (folder: string, ending: string, butNot?: string): string | undefined => {
  const name = namesIn(folder).find((one) => one.endsWith(ending) && (butNot === undefined || !one.endsWith(butNot)))
  return name === undefined ? undefined : join(folder, name)
}

const fromImage = (path: string, keysPath: string | undefined): FoundFactoryData =>
  asInput(`${path}:`, () => {
    const keys = keysPath === undefined ? undefined : readNvsKeys(readFileSync(keysPath), keysPath)
    const { entries, findings } = readNvs(readFileSync(path), keys)
    const wrong = findings.find(({ severity }) => severity === 'error')
    if (wrong) throw new GenerationError(`${path}: ${wrong.message}`)
    const { data, faults } = readFactory(entries)
    if (faults[0] !== undefined) throw new GenerationError(`${path}: ${faults[0]}`)
    return data
  })

/** Without an image there is the CSV from which one can be made; the files that it names may have moved with the folder. */
const fromCsv = (folder: string): FoundFactoryData => {
  const path = join(folder, PARTITION_CSV)
  return asInput('', () => {
    const items = readNvsCsv(readFileSync(path, 'utf8'), path, (name) => {
      const moved = join(folder, 'internal', basename(name.replaceAll('\\', '/')))
      if (existsSync(moved)) return readFileSync(moved)
      return existsSync(name) ? readFileSync(name) : new Uint8Array(0)
    })
    return readFactory(
      items.flatMap(({ item }, entry) => (item.type === 'namespace' ? [] : [{ ...item, page: 0, entry }])),
    ).data
  })
}

const secureCertOf = (folder: string): FoundSecureCert | undefined => {
  const path = fileIn(folder, '_esp_secure_cert.bin')
  if (path === undefined) return undefined
  return asInput(`${path}:`, () => {
    const { entries, findings } = readSecureCert(readFileSync(path))
    const wrong = findings.find(({ severity }) => severity === 'error')
    if (wrong) throw new GenerationError(`${path}: ${wrong.message}`)
    return matterContentOf(entries)
  })
}

const dacOf = (
  folder: string,
  { attestation }: FoundFactoryData,
  secureCert: FoundSecureCert | undefined,
): ImportedUnit['dac'] => {
  const certificate = attestation?.dacCertificate ?? secureCert?.dacCertificate
  if (!certificate || certificate.length === 0) return undefined
  const read = asInput(`${folder}:`, () => readCertificate(certificate, 'the DAC'))
  const stored = attestation?.dacPrivateKey ?? secureCert?.privateKey
  const base = { certificate: read.der, publicKey: read.publicKey }
  if (!stored || stored.length === 0) return base
  const { privateKey, publicKey } = asInput(`${folder}:`, () => readPrivateKeyFile(stored, 'the key of the DAC'))
  if (Buffer.compare(publicKey, read.publicKey) !== 0)
    throw new GenerationError(`${folder}: the private key is not that of the DAC; the device could not be attested`)
  return { ...base, privateKey }
}

/** The one row of `…-onb_codes.csv`. */
const codesIn = (path: string | undefined): ReadonlyMap<string, Placed<string>> => {
  if (path === undefined) return new Map()
  const [header, row] = asInput('', () => readCsvText(readFileSync(path, 'utf8'), path))
  return new Map(
    (header ?? []).flatMap(({ text }, index) => {
      const field = row?.[index]
      return field
        ? [[text.trim(), { value: field.text, where: `${path}:${field.line}:${field.column}` }] as const]
        : []
    }),
  )
}

const numberOf = (source: Placed<string> | undefined): Placed<number> | undefined =>
  source && /^\d+$/u.test(source.value) ? { ...source, value: Number(source.value) } : undefined

const readDevice = (folder: string): ImportedUnit => {
  const keys = fileIn(folder, '-keys-partition.bin')
  const partition = fileIn(folder, '-partition.bin', '-keys-partition.bin')
  const data = partition === undefined ? fromCsv(folder) : fromImage(partition, keys)
  const secureCert = secureCertOf(folder)
  const source = partition ?? join(folder, PARTITION_CSV)
  const stated = codesIn(fileIn(folder, '-onb_codes.csv'))
  const placed = <T>(value: T | undefined): Placed<T> | undefined =>
    value === undefined ? undefined : { value, where: source }
  const discriminator = data.discriminator ?? secureCert?.discriminator
  const salt = data.salt ?? secureCert?.salt
  const verifier = data.verifier ?? secureCert?.verifier
  const iterations = data.iterations ?? secureCert?.iterations
  const codes = knownCodes({
    qrCode: stated.get('qrcode'),
    manualCode: stated.get('manualcode'),
    passcode: numberOf(stated.get('passcode')),
    discriminators: [placed(discriminator), numberOf(stated.get('discriminator'))],
    vendorId: placed(data.vendorId),
    productId: placed(data.productId),
  })
  if (codes.passcode !== undefined && salt && verifier && iterations !== undefined)
    if (!asInput(`${source}:`, () => verifierMatches(verifier, { passcode: codes.passcode ?? 0, salt, iterations })))
      throw new GenerationError(
        `${source}: the verifier is not that of the passcode on the label; label and device disagree`,
      )
  const name = basename(folder)
  return {
    ...codes,
    place: folder,
    id: UUID.test(name) ? name.toLowerCase() : undefined,
    mac: undefined,
    serial: data.serialNumber,
    iterations,
    salt,
    verifier,
    rotatingId: data.rotatingId ?? secureCert?.rotatingId,
    dac: dacOf(folder, data, secureCert),
    qrCode: stated.get('qrcode')?.value,
    manualCode: stated.get('manualcode')?.value,
  }
}

/** @throws GenerationError naming the folder or the file */
export const readOutputFolder = (folder: string): ImportedUnit[] => {
  const found = deviceFolders(folder)
  if (found.length === 0)
    throw new GenerationError(`${folder}: no device was found; a folder that esp-matter-mfg-tool made is needed`)
  return found.map(readDevice)
}
