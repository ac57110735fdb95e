/** Where an order's DACs come from: a PAI with its key, or DACs that were bought under it. Checked before any slot starts. */
import { readFile } from 'node:fs/promises'
import { FaultError, faultOf } from '../fault-error.ts'
import { fileFault, type FileKind } from '../file-fault.ts'
import { verifyAttestationChain } from '../matter/attestation-chain.ts'
import type { AttestationFault } from '../matter/certificate-format.ts'
import { CertificateError, readCertificate, type AttestationCertificate } from '../matter/certificate-read.ts'
import { idText, NO_EXPIRY } from '../matter/certificate-issue.ts'
import { readKeyFile } from '../matter/key-file.ts'
import { KeyError, type KeyPair } from '../matter/key-pair.ts'
import type { Dac } from '../generation/plan.ts'
import { readBoughtDacs } from './bought-dacs.ts'
import type { BoughtDacsRequest } from './bought-dacs-worker.ts'

/** Why a PAI cannot be used: which file, and what to do. */
export class AttestationSourceError extends FaultError {
  readonly code: 'missing' | 'malformed' | 'not-authority' | 'key-differs' | 'expired' | 'vendor' | 'product' | 'dacs'
  constructor(code: AttestationSourceError['code'], ...fault: Parameters<typeof faultOf>) {
    super('AttestationSourceError', faultOf(...fault))
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

const read = async (file: string, what: FileKind): Promise<Uint8Array> => {
  try {
    return await readFile(file)
  } catch (error) {
    throw new AttestationSourceError('missing', ...fileFault(error, file, what))
  }
}

const certificateIn = (bytes: Uint8Array, file: string): AttestationCertificate => {
  try {
    return readCertificate(bytes, file)
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error
    throw new AttestationSourceError('malformed', 'certificate-unreadable', { file }, error.message)
  }
}

const keyIn = (bytes: Uint8Array, file: string, password: string | undefined): KeyPair => {
  try {
    return readKeyFile(bytes, file, password).key
  } catch (error) {
    if (!(error instanceof KeyError)) throw error
    throw error.code === 'unreadable'
      ? new AttestationSourceError('malformed', 'key-unreadable', { file }, error.message)
      : new AttestationSourceError('malformed', `key-${error.code}`, { file })
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
      'pai-rules',
      { file },
      faults.map(({ message }) => message).join('; '),
    )
}

/** Vendor IDs that the specification sets aside for tests (Matter core specification, section 2.5.2). */
export const isTestVendor = (vendorId: number): boolean => vendorId >= 0xfff1 && vendorId <= 0xfff4

const dayOf = (date: Date): string => date.toISOString().slice(0, 10)

interface Product {
  readonly vendorId: number
  readonly productId: number
}

/** Every rule for a PAI, and those that the product and today's date bring. @throws AttestationSourceError */
const refuseUnfit = (certificate: AttestationCertificate, file: string, product: Product, now: Date): void => {
  if (!certificate.isAuthority) throw new AttestationSourceError('not-authority', 'pai-no-authority', { file })
  checkPai(certificate, file, now)
  if (now > certificate.notAfter)
    throw new AttestationSourceError('expired', 'pai-expired', { file, date: dayOf(certificate.notAfter) })
  if (now < certificate.notBefore)
    throw new AttestationSourceError('expired', 'pai-not-yet', { file, date: dayOf(certificate.notBefore) })
  const expected = idText(product.vendorId)
  if (certificate.vendorId === undefined)
    throw new AttestationSourceError('vendor', 'pai-no-vendor', { file, expected })
  if (certificate.vendorId !== product.vendorId)
    throw new AttestationSourceError('vendor', 'pai-vendor', { file, found: idText(certificate.vendorId), expected })
  if (certificate.productId !== undefined && certificate.productId !== product.productId)
    throw new AttestationSourceError('product', 'pai-product', {
      file,
      found: idText(certificate.productId),
      expected: idText(product.productId),
    })
}

const keyOf = async (
  file: string,
  password: string | undefined,
  certificate: AttestationCertificate,
  certificateFile: string,
): Promise<KeyPair> => {
  const key = keyIn(await read(file, 'pai-key'), file, password)
  if (Buffer.compare(certificate.publicKey, key.publicKey) !== 0)
    throw new AttestationSourceError('key-differs', 'key-differs', { file, certificate: certificateFile })
  return key
}

const readBought = async (request: BoughtDacsRequest): Promise<BoughtDacs> => {
  const answer = await readBoughtDacs(request)
  if ('fault' in answer)
    throw new AttestationSourceError('dacs', 'dacs-not-right', { file: request.path }, answer.fault)
  return { kind: 'bought', path: request.path, all: answer.dacs }
}

/** Reads a PAI and checks that it may sign DACs of this product now. @throws AttestationSourceError */
export const loadPai = async (file: string, product: Product, now: Date): Promise<AttestationCertificate> => {
  const certificate = certificateIn(await read(file, 'pai-certificate'), file)
  refuseUnfit(certificate, file, product, now)
  return certificate
}

/** What stands under a PAI that was read: its key, or the DACs that it signed. @throws AttestationSourceError */
export const loadSourceUnder = async (
  certificate: AttestationCertificate,
  { paiCertificate: file, dacs, password }: AttestationFiles,
  product: Product,
  now: Date,
): Promise<AttestationSource> => ({
  certificate,
  dacs:
    dacs.kind === 'signed'
      ? { kind: 'signed', key: await keyOf(dacs.key, password, certificate, file) }
      : await readBought({ path: dacs.path, pai: certificate.der, product, password, now }),
  validTo: certificate.notAfter > NO_EXPIRY ? NO_EXPIRY : certificate.notAfter,
})

/**
 * Reads a PAI, and its key or the DACs under it, and checks that devices of this product can be made with them now.
 *
 * @throws AttestationSourceError
 */
export const loadAttestationSource = async (
  files: AttestationFiles,
  product: Product,
  now: Date,
): Promise<AttestationSource> => loadSourceUnder(await loadPai(files.paiCertificate, product, now), files, product, now)
