/**
 * Verification of a chain of attestation certificates, DAC under PAI under PAA (Matter core specification, section 6.2.3.1), with
 * the rules of connectedhomeip's attestation verifier
 * (src/credentials/attestation_verifier/DefaultDeviceAttestationVerifier.cpp). Every broken rule is told, not only the first.
 */
import { checkCertificate, type AttestationFault, type CheckedCertificate } from './certificate-format.ts'
import type { CertificateFields } from './certificate-fields.ts'
import { idText, type CertificateRole } from './certificate-issue.ts'
import { isSignedWith } from './certificate-read.ts'

/** DER. A PAI may be checked before there is a DAC; without the PAA nothing says whether the PAI may be trusted. */
export interface AttestationChain {
  readonly dac?: Uint8Array | undefined
  readonly pai: Uint8Array
  readonly paa?: Uint8Array | undefined
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0

const day = (date: Date): string => date.toISOString().replace(/\.000Z$/u, 'Z')

const fault = (certificate: CertificateRole, code: AttestationFault['code'], message: string): AttestationFault => ({
  certificate,
  code,
  message: `${certificate.toUpperCase()}: ${message}`,
})

/** Names, key identifiers and signature from one link to the next. */
const linkFaults = (below: CheckedCertificate, above: CheckedCertificate): AttestationFault[] => {
  if (!below.fields || !above.fields) return []
  const issuer = above.role.toUpperCase()
  const self = below === above
  const faults: AttestationFault[] = []
  if (!same(below.fields.issuer, above.fields.subject))
    faults.push(
      fault(
        below.role,
        'issuer-name',
        self ? 'it is not issued by itself' : `its issuer is not the subject of the ${issuer}`,
      ),
    )
  if (!self && below.authorityKeyIdentifier && !same(below.authorityKeyIdentifier, above.subjectKeyIdentifier))
    faults.push(
      fault(
        below.role,
        'issuer-key-id',
        `its authority key identifier is not the subject key identifier of the ${issuer}`,
      ),
    )
  if (!above.key || !isSignedWith(below.fields, above.key))
    faults.push(
      fault(below.role, 'signature', self ? 'its own key did not sign it' : `the key of the ${issuer} did not sign it`),
    )
  return faults
}

const idFaults = (
  dac: CheckedCertificate | undefined,
  pai: CheckedCertificate,
  paa: CheckedCertificate | undefined,
) => {
  const faults: AttestationFault[] = []
  const differs = (
    below: CheckedCertificate,
    above: CheckedCertificate,
    kind: 'vendorId' | 'productId',
    code: 'vendor-differs' | 'product-differs',
    what: string,
  ): void => {
    const [lower, upper] = [below.ids[kind], above.ids[kind]]
    if (lower === undefined || upper === undefined || lower === upper) return
    const message = `its ${what} ID is ${idText(lower)}, that of the ${above.role.toUpperCase()} is ${idText(upper)}`
    faults.push(fault(below.role, code, message))
  }
  if (dac) differs(dac, pai, 'vendorId', 'vendor-differs', 'vendor')
  if (dac) differs(dac, pai, 'productId', 'product-differs', 'product')
  if (paa) differs(pai, paa, 'vendorId', 'vendor-differs', 'vendor')
  return faults
}

const validityFaults = (
  dac: CertificateFields | undefined,
  authorities: readonly CheckedCertificate[],
  now: Date,
): AttestationFault[] => {
  const faults: AttestationFault[] = []
  if (dac && now < dac.notBefore)
    faults.push(fault('dac', 'not-yet-valid', `it is valid from ${day(dac.notBefore)} on only`))
  if (dac && now > dac.notAfter) faults.push(fault('dac', 'expired', `it was valid until ${day(dac.notAfter)}`))
  // Authorities need to be valid when the DAC was issued, not today.
  const moment = dac?.notBefore ?? now
  for (const { role, fields } of authorities) {
    if (!fields || (moment >= fields.notBefore && moment <= fields.notAfter)) continue
    const period = `it is valid from ${day(fields.notBefore)} to ${day(fields.notAfter)}`
    const when = dac ? `not on ${day(moment)}, when the validity of the DAC begins` : `not on ${day(moment)}`
    faults.push(fault(role, 'not-valid-at-issuance', `${period}, ${when}`))
  }
  return faults
}

/**
 * For the DACs of one PAI, however many: the authorities are read and verified once.
 *
 * @returns everything that is wrong with a chain with this DAC, or without any; `now` is for the validity of the DAC
 */
export const attestationVerifier = ({
  pai: paiDer,
  paa: paaDer,
}: Omit<AttestationChain, 'dac'>): ((dac: Uint8Array | undefined, now: Date) => AttestationFault[]) => {
  const pai = checkCertificate('pai', paiDer)
  const paa = paaDer && checkCertificate('paa', paaDer)
  const authorities = paa ? [pai, paa] : [pai]
  const ofAuthorities = authorities.flatMap(({ faults }) => faults)
  const ofTheirLinks = paa ? [...linkFaults(pai, paa), ...linkFaults(paa, paa)] : []
  return (dacDer, now) => {
    const dac = dacDer && checkCertificate('dac', dacDer)
    return [
      ...(dac?.faults ?? []),
      ...ofAuthorities,
      ...idFaults(dac, pai, paa),
      ...(dac ? linkFaults(dac, pai) : []),
      ...ofTheirLinks,
      ...validityFaults(dac?.fields, authorities, now),
    ]
  }
}

/**
 * Everything that is wrong with a chain; nothing is when the list is empty.
 *
 * @param now for the validity of the DAC
 */
export const verifyAttestationChain = (chain: AttestationChain, now: Date): AttestationFault[] =>
  attestationVerifier(chain)(chain.dac, now)
