/** DACs that were bought or made elsewhere: read with their keys, and checked against the PAI and the product. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { readCsvText } from '../espressif/nvs-csv-text.ts'
import { verifyAttestationChain } from '../matter/attestation-chain.ts'
import { readCertificate, type AttestationCertificate } from '../matter/certificate-read.ts'
import { readKeyFile } from '../matter/key-file.ts'
import { KeyError, type KeyPair } from '../matter/key-pair.ts'
import type { Authority, Product } from './attestation-input.ts'
import { GenerationError } from './generation-error.ts'
import { asInput, readInput } from './input-file.ts'
import type { Dac } from './plan.ts'

export interface DacCheck {
  readonly authority: Authority
  readonly product: Product
  readonly password: string | undefined
  readonly now: Date
}

/** Where a table or a folder of DACs was named: begins an error; empty when its path says enough. */
type Named = '--dacs ' | ''

const id = (value: number | undefined): string =>
  value === undefined ? 'none' : `0x${value.toString(16).toUpperCase().padStart(4, '0')}`

const checked = (where: string, certificate: AttestationCertificate, key: KeyPair, check: DacCheck): Dac => {
  const { authority, product, now } = check
  if (Buffer.compare(certificate.publicKey, key.publicKey) !== 0)
    throw new GenerationError(`${where}: the key does not belong to the DAC; give the key of the same device`)
  const faults = verifyAttestationChain({ dac: certificate.der, pai: authority.pai.der, paa: authority.paa }, now)
  const own = faults.filter(({ certificate: which }) => which === 'dac')
  if (own.length > 0) throw new GenerationError(`${where}: ${own.map(({ message }) => message).join('; ')}`)
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

const fromTable = (path: string, check: DacCheck, named: Named): Dac[] => {
  const [header, ...rows] = asInput(named.trim(), () =>
    readCsvText(readInput(named.trim(), path).toString('utf8'), path),
  )
  const places = COLUMNS.map((name) => header?.findIndex(({ text }) => text.trim() === name) ?? -1)
  if (places.includes(-1)) throw new GenerationError(`${named}${path}:1: the header must hold dac-cert and dac-key`)
  return rows.map((row) => {
    const [certificate, key] = places.map((place) => row[place])
    if (!certificate?.text || !key?.text)
      throw new GenerationError(`${named}${path}:${row[0]?.line}: a row needs the files of a DAC and of its key`)
    const beside = (file: string): string => (existsSync(file) ? file : resolve(dirname(path), file))
    return readDac(
      `${named}${path}:${certificate.line}:${certificate.column}:`,
      beside(certificate.text),
      beside(key.text),
      check,
    )
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
  const bytes = readInput(named.trim(), file)
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

/** Every certificate and every key of a folder, whatever the files are called: they find each other by the public key. */
const fromFolder = (path: string, check: DacCheck, named: Named): Dac[] => {
  const found: Found = { keys: new Map(), certificates: new Map(), unread: [] }
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ENDINGS.includes(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  for (const file of files) look(file, check.password, found, named)
  return [...found.certificates.values()].map(({ certificate, file }) => {
    const key = found.keys.get(hex(certificate.publicKey))
    const unread = found.unread.length > 0 ? `; not readable: ${found.unread.slice(0, 3).join('; ')}` : ''
    if (!key) throw new GenerationError(`${named}${file}: no file of ${path} holds the key of this DAC${unread}`)
    return checked(`${named}${file}`, certificate, key, check)
  })
}

/**
 * All DACs of a folder or of a CSV file with the columns dac-cert and dac-key, in their order, each once.
 *
 * @throws GenerationError naming the file, and the row where there is one
 */
export const readDacs = (path: string, check: DacCheck, named: Named): Dac[] => {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory()
  const dacs = isFolder ? fromFolder(path, check, named) : fromTable(path, check, named)
  const seen = new Map<string, number>()
  for (const [index, { publicKey }] of dacs.entries()) {
    const name = hex(publicKey)
    const before = seen.get(name)
    if (before !== undefined)
      throw new GenerationError(
        `${named}${path}: DACs ${before + 1} and ${index + 1} have the same key; each may be used once`,
      )
    seen.set(name, index)
  }
  if (dacs.length === 0) throw new GenerationError(`${named}${path}: no DAC was found`)
  return dacs
}
