/** Reading attestation certificates (X.509, RFC 5280) with the fields that Matter's rules need. */
import { verify } from 'node:crypto'
import forge from 'node-forge'
import { verifyingKey } from './key-pair.ts'

/** Why a certificate cannot be read. */
export class CertificateError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CertificateError'
  }
}

export interface AttestationCertificate {
  readonly der: Uint8Array
  readonly tbs: Uint8Array
  readonly signature: Uint8Array
  /** DER of the names, for comparing and issuing. */
  readonly subject: Uint8Array
  readonly issuer: Uint8Array
  readonly commonName: string
  readonly vendorId: number | undefined
  readonly productId: number | undefined
  readonly notBefore: Date
  readonly notAfter: Date
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  readonly isAuthority: boolean
  readonly subjectKeyIdentifier: Uint8Array | undefined
  readonly authorityKeyIdentifier: Uint8Array | undefined
}

const { asn1 } = forge
type Node = forge.asn1.Asn1

const binary = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const encoded = (node: Node): Uint8Array => binary(asn1.toDer(node).getBytes())

const children = (node: Node | undefined, what: string): Node[] => {
  if (!node || !Array.isArray(node.value)) throw new CertificateError(`${what} is missing or malformed`)
  return node.value
}
const text = (node: Node | undefined, what: string): string => {
  if (!node || typeof node.value !== 'string') throw new CertificateError(`${what} is missing or malformed`)
  return node.value
}

const attributes = (name: Node | undefined): Map<string, string> => {
  const found = new Map<string, string>()
  for (const set of children(name, 'a name'))
    for (const pair of children(set, 'a name')) {
      const [type, value] = children(pair, 'a name')
      found.set(
        asn1.derToOid(text(type, 'an attribute type')),
        Buffer.from(text(value, 'an attribute'), 'latin1').toString('utf8'),
      )
    }
  return found
}

/** The Matter OID, or the common name's fallback `Mvid:FFF1` and `Mpid:8000`. */
const matterId = (names: Map<string, string>, type: string, prefix: string): number | undefined => {
  const value = names.get(type) ?? new RegExp(`${prefix}:([0-9A-F]{4})`, 'u').exec(names.get('2.5.4.3') ?? '')?.[1]
  if (value === undefined) return undefined
  if (!/^[0-9A-F]{4}$/u.test(value)) throw new CertificateError(`'${value}' is not four upper-case hexadecimal digits`)
  return Number.parseInt(value, 16)
}

const date = (node: Node | undefined): Date => {
  const value = text(node, 'a validity date')
  return node?.type === asn1.Type.UTCTIME ? asn1.utcTimeToDate(value) : asn1.generalizedTimeToDate(value)
}

const bitString = (node: Node | undefined, what: string): Uint8Array => {
  // forge looks inside bit strings; what it found must be put back.
  if (node && 'bitStringContents' in node) return binary(String(node.bitStringContents)).subarray(1)
  return binary(text(node, what)).subarray(1)
}

const readDer = (bytes: Uint8Array): AttestationCertificate => {
  const root = asn1.fromDer(forge.util.createBuffer(Buffer.from(bytes).toString('latin1')), true)
  const [tbs, , signature] = children(root, 'the certificate')
  const [version, , , issuer, validity, subject, publicKeyInfo, ...rest] = children(tbs, 'the certificate')
  if (version?.tagClass !== asn1.Class.CONTEXT_SPECIFIC) throw new CertificateError('it is not a version 3 certificate')
  const names = attributes(subject)
  const extensions = new Map<string, Uint8Array>()
  for (const node of children(children(rest.at(-1), 'the extensions')[0], 'the extensions')) {
    const parts = children(node, 'an extension')
    const last = parts.at(-1)
    const content =
      last && Array.isArray(last.value) ? encoded(last.value[0] as Node) : binary(text(last, 'an extension'))
    extensions.set(asn1.derToOid(text(parts[0], 'an extension')), content)
  }
  const basic = extensions.get('2.5.29.19')
  const ski = extensions.get('2.5.29.14')
  const aki = extensions.get('2.5.29.35')
  const [from, to] = children(validity, 'the validity')
  const publicKey = bitString(children(publicKeyInfo, 'the public key')[1], 'the public key')
  if (publicKey.length !== 65 || publicKey[0] !== 4)
    throw new CertificateError('its key is not an uncompressed P-256 point')
  return {
    der: bytes,
    tbs: encoded(tbs as Node),
    signature: bitString(signature, 'the signature'),
    subject: encoded(subject as Node),
    issuer: encoded(issuer as Node),
    commonName: names.get('2.5.4.3') ?? '',
    vendorId: matterId(names, '1.3.6.1.4.1.37244.2.1', 'Mvid'),
    productId: matterId(names, '1.3.6.1.4.1.37244.2.2', 'Mpid'),
    notBefore: date(from),
    notAfter: date(to),
    publicKey,
    isAuthority: basic !== undefined && basic.length > 2 && basic.includes(0xff),
    subjectKeyIdentifier: ski?.subarray(2),
    authorityKeyIdentifier: aki && aki.length >= 24 ? aki.subarray(4, 24) : undefined,
  }
}

/**
 * A certificate from PEM or DER.
 *
 * @param name of the file, for the error
 * @throws CertificateError naming the file and what is wrong
 */
export const readCertificate = (bytes: Uint8Array, name: string): AttestationCertificate => {
  const pem = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/u.exec(
    Buffer.from(bytes).toString('latin1'),
  )
  try {
    return readDer(pem ? Buffer.from(pem[1] ?? '', 'base64') : bytes)
  } catch (error) {
    throw new CertificateError(
      `${name}: no X.509 certificate could be read (${error instanceof Error ? error.message : 'malformed'})`,
    )
  }
}

/** Was it signed by the owner of this public key? */
export const isSignedBy = (certificate: AttestationCertificate, publicKey: Uint8Array): boolean =>
  verify('sha256', certificate.tbs, verifyingKey(publicKey), certificate.signature)
