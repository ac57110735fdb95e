/**
 * The fields of an X.509 certificate (RFC 5280) as they are written, without judging them: what Matter allows is checked in
 * `certificate-format.ts`.
 */
import {
  childrenOf,
  contentOf,
  DerError,
  oidOf,
  readDer,
  smallIntegerOf,
  wholeBitsOf,
  type DerNode,
} from './der-read.ts'

export interface NameAttribute {
  readonly type: string
  readonly text: string
}

export interface Extension {
  readonly type: string
  readonly critical: boolean
  readonly value: Uint8Array
}

export interface BasicConstraints {
  readonly authority: boolean
  readonly pathLength: number | undefined
}

export interface CertificateFields {
  readonly der: Uint8Array
  readonly tbs: Uint8Array
  readonly signature: Uint8Array
  /** 3 is the only one that Matter allows. */
  readonly version: number
  /** Big-endian, as it is written. */
  readonly serialNumber: Uint8Array
  /** Object identifiers: within the part that is signed, and beside the signature. */
  readonly signatureAlgorithms: readonly [string, string]
  /** DER of the names, for comparing and issuing. */
  readonly subject: Uint8Array
  readonly issuer: Uint8Array
  readonly subjectAttributes: readonly NameAttribute[]
  readonly issuerAttributes: readonly NameAttribute[]
  readonly notBefore: Date
  readonly notAfter: Date
  /** Object identifiers of the key's algorithm and, for elliptic curves, of its curve. */
  readonly keyAlgorithm: readonly [string, string | undefined]
  readonly publicKey: Uint8Array
  readonly extensions: readonly Extension[]
}

export const ATTRIBUTE = {
  commonName: '2.5.4.3',
  vendorId: '1.3.6.1.4.1.37244.2.1',
  productId: '1.3.6.1.4.1.37244.2.2',
} as const

export const EXTENSION = {
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
} as const

const BMP_STRING = 0x1e

const attributesOf = (name: DerNode): NameAttribute[] =>
  childrenOf(name, 'a name').flatMap((set) =>
    childrenOf(set, 'a name', 0x31).map((pair) => {
      const [type, value] = childrenOf(pair, 'a name')
      if (!value) throw new DerError('a name is malformed')
      const text =
        value.tag === BMP_STRING
          ? Buffer.from(value.content).swap16().toString('utf16le')
          : Buffer.from(value.content).toString('utf8')
      return { type: oidOf(type, 'the type of a name'), text }
    }),
  )

/** UTCTime `YYMMDDHHMMSSZ` (up to 2049) or GeneralizedTime `YYYYMMDDHHMMSSZ`. */
const dateOf = (node: DerNode | undefined): Date => {
  const text = Buffer.from(node?.content ?? []).toString('latin1')
  const match =
    node?.tag === 0x17
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u.exec(text)
      : node?.tag === 0x18
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u.exec(text)
        : undefined
  if (!match) throw new DerError('a date of its validity is malformed')
  const [year = 0, ...rest] = match.slice(1).map(Number)
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = rest
  const full = node?.tag === 0x17 ? (year < 50 ? 2000 + year : 1900 + year) : year
  const date = new Date(0)
  date.setUTCFullYear(full, month - 1, day)
  date.setUTCHours(hour, minute, second)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    throw new DerError('a date of its validity is no date')
  return date
}

const extensionOf = (node: DerNode): Extension => {
  const [type, ...rest] = childrenOf(node, 'an extension')
  const critical = rest[0]?.tag === 0x01
  return {
    type: oidOf(type, 'the type of an extension'),
    critical: critical && rest[0]?.content[0] === 0xff,
    value: contentOf(rest[critical ? 1 : 0], 0x04, 'an extension'),
  }
}

const extensionsOf = (rest: readonly DerNode[]): Extension[] => {
  const node = rest.find((candidate) => candidate.tag === 0xa3)
  if (!node) return []
  return childrenOf(childrenOf(node, 'the extensions', 0xa3)[0], 'the extensions').map(extensionOf)
}

