/** What attestation certificates say, each by itself. Whether they belong together is for `inspect-together.ts`. */
import { checkCertificate } from '../matter/certificate-format.ts'
import { readCertificateFields } from '../matter/certificate-fields.ts'
import { NO_EXPIRY, type CertificateRole } from '../matter/certificate-issue.ts'
import { CertificateError, readCertificate, type AttestationCertificate } from '../matter/certificate-read.ts'
import { facts, hex, idWords, type FoundCertificate, type Inspection, type Problem } from './inspection.ts'

const ROLE_WORDS: Readonly<Record<CertificateRole, string>> = {
  dac: 'device attestation certificate (DAC)',
  pai: 'product attestation intermediate (PAI)',
  paa: 'self-signed authority (PAA, or a signer of Certification Declarations)',
}

const read = (der: Uint8Array): AttestationCertificate | undefined => {
  try {
    return readCertificate(der, 'certificate')
  } catch (error) {
    if (error instanceof CertificateError) return undefined
    throw error
  }
}

/** By what the certificate says of itself: no authority, an authority under another, or one of its own. */
const roleOf = (certificate: AttestationCertificate | undefined): CertificateRole => {
  if (!certificate?.isAuthority) return 'dac'
  return Buffer.compare(certificate.subject, certificate.issuer) === 0 ? 'paa' : 'pai'
}

export const dayWords = (date: Date): string =>
  date.getTime() === NO_EXPIRY.getTime() ? 'no expiry' : date.toISOString().replace('.000Z', 'Z')

/** Its faults when it is taken as the certificate of that role. */
export const certificateProblems = (role: CertificateRole, der: Uint8Array): Problem[] =>
  checkCertificate(role, der).faults.map(({ code, message }) => ({ severity: 'error', code, message }))

const expiryProblems = (role: CertificateRole, certificate: AttestationCertificate, now: Date): Problem[] => {
  const outside = now < certificate.notBefore || now > certificate.notAfter
  if (!outside) return []
  const period = `${dayWords(certificate.notBefore)} to ${dayWords(certificate.notAfter)}`
  // A DAC must be valid now; its authorities only when it was issued.
  const severity = role === 'dac' ? 'error' : 'note'
  return [
    { severity, code: 'not-valid-now', message: `${role.toUpperCase()}: it is valid from ${period}, and not now` },
  ]
}

const issuerName = (der: Uint8Array): string | undefined =>
  readCertificateFields(der).issuerAttributes.find(({ type }) => type === '2.5.4.3')?.text

/** @param role where its place says it, as in a partition; else the certificate's own word counts */
export const inspectCertificate = (der: Uint8Array, now: Date, role?: CertificateRole): Inspection => {
  const certificate = read(der)
  const found: FoundCertificate = { role: role ?? roleOf(certificate), der, certificate }
  const problems = certificateProblems(found.role, der)
  const common = { kind: 'certificate', title: ROLE_WORDS[found.role], evidence: { certificates: [found] } } as const
  if (!certificate) return { ...common, facts: [], problems }
  const { vendorId, productId, subjectKeyIdentifier, authorityKeyIdentifier } = certificate
  return {
    ...common,
    facts: facts(
      { name: 'commonName', label: 'common name', value: certificate.commonName },
      { name: 'vendorId', label: 'vendor ID', value: vendorId, words: idWords(vendorId ?? 0) },
      { name: 'productId', label: 'product ID', value: productId, words: idWords(productId ?? 0) },
      { name: 'issuer', label: 'issuer', value: issuerName(der) },
      { name: 'serialNumber', label: 'serial number', value: hex(certificate.serialNumber) },
      { name: 'validFrom', label: 'valid from', value: dayWords(certificate.notBefore) },
      { name: 'validTo', label: 'valid to', value: dayWords(certificate.notAfter) },
      { name: 'subjectKeyId', label: 'subject key id', value: subjectKeyIdentifier && hex(subjectKeyIdentifier) },
      {
        name: 'authorityKeyId',
        label: 'authority key id',
        value: authorityKeyIdentifier && hex(authorityKeyIdentifier),
      },
    ),
    problems: [...problems, ...expiryProblems(found.role, certificate, now)],
  }
}
