/**
 * What an attestation certificate by itself must be (Matter core specification, section 6.2.2), with the rules that connectedhomeip
 * applies (src/crypto, VerifyAttestationCertificateFormat; src/crypto/CHIPCryptoPAL.cpp, ExtractVIDPIDFromAttributeString).
 */
import type { KeyObject } from 'node:crypto'
import {
  authorityKeyIdentifierOf,
  basicConstraintsOf,
  EXTENSION,
  KEY_USAGE,
  keyUsageOf,
  readCertificateFields,
  subjectKeyIdentifierOf,
  type CertificateFields,
} from './certificate-fields.ts'
import { attestationIdsOf, type AttestationIds } from './certificate-ids.ts'
import type { CertificateRole } from './certificate-issue.ts'
import { verifyingKey } from './key-pair.ts'

/** A rule that is broken. */
export interface AttestationFault {
  readonly certificate: CertificateRole
  readonly code:
    | 'unreadable'
    | 'version'
    | 'signature-algorithm'
    | 'key'
    | 'basic-constraints'
    | 'path-length'
    | 'key-usage'
    | 'subject-key-id'
    | 'authority-key-id'
    | 'extension'
    | 'ids'
    | 'vendor-missing'
    | 'product-missing'
    | 'product-forbidden'
    | 'vendor-differs'
    | 'product-differs'
    | 'issuer-name'
    | 'issuer-key-id'
    | 'signature'
    | 'not-valid-at-issuance'
    | 'not-yet-valid'
    | 'expired'
  /** One sentence: what was found, and what is allowed. */
  readonly message: string
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const EC_PUBLIC_KEY = '1.2.840.10045.2.1'
const P256 = '1.2.840.10045.3.1.7'
const KEY_IDENTIFIER = 20
const CRITICAL: ReadonlySet<string> = new Set([EXTENSION.basicConstraints, EXTENSION.keyUsage])
const KNOWN: ReadonlyMap<string, string> = new Map([
  [EXTENSION.basicConstraints, 'basic constraints'],
  [EXTENSION.keyUsage, 'key usage'],
  [EXTENSION.subjectKeyIdentifier, 'subject key identifier'],
  [EXTENSION.authorityKeyIdentifier, 'authority key identifier'],
])

/**
 * Standard extensions that a verifier understands and Matter does not speak of, so that they may even be critical: names, policies,
 * revocation lists, extended key usage (RFC 5280, section 4.2.1).
 */
const UNDERSTOOD: ReadonlySet<string> = new Set(
  ['17', '18', '30', '31', '32', '33', '36', '37', '54'].map((last) => `2.5.29.${last}`),
)

/** Path lengths that each authority may state. */
const PATH_LENGTHS: Readonly<Record<'paa' | 'pai', readonly (number | undefined)[]>> = {
  paa: [undefined, 1],
  pai: [0],
}

type Found = Pick<AttestationFault, 'code' | 'message'>

/** undefined where the bytes are no point of the curve. */
const keyOf = (publicKey: Uint8Array): KeyObject | undefined => {
  try {
    return verifyingKey(publicKey)
  } catch {
    return undefined
  }
}

const algorithmFaults = (
  { version, signatureAlgorithms, keyAlgorithm, publicKey }: CertificateFields,
  key: KeyObject | undefined,
): Found[] => {
  const faults: Found[] = []
  if (version !== 3) faults.push({ code: 'version', message: `it is of X.509 version ${version}; 3 is needed` })
  const other = signatureAlgorithms.find((algorithm) => algorithm !== ECDSA_WITH_SHA256)
  if (other !== undefined)
    faults.push({
      code: 'signature-algorithm',
      message: `its signature algorithm is ${other}; ECDSA with SHA-256 is needed`,
    })
  const isP256 = keyAlgorithm[0] === EC_PUBLIC_KEY && keyAlgorithm[1] === P256
  if (!isP256 || publicKey.length !== 65 || publicKey[0] !== 4 || !key)
    faults.push({
      code: 'key',
      message: 'its key is no point of P-256 in uncompressed form, the only one that is allowed',
    })
  return faults
}

const extensionFaults = ({ extensions }: CertificateFields): Found[] =>
  extensions.flatMap(({ type, critical }, index): Found[] => {
    const name = KNOWN.get(type)
    const message =
      extensions.findIndex((other) => other.type === type) < index
        ? `its extension ${name ?? type} stands twice`
        : name === undefined && critical && !UNDERSTOOD.has(type)
          ? `its extension ${type} is critical and is not known`
          : name !== undefined && critical !== CRITICAL.has(type)
            ? `its extension ${name} must ${critical ? 'not ' : ''}be critical`
            : undefined
    return message === undefined ? [] : [{ code: 'extension', message }]
  })

const constraintFaults = (role: CertificateRole, fields: CertificateFields): Found[] => {
  const constraints = basicConstraintsOf(fields)
  if (!constraints) return [{ code: 'basic-constraints', message: 'it has no basic constraints' }]
  const { authority, pathLength } = constraints
  if (authority !== (role !== 'dac')) {
    const message = authority
      ? 'its basic constraints make it an authority; a DAC is none'
      : 'its basic constraints do not make it an authority'
    return [{ code: 'basic-constraints', message }]
  }
  const allowed = role === 'dac' ? [undefined] : PATH_LENGTHS[role]
  if (allowed.includes(pathLength)) return []
  const words = allowed.map((length) => (length === undefined ? 'none' : String(length))).join(' or ')
  return [{ code: 'path-length', message: `its path length is ${pathLength ?? 'not stated'}; ${words} is allowed` }]
}

const usageFaults = (role: CertificateRole, fields: CertificateFields): Found[] => {
  const usage = keyUsageOf(fields)
  if (usage === undefined) return [{ code: 'key-usage', message: 'it has no key usage' }]
  const signing = KEY_USAGE.keyCertSign | KEY_USAGE.cRLSign
  const right =
    role === 'dac' ? usage === KEY_USAGE.digitalSignature : (usage & ~KEY_USAGE.digitalSignature) === signing
  if (right) return []
  const needed =
    role === 'dac'
      ? 'digitalSignature and nothing else is needed'
      : 'keyCertSign and cRLSign are needed, digitalSignature is allowed, nothing else is'
  return [{ code: 'key-usage', message: `its key usage is 0x${usage.toString(16).padStart(2, '0')}; ${needed}` }]
}

const identifierFaults = (role: CertificateRole, fields: CertificateFields): Found[] => {
  const subject = subjectKeyIdentifierOf(fields)
  const authority = authorityKeyIdentifierOf(fields)
  const stated = fields.extensions.some(({ type }) => type === EXTENSION.authorityKeyIdentifier)
  const faults: Found[] = []
  if (subject?.length !== KEY_IDENTIFIER)
    faults.push({
      code: 'subject-key-id',
      message: subject
        ? `its subject key identifier has ${subject.length} bytes; ${KEY_IDENTIFIER} are needed`
        : 'it has no subject key identifier',
    })
  if (authority?.length !== KEY_IDENTIFIER && (role !== 'paa' || stated))
    faults.push({
      code: 'authority-key-id',
      message: stated
        ? `its authority key identifier does not hold a key identifier of ${KEY_IDENTIFIER} bytes`
        : 'it has no authority key identifier',
    })
  return faults
}

const idFaults = (role: CertificateRole, { vendorId, productId }: AttestationIds): Found[] => {
  const faults: Found[] = []
  if (vendorId === undefined && role !== 'paa')
    faults.push({ code: 'vendor-missing', message: 'its subject names no vendor ID' })
  if (productId === undefined && role === 'dac')
    faults.push({ code: 'product-missing', message: 'its subject names no product ID' })
  if (productId !== undefined && role === 'paa')
    faults.push({ code: 'product-forbidden', message: 'its subject names a product ID, which a PAA must not' })
  return faults
}

/** A certificate that could be read, with what is wrong with it by itself. */
export interface CheckedCertificate {
  readonly role: CertificateRole
  /** undefined when the bytes are no certificate. */
  readonly fields: CertificateFields | undefined
  readonly ids: AttestationIds
  /** For verifying what it signed; undefined when it is no point of the curve. */
  readonly key: KeyObject | undefined
  readonly subjectKeyIdentifier: Uint8Array | undefined
  readonly authorityKeyIdentifier: Uint8Array | undefined
  readonly faults: readonly AttestationFault[]
}

/** Runs a check; what is malformed becomes a fault too. */
const attempt = <T>(code: AttestationFault['code'], faults: Found[], read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    faults.push({ code, message: error instanceof Error ? error.message : 'it is malformed' })
    return undefined
  }
}

