/** DACs that were bought or made elsewhere: read with their keys, and checked against the PAI and the product. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { readCsvText } from '../espressif/nvs-csv-text.ts'
import { attestationVerifier } from '../matter/attestation-chain.ts'
import type { AttestationFault } from '../matter/certificate-format.ts'
import { readCertificate, type AttestationCertificate } from '../matter/certificate-read.ts'
import { readKeyFile } from '../matter/key-file.ts'
import { KeyError, type KeyPair } from '../matter/key-pair.ts'
import type { Authority, Product } from './attestation-input.ts'
import { GenerationError } from './generation-error.ts'
import { asInput, readInput } from './input-file.ts'
import type { Dac } from './plan.ts'

/** What a DAC is checked against, made once for all of them. */
export interface DacCheck {
  readonly product: Product
  /** Of encrypted keys. */
  readonly password: string | undefined
  /** Every rule that a DAC breaks by itself or under its PAI. */
  faultsOf(dac: Uint8Array): readonly AttestationFault[]
}

export const dacCheck = (
  { pai, paa }: Pick<Authority, 'pai' | 'paa'>,
  product: Product,
  password: string | undefined,
  now: Date,
): DacCheck => {
  const verify = attestationVerifier({ pai: pai.der, paa })
  return { product, password, faultsOf: (dac) => verify(dac, now).filter(({ certificate }) => certificate === 'dac') }
}

/** Where a table or a folder of DACs was named, for an error; empty when its path says enough. */
type Named = '--dacs' | ''

const at = (named: Named, place: string): string => (named === '' ? place : `${named} ${place}`)

const id = (value: number | undefined): string =>
  value === undefined ? 'none' : `0x${value.toString(16).toUpperCase().padStart(4, '0')}`

const checked = (where: string, certificate: AttestationCertificate, key: KeyPair, check: DacCheck): Dac => {
  const { product } = check
  if (Buffer.compare(certificate.publicKey, key.publicKey) !== 0)
    throw new GenerationError(`${where}: the key does not belong to the DAC; give the key of the same device`)
  const faults = check.faultsOf(certificate.der)
  if (faults.length > 0) throw new GenerationError(`${where}: ${faults.map(({ message }) => message).join('; ')}`)
  if (certificate.vendorId !== product.vendorId || certificate.productId !== product.productId)
    throw new GenerationError(
      `${where}: the DAC is of vendor ${id(certificate.vendorId)} and product ${id(certificate.productId)}; ` +
        `${id(product.vendorId)} and ${id(product.productId)} are needed`,
    )
  return { certificate: certificate.der, privateKey: key.privateKey, publicKey: key.publicKey }
}

/** One DAC and its key from two files. @throws GenerationError that begins with `where` */
export const readDac = (where: string, certificateFile: string, keyFile: string, check: DacCheck): Dac => {
  const certificate = asInput(where, () => readCertificate(readInput(where, certificateFile), certificateFile))
  const { key } = asInput(where, () => readKeyFile(readInput(where, keyFile), keyFile, check.password))
  return checked(`${where} ${certificateFile}`, certificate, key, check)
}

const COLUMNS = ['dac-cert', 'dac-key'] as const

/** A row of a table: the files of one DAC and of its key. */
interface TableRow {
  readonly where: string
  readonly certificate: string
  readonly key: string
}

const rowsOfTable = (path: string, named: Named): TableRow[] => {
  const [header, ...rows] = asInput(named, () => readCsvText(readInput(named, path).toString('utf8'), path))
  const places = COLUMNS.map((name) => header?.findIndex(({ text }) => text.trim() === name) ?? -1)
  if (places.includes(-1)) throw new GenerationError(`${at(named, path)}:1: the header must hold dac-cert and dac-key`)
  return rows.map((row) => {
    const [certificate, key] = places.map((place) => row[place])
    if (!certificate?.text || !key?.text)
      throw new GenerationError(`${at(named, path)}:${row[0]?.line}: a row needs the files of a DAC and of its key`)
    const beside = (file: string): string => (existsSync(file) ? file : resolve(dirname(path), file))
    return {
      where: `${at(named, path)}:${certificate.line}:${certificate.column}:`,
      certificate: beside(certificate.text),
      key: beside(key.text),
    }
  })
}

const ENDINGS = ['.pem', '.der', '.crt', '.cer', '.key', '.bin', '.p12', '.pfx']

interface Found {
  readonly keys: Map<string, KeyPair>
  readonly certificates: Map<string, { certificate: AttestationCertificate; file: string }>
  /** Files that should hold a key and could not be read: a password that is wrong, most of the time. */
  readonly unread: string[]
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const look = (file: string, password: string | undefined, found: Found, named: Named): void => {
  const bytes = readInput(named, file)
  const keep = (der: Uint8Array): boolean => {
    try {
      const certificate = readCertificate(der, file)
      // A PAI that lies beside its DACs is no DAC.
      if (!certificate.isAuthority) found.certificates.set(hex(certificate.der), { certificate, file })
      return true
    } catch {
      return false
    }
  }
  if (keep(bytes) && !bytes.includes('PRIVATE KEY')) return
  try {
    const { key, certificates } = readKeyFile(bytes, file, password)
    found.keys.set(hex(key.publicKey), key)
    for (const der of certificates) keep(der)
  } catch (error) {
    if (!(error instanceof KeyError)) throw error
    found.unread.push(error.message)
  }
}

const filesOfFolder = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ENDINGS.includes(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()

/** Every certificate and every key of a folder, whatever the files are called: they find each other by the public key. */
const fromFolder = (path: string, check: DacCheck, named: Named): Dac[] => {
  const found: Found = { keys: new Map(), certificates: new Map(), unread: [] }
  for (const file of filesOfFolder(path)) look(file, check.password, found, named)
  return [...found.certificates.values()].map(({ certificate, file }) => {
    const key = found.keys.get(hex(certificate.publicKey))
    const unread = found.unread.length > 0 ? `; not readable: ${found.unread.slice(0, 3).join('; ')}` : ''
    if (!key) throw new GenerationError(`${at(named, file)}: no file of ${path} holds the key of this DAC${unread}`)
    return checked(at(named, file), certificate, key, check)
  })
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/**
 * The files that `readDacs` reads.
 *
 * @throws GenerationError where a table of them cannot be read
 */
export const dacFiles = (path: string, named: Named): string[] =>
  isFolder(path)
    ? filesOfFolder(path)
    : [path, ...rowsOfTable(path, named).flatMap(({ certificate, key }) => [certificate, key])]

/**
 * All DACs of a folder or of a CSV file with the columns dac-cert and dac-key, in their order, each once.
 *
 * @throws GenerationError naming the file, and the row where there is one
 */
export const readDacs = (path: string, check: DacCheck, named: Named): Dac[] => {
  const dacs = isFolder(path)
    ? fromFolder(path, check, named)
    : rowsOfTable(path, named).map(({ where, certificate, key }) => readDac(where, certificate, key, check))
  const seen = new Map<string, number>()
  for (const [index, { publicKey }] of dacs.entries()) {
    const name = hex(publicKey)
    const before = seen.get(name)
    if (before !== undefined)
      throw new GenerationError(
        `${at(named, path)}: DACs ${before + 1} and ${index + 1} have the same key; each may be used once`,
      )
    seen.set(name, index)
  }
  if (dacs.length === 0) throw new GenerationError(`${at(named, path)}: no DAC was found`)
  return dacs
}
