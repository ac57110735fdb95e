/**
 * Attestation certificates (Matter core specification, section 6.2.2; X.509 v3 as in RFC 5280): test PAA, PAI under a PAA, DAC under
 * a PAI.
 */
import { sha1 } from '@noble/hashes/legacy.js'
import { bits, der, integer, octets, oid, sequence, time, utf8, yes } from './der.ts'
import { ecdsaSign, type KeyPair } from './key-pair.ts'
import type { KeyObject } from 'node:crypto'

/** Encoded once, since one certificate is made per unit. */
const OID = {
  commonName: oid('2.5.4.3'),
  vendorId: oid('1.3.6.1.4.1.37244.2.1'),
  productId: oid('1.3.6.1.4.1.37244.2.2'),
  ecdsaWithSha256: oid('1.2.840.10045.4.3.2'),
  ecPublicKey: oid('1.2.840.10045.2.1'),
  prime256v1: oid('1.2.840.10045.3.1.7'),
  basicConstraints: oid('2.5.29.19'),
  keyUsage: oid('2.5.29.15'),
  subjectKeyIdentifier: oid('2.5.29.14'),
  authorityKeyIdentifier: oid('2.5.29.35'),
} as const

const ECDSA_WITH_SHA256 = sequence(OID.ecdsaWithSha256)
const P256_KEY = sequence(OID.ecPublicKey, OID.prime256v1)
const VERSION_3 = der(0xa0, integer(2))

export interface AttestationSubject {
  /** With the IDs, where they stand in it, 64 bytes at most. */
  readonly commonName: string
  readonly vendorId?: number
  readonly productId?: number
  /** `Mvid:FFF1 Mpid:8000` after the common name, in place of attributes of their own. */
  readonly idsInCommonName?: boolean
}

/** Who signs: its name exactly as in its certificate, its key and its subject key identifier. */
export interface Issuer {
  /** DER of its subject name. */
  readonly subject: Uint8Array
  readonly key: KeyObject
  readonly keyIdentifier: Uint8Array
}

export interface Validity {
  readonly from: Date
  readonly to: Date
}

/** 'No well-defined expiration' of RFC 5280, section 4.1.2.5. */
export const NO_EXPIRY = new Date('9999-12-31T23:59:59Z')

/** Four upper-case hexadecimal digits, as the Matter OIDs hold vendor and product IDs. */
export const idText = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')

const attribute = (type: Uint8Array, text: string): Uint8Array => der(0x31, sequence(type, utf8(text)))

const LONGEST_COMMON_NAME = 64

/**
 * DER of a subject name: common name, then vendor ID and product ID where there are any.
 *
 * @throws RangeError for a common name that is too long or an ID outside 1 to 65535
 */
export const encodeSubject = (subject: AttestationSubject): Uint8Array => {
  const ids = [
    { type: OID.vendorId, prefix: 'Mvid:', id: subject.vendorId },
    { type: OID.productId, prefix: 'Mpid:', id: subject.productId },
  ].flatMap(({ id, ...rest }) => (id === undefined ? [] : [{ ...rest, id }]))
  const wrong = ids.find(({ id }) => !(id > 0 && id <= 0xffff))
  if (wrong) throw new RangeError(`ID ${wrong.id} is not allowed in a certificate; 1 to 65535 are`)
  const parts = ids.map(({ prefix, id }) => prefix + idText(id))
  const name = subject.idsInCommonName ? [subject.commonName, ...parts].join(' ') : subject.commonName
  const length = Buffer.byteLength(name)
  if (length === 0 || length > LONGEST_COMMON_NAME)
    throw new RangeError(`the common name '${name}' has ${length} bytes; 1 to ${LONGEST_COMMON_NAME} are allowed`)
  const attributes = subject.idsInCommonName ? [] : ids.map(({ type, id }) => attribute(type, idText(id)))
  return sequence(attribute(OID.commonName, name), ...attributes)
}

/** SHA-1 of the public key's point (RFC 5280, section 4.2.1.2, method 1). */
export const keyIdentifier = (publicKey: Uint8Array): Uint8Array => sha1(publicKey)

export type CertificateRole = 'paa' | 'pai' | 'dac'

/** Path length allowed below each authority. */
const PATH_LENGTH = { paa: 1, pai: 0 } as const

const basicConstraints = (role: CertificateRole): Uint8Array =>
  role === 'dac' ? sequence() : sequence(yes(), integer(PATH_LENGTH[role]))

/** digitalSignature is bit 0; keyCertSign bit 5; cRLSign bit 6. */
const keyUsage = (role: CertificateRole): Uint8Array =>
  role === 'dac' ? bits(Uint8Array.of(0x80), 7) : bits(Uint8Array.of(0x06), 1)

const extension = (type: Uint8Array, critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(type, ...(critical ? [yes()] : []), octets(value))

export interface CertificateInput {
  readonly role: CertificateRole
  readonly subject: AttestationSubject
  readonly publicKey: Uint8Array
  /** 20 bytes at most, big-endian, positive. */
  readonly serialNumber: Uint8Array
  readonly validity: Validity
}

/** The to-be-signed part of a certificate. */
export const toBeSigned = (input: CertificateInput, issuer: Omit<Issuer, 'key'>): Uint8Array =>
  sequence(
    VERSION_3,
    integer(input.serialNumber),
    ECDSA_WITH_SHA256,
    issuer.subject,
    sequence(time(input.validity.from), time(input.validity.to)),
    encodeSubject(input.subject),
    sequence(P256_KEY, bits(input.publicKey)),
    der(
      0xa3,
      sequence(
        extension(OID.basicConstraints, true, basicConstraints(input.role)),
        extension(OID.keyUsage, true, keyUsage(input.role)),
        extension(OID.subjectKeyIdentifier, false, octets(keyIdentifier(input.publicKey))),
        extension(OID.authorityKeyIdentifier, false, sequence(der(0x80, issuer.keyIdentifier))),
      ),
    ),
  )

/** A certificate signed by the issuer, DER. */
export const issueCertificate = (input: CertificateInput, issuer: Issuer): Uint8Array => {
  const tbs = toBeSigned(input, issuer)
  return sequence(tbs, ECDSA_WITH_SHA256, bits(ecdsaSign(issuer.key, tbs)))
}

/** A PAA for tests, signed by itself, DER. */
export const issueTestPaa = (
  input: Omit<CertificateInput, 'role' | 'publicKey'>,
  pair: KeyPair,
  key: KeyObject,
): Uint8Array =>
  issueCertificate(
    { ...input, role: 'paa', publicKey: pair.publicKey },
    { subject: encodeSubject(input.subject), key, keyIdentifier: keyIdentifier(pair.publicKey) },
  )

/** A serial number of 20 bytes whose highest bit is clear and whose first byte is not zero, from 20 random bytes. */
export const serialNumberFrom = (random: Uint8Array): Uint8Array => {
  const serial = Uint8Array.from(random)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return serial
}

/** DER as PEM. */
export const certificatePem = (bytes: Uint8Array): string => {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/gu) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