/** @param der of the certificate */
export const checkCertificate = (role: CertificateRole, der: Uint8Array): CheckedCertificate => {
  const found: Found[] = []
  const named = (): AttestationFault[] =>
    found.map(({ code, message }) => ({ certificate: role, code, message: `${role.toUpperCase()}: ${message}` }))
  const fields = attempt('unreadable', found, () => readCertificateFields(der))
  const none = { role, ids: { vendorId: undefined, productId: undefined } }
  if (!fields)
    return {
      ...none,
      fields,
      key: undefined,
      subjectKeyIdentifier: undefined,
      authorityKeyIdentifier: undefined,
      faults: named(),
    }
  const key = keyOf(fields.publicKey)
  const add = (code: AttestationFault['code'], check: () => Found[]): void => {
    found.push(...(attempt(code, found, check) ?? []))
  }
  add('key', () => algorithmFaults(fields, key))
  add('extension', () => extensionFaults(fields))
  add('basic-constraints', () => constraintFaults(role, fields))
  add('key-usage', () => usageFaults(role, fields))
  add('subject-key-id', () => identifierFaults(role, fields))
  const ids = attempt('ids', found, () => attestationIdsOf(fields.subjectAttributes))
  if (ids) found.push(...idFaults(role, ids))
  const identifier = (read: (of: CertificateFields) => Uint8Array | undefined): Uint8Array | undefined =>
    attempt('unreadable', [], () => read(fields))
  return {
    role,
    fields,
    ids: ids ?? none.ids,
    key,
    subjectKeyIdentifier: identifier(subjectKeyIdentifierOf),
    authorityKeyIdentifier: identifier(authorityKeyIdentifierOf),
    faults: named(),
  }
}
