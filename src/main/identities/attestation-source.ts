/** Where an order's DACs come from: a PAI with its key, checked before any slot starts. */
import { readFile } from 'node:fs/promises'
import { verifyAttestationChain } from '../matter/attestation-chain.ts'
import type { AttestationFault } from '../matter/certificate-format.ts'
import { readCertificate, type AttestationCertificate } from '../matter/certificate-read.ts'
import { idText, NO_EXPIRY } from '../matter/certificate-issue.ts'
import { readKeyFile } from '../matter/key-file.ts'
import type { KeyPair } from '../matter/key-pair.ts'

/** Why a PAI cannot be used: which file, and what to do. */
export class AttestationSourceError extends Error {
  readonly code: 'missing' | 'malformed' | 'not-authority' | 'key-differs' | 'expired' | 'vendor' | 'product'
  constructor(code: AttestationSourceError['code'], message: string) {
    super(message)
    this.name = 'AttestationSourceError'
    this.code = code
  }
}

export interface AttestationSource {
  readonly certificate: AttestationCertificate
  readonly key: KeyPair
  /** DACs may be valid so long. */
  readonly validTo: Date
}

export interface AttestationFiles {
  /** PEM or DER. */
  readonly paiCertificate: string
  /** SEC1 or PKCS#8 in PEM or DER, encrypted or not, or PKCS#12. */
  readonly paiKey: string
  /** Of an encrypted key. */
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

/**
 * Reads a PAI and its key and checks that they can sign this product's DACs now.
 *
 * @throws AttestationSourceError
 */
export const loadAttestationSource = async (
  files: AttestationFiles,
  product: { readonly vendorId: number; readonly productId: number },
  now: Date,
): Promise<AttestationSource> => {
  const { paiCertificate: certificateFile, paiKey: keyFile } = files
  const bytes = await read(certificateFile, 'the PAI certificate')
  const certificate = sentence(() => readCertificate(bytes, certificateFile))
  const keyBytes = await read(keyFile, 'the key of the PAI')
  const { key } = sentence(() => readKeyFile(keyBytes, keyFile, files.password))

  if (!certificate.isAuthority)
    throw new AttestationSourceError(
      'not-authority',
      `${certificateFile} is not the certificate of an authority; give a PAI, not a DAC`,
    )
  checkPai(certificate, certificateFile, now)
  if (Buffer.compare(certificate.publicKey, key.publicKey) !== 0)
    throw new AttestationSourceError(
      'key-differs',
      `${keyFile} is not the key of ${certificateFile}; give the key that belongs to this PAI`,
    )
  if (now > certificate.notAfter || now < certificate.notBefore)
    throw new AttestationSourceError(
      'expired',
      now > certificate.notAfter
        ? `${certificateFile} expired on ${certificate.notAfter.toISOString().slice(0, 10)}; get a new PAI`
        : `${certificateFile} is valid from ${certificate.notBefore.toISOString().slice(0, 10)} on only; check this computer's clock`,
    )
  if (certificate.vendorId !== product.vendorId)
    throw new AttestationSourceError(
      'vendor',
      `${certificateFile} names vendor ${certificate.vendorId === undefined ? 'none' : idText(certificate.vendorId)}, ` +
        `the product has ${idText(product.vendorId)}; use the PAI of this vendor`,
    )
  if (certificate.productId !== undefined && certificate.productId !== product.productId)
    throw new AttestationSourceError(
      'product',
      `${certificateFile} is for product ${idText(certificate.productId)}, the order's is ${idText(product.productId)}; ` +
        'use the PAI of this product',
    )
  return { certificate, key, validTo: certificate.notAfter > NO_EXPIRY ? NO_EXPIRY : certificate.notAfter }
}
