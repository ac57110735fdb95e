/** Reading attestation certificates (X.509, RFC 5280) with the fields that Matter's rules need. */
import { verify, type KeyObject } from 'node:crypto'
import {
  ATTRIBUTE,
  authorityKeyIdentifierOf,
  basicConstraintsOf,
  readCertificateFields,
  subjectKeyIdentifierOf,
  type CertificateFields,
} from './certificate-fields.ts'
import { attestationIdsOf } from './certificate-ids.ts'
import { verifyingKey } from './key-pair.ts'

/** Why a certificate cannot be read. */
export class CertificateError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CertificateError'
  }
}

export interface AttestationCertificate extends CertificateFields {
  readonly commonName: string
  readonly vendorId: number | undefined
  readonly productId: number | undefined
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  readonly isAuthority: boolean
  readonly subjectKeyIdentifier: Uint8Array | undefined
  readonly authorityKeyIdentifier: Uint8Array | undefined
}

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/gu

/** The DER of every certificate in a PEM text, in its order; DER is given back as it is. */
export const certificatesIn = (bytes: Uint8Array): Uint8Array[] => {
  const found = [...Buffer.from(bytes).toString('latin1').matchAll(PEM)]
  return found.length > 0 ? found.map(([, base64 = '']) => Buffer.from(base64, 'base64')) : [bytes]
}

/** @throws Error saying what is wrong */
const interpret = (der: Uint8Array): AttestationCertificate => {
  const fields = readCertificateFields(der)
  if (fields.version !== 3) throw new Error(`it is of version ${fields.version}; 3 is needed`)
  if (fields.publicKey.length !== 65 || fields.publicKey[0] !== 4)
    throw new Error('its key is not an uncompressed P-256 point')
  const authorityKeyIdentifier = authorityKeyIdentifierOf(fields)
  return {
    ...fields,
    ...attestationIdsOf(fields.subjectAttributes),
    commonName: fields.subjectAttributes.findLast(({ type }) => type === ATTRIBUTE.commonName)?.text ?? '',
    isAuthority: basicConstraintsOf(fields)?.authority ?? false,
    subjectKeyIdentifier: subjectKeyIdentifierOf(fields),
    authorityKeyIdentifier,
  }
}

/**
 * The first certificate of PEM or DER.
 *
 * @param name of the file, for the error
 * @throws CertificateError naming the file and what is wrong
 */
export const readCertificate = (bytes: Uint8Array, name: string): AttestationCertificate => {
  try {
    return interpret(certificatesIn(bytes)[0] ?? bytes)
  } catch (error) {
    throw new CertificateError(
      `${name}: no X.509 certificate could be read (${error instanceof Error ? error.message : 'malformed'})`,
    )
  }
}

/** Was it signed by the owner of this key, which `verifyingKey` has made? */
export const isSignedWith = (certificate: Pick<CertificateFields, 'tbs' | 'signature'>, key: KeyObject): boolean =>
  verify('sha256', certificate.tbs, key, certificate.signature)

/** Was it signed by the owner of this public key? */
export const isSignedBy = (
  certificate: Pick<CertificateFields, 'tbs' | 'signature'>,
  publicKey: Uint8Array,
): boolean => {
  try {
    return isSignedWith(certificate, verifyingKey(publicKey))
  } catch {
    // The bytes of the key are no point of the curve.
    return false
  }
}