/** @throws DerError when the bytes are no certificate at all */
export const readCertificateFields = (bytes: Uint8Array): CertificateFields => {
  const [tbs, outer, signature] = childrenOf(readDer(bytes), 'the certificate')
  const parts = childrenOf(tbs, 'the certificate')
  // A certificate of version 1 does not say so.
  const stated = parts[0]?.tag === 0xa0 ? parts.shift() : undefined
  const version = stated ? smallIntegerOf(childrenOf(stated, 'the version', 0xa0)[0], 'the version') + 1 : 1
  const [serial, inner, issuer, validity, subject, key, ...rest] = parts
  const [from, to] = childrenOf(validity, 'the validity')
  const [algorithm, point] = childrenOf(key, 'the public key')
  const [keyType, curve] = childrenOf(algorithm, 'the algorithm of the key')
  if (!tbs || !issuer || !subject) throw new DerError('the certificate is malformed')
  const signatureType = (node: DerNode | undefined): string =>
    oidOf(childrenOf(node, 'the algorithm of the signature')[0], 'the algorithm of the signature')
  return {
    der: bytes,
    tbs: tbs.bytes,
    signature: wholeBitsOf(signature, 'the signature'),
    version,
    serialNumber: contentOf(serial, 0x02, 'the serial number'),
    signatureAlgorithms: [signatureType(inner), signatureType(outer)],
    subject: subject.bytes,
    issuer: issuer.bytes,
    subjectAttributes: attributesOf(subject),
    issuerAttributes: attributesOf(issuer),
    notBefore: dateOf(from),
    notAfter: dateOf(to),
    keyAlgorithm: [
      oidOf(keyType, 'the algorithm of the key'),
      curve?.tag === 0x06 ? oidOf(curve, 'the curve') : undefined,
    ],
    publicKey: wholeBitsOf(point, 'the public key'),
    extensions: extensionsOf(rest),
  }
}

const valueOf = (fields: CertificateFields, type: string): Uint8Array | undefined =>
  fields.extensions.find((extension) => extension.type === type)?.value

/** undefined when there is none. @throws DerError when it is malformed */
export const basicConstraintsOf = (fields: CertificateFields): BasicConstraints | undefined => {
  const value = valueOf(fields, EXTENSION.basicConstraints)
  if (!value) return undefined
  const parts = childrenOf(readDer(value), 'the basic constraints')
  const authority = parts[0]?.tag === 0x01
  const length = parts[authority ? 1 : 0]
  return {
    authority: authority && parts[0]?.content[0] === 0xff,
    pathLength: length && smallIntegerOf(length, 'the path length'),
  }
}

/** Bits of key usage that Matter speaks of. */
export const KEY_USAGE = { digitalSignature: 0x80, keyCertSign: 0x04, cRLSign: 0x02 } as const

/** The first byte of the key usage, the only one that is used, with a second byte above it; undefined when there is none. */
export const keyUsageOf = (fields: CertificateFields): number | undefined => {
  const value = valueOf(fields, EXTENSION.keyUsage)
  if (!value) return undefined
  const [unused, first = 0, second = 0] = contentOf(readDer(value), 0x03, 'the key usage')
  if (unused === undefined || unused > 7) throw new DerError('the key usage is malformed')
  return first | (second << 8)
}

/** undefined when there is none. @throws DerError when it is malformed */
export const subjectKeyIdentifierOf = (fields: CertificateFields): Uint8Array | undefined => {
  const value = valueOf(fields, EXTENSION.subjectKeyIdentifier)
  return value && contentOf(readDer(value), 0x04, 'the subject key identifier')
}

/** undefined when there is none, or none that names a key. @throws DerError when it is malformed */
export const authorityKeyIdentifierOf = (fields: CertificateFields): Uint8Array | undefined => {
  const value = valueOf(fields, EXTENSION.authorityKeyIdentifier)
  if (!value) return undefined
  return childrenOf(readDer(value), 'the authority key identifier').find((part) => part.tag === 0x80)?.content
}
