/** Where an order's DACs come from: a PAI with its key, or DACs that were bought under it. Checked before any slot starts. */
import { readFile } from 'node:fs/promises'
import { verifyAttestationChain } from '../matter/attestation-chain.ts'
import type { AttestationFault } from '../matter/certificate-format.ts'
import { readCertificate, type AttestationCertificate } from '../matter/certificate-read.ts'
import { idText, NO_EXPIRY } from '../matter/certificate-issue.ts'
import { readKeyFile } from '../matter/key-file.ts'
import type { KeyPair } from '../matter/key-pair.ts'
import type { Dac } from '../generation/plan.ts'
import { readBoughtDacs } from './bought-dacs.ts'
import type { BoughtDacsRequest } from './bought-dacs-worker.ts'

/** Why a PAI cannot be used: which file, and what to do. */
export class AttestationSourceError extends Error {
  readonly code: 'missing' | 'malformed' | 'not-authority' | 'key-differs' | 'expired' | 'vendor' | 'product' | 'dacs'
  constructor(code: AttestationSourceError['code'], message: string) {
    super(message)
    this.name = 'AttestationSourceError'
    this.code = code
  }
}

/** Each is used once. */
export interface BoughtDacs {
  readonly kind: 'bought'
  /** Where they lie. */
  readonly path: string
  readonly all: readonly Dac[]
}

export interface AttestationSource {
  readonly certificate: AttestationCertificate
  readonly dacs: { readonly kind: 'signed'; readonly key: KeyPair } | BoughtDacs
  /** DACs may be valid so long. */
  readonly validTo: Date
}

/**
 * signed: the file of the PAI's key (SEC1 or PKCS#8 in PEM or DER, encrypted or not, or PKCS#12); bought: the folder or table of DACs
 * that the PAI's owner has signed.
 */
export type DacOrigin =
  { readonly kind: 'signed'; readonly key: string } | { readonly kind: 'bought'; readonly path: string }

export interface AttestationFiles {
  /** PEM or DER. */
  readonly paiCertificate: string
  readonly dacs: DacOrigin
  /** Of an encrypted key, be it the PAI's or those of the DACs. */
  readonly password?: string | undefined
}

const read = async (file: string, what: string): Promise<Uint8Array> => {
  try {
    return await readFile(file)
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES'
    throw new AttestationSourceError(
      'missing',
      denied
        ? `${file}: ${what} may not be read by this user; give it access`
        : `${file}: ${what} is missing; give its path`,
    )
  }
}

const sentence = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw new AttestationSourceError('malformed', error instanceof Error ? error.message : String(error))
  }
}

/** Faults of a certificate that may not sign DACs at all, whatever else is right about it. */
const NO_AUTHORITY: ReadonlySet<AttestationFault['code']> = new Set(['basic-constraints', 'path-length', 'key-usage'])
/** Told with more to say by `loadAttestationSource`: the product's vendor, and today's date, are known there. */
const TOLD_BELOW: ReadonlySet<AttestationFault['code']> = new Set(['vendor-missing', 'not-valid-at-issuance'])

/** Every rule for a PAI that this one breaks, in one error. */
const checkPai = (certificate: AttestationCertificate, file: string, now: Date): void => {
  const faults = verifyAttestationChain({ pai: certificate.der }, now).filter(({ code }) => !TOLD_BELOW.has(code))
  if (faults.length > 0)
    throw new AttestationSourceError(
      faults.some(({ code }) => NO_AUTHORITY.has(code)) ? 'not-authority' : 'malformed',
      `${file}: ${faults.map(({ message }) => message).join('; ')}; get a PAI that follows the Matter specification`,
    )
}

/** Vendor IDs that the specification sets aside for tests (Matter core specification, section 2.5.2). */
export const isTestVendor = (vendorId: number): boolean => vendorId >= 0xfff1 && vendorId <= 0xfff4

interface Product {
  readonly vendorId: number
  readonly productId: number
}

/** Every rule for a PAI, and those that the product and today's date bring. @throws AttestationSourceError */
const refuseUnfit = (certificate: AttestationCertificate, file: string, product: Product, now: Date): void => {
  if (!certificate.isAuthority)
    throw new AttestationSourceError(
      'not-authority',
      `${file} is not the certificate of an authority; give a PAI, not a DAC`,
    )
  checkPai(certificate, file, now)
  if (now > certificate.notAfter || now < certificate.notBefore)
    throw new AttestationSourceError(
      'expired',
      now > certificate.notAfter
        ? `${file} expired on ${certificate.notAfter.toISOString().slice(0, 10)}; get a new PAI`
        : `${file} is valid from ${certificate.notBefore.toISOString().slice(0, 10)} on only; check this computer's clock`,
    )
  if (certificate.vendorId !== product.vendorId)
    throw new AttestationSourceError(
      'vendor',
      `${file} names vendor ${certificate.vendorId === undefined ? 'none' : idText(certificate.vendorId)}, ` +
        `the product has ${idText(product.vendorId)}; use the PAI of this vendor`,
    )
  if (certificate.productId !== undefined && certificate.productId !== product.productId)
    throw new AttestationSourceError(
      'product',
      `${file} is for product ${idText(certificate.productId)}, the order's is ${idText(product.productId)}; ` +
        'use the PAI of this product',
    )
}

const keyOf = async (
  file: string,
  password: string | undefined,
  certificate: AttestationCertificate,
  certificateFile: string,
): Promise<KeyPair> => {
  const bytes = await read(file, 'the key of the PAI')
  const { key } = sentence(() => readKeyFile(bytes, file, password))
  if (Buffer.compare(certificate.publicKey, key.publicKey) !== 0)
    throw new AttestationSourceError(
      'key-differs',
      `${file} is not the key of ${certificateFile}; give the key that belongs to this PAI`,
    )
  return key
}

const readBought = async (request: BoughtDacsRequest): Promise<BoughtDacs> => {
  const answer = await readBoughtDacs(request)
  if ('fault' in answer) throw new AttestationSourceError('dacs', answer.fault)
  return { kind: 'bought', path: request.path, all: answer.dacs }
}

/**
 * Reads a PAI, and its key or the DACs under it, and checks that devices of this product can be made with them now.
 *
 * @throws AttestationSourceError
 */
export const loadAttestationSource = async (
  { paiCertificate: file, dacs, password }: AttestationFiles,
  product: Product,
  now: Date,
): Promise<AttestationSource> => {
  const bytes = await read(file, 'the PAI certificate')
  const certificate = sentence(() => readCertificate(bytes, file))
  refuseUnfit(certificate, file, product, now)
  return {
    certificate,
    dacs:
      dacs.kind === 'signed'
        ? { kind: 'signed', key: await keyOf(dacs.key, password, certificate, file) }
        : await readBought({ path: dacs.path, pai: certificate.der, product, password, now }),
    validTo: certificate.notAfter > NO_EXPIRY ? NO_EXPIRY : certificate.notAfter,
  }
}
