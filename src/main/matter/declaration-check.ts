/**
 * Whether a Certification Declaration is signed by a known key and is that of a product (Matter core specification, section
 * 6.2.3.1), with the rules of connectedhomeip's verifier
 * (src/credentials/attestation_verifier/DefaultDeviceAttestationVerifier.cpp, ValidateCertificateDeclarationPayload).
 */
import type { AttestationIds } from './certificate-ids.ts'
import { idText } from './certificate-issue.ts'
import { isSignedBy, type AttestationCertificate } from './certificate-read.ts'
import { readDeclaration, type SignedDeclaration } from './certification-declaration.ts'
import { DeclarationError, type CertificationDeclaration } from './declaration-content.ts'

export interface DeclarationFault {
  readonly code:
    | 'unreadable'
    | 'format-version'
    | 'certification-type'
    | 'signer-unknown'
    | 'signature'
    | 'test-key'
    | 'vendor'
    | 'product'
    | 'dac-vendor'
    | 'dac-product'
    | 'pai-vendor'
    | 'pai-product'
    | 'paa'
  /** One sentence: what was found, and what is allowed. */
  readonly message: string
  /** IDs, where the product is another. */
  readonly values?: { readonly found: string; readonly expected: string }
}

/** What a declaration is held against. Everything that is undefined is not checked. */
export interface DeclarationContext {
  /** Certificates of keys that may sign declarations; without any, the signature is not checked. */
  readonly signers?: readonly AttestationCertificate[] | undefined
  readonly product?: { readonly vendorId: number; readonly productId: number } | undefined
  readonly dac?: AttestationIds | undefined
  readonly pai?: AttestationIds | undefined
  /** Subject key identifier. */
  readonly paa?: Uint8Array | undefined
}

export const CERTIFICATION_TYPES = ['development and test', 'provisional', 'official'] as const
const FORMAT_VERSION = 1
/** Types that the test key may sign: the verifier takes provisional declarations of it too, as it is built by default. */
const TEST_TYPES: ReadonlySet<number> = new Set([0, 1])

/** The key that connectedhomeip publishes for development (credentials/test/certification-declaration). */
export const TEST_SIGNER = Buffer.from('62fa823359acfaa9963e1cfa140addf504f37160', 'hex')

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase()

const signatureFaults = (signed: SignedDeclaration, signers: readonly AttestationCertificate[]): DeclarationFault[] => {
  const faults: DeclarationFault[] = []
  const { signerKeyIdentifier: identifier, declaration, content, signature } = signed
  const candidates = signers.filter(
    ({ subjectKeyIdentifier }) => subjectKeyIdentifier && Buffer.compare(subjectKeyIdentifier, identifier) === 0,
  )
  if (candidates.length === 0)
    faults.push({
      code: 'signer-unknown',
      message: `it is signed by key ${hex(identifier)}, which none of the signing certificates holds`,
    })
  else if (!candidates.some(({ publicKey }) => isSignedBy({ tbs: content, signature }, publicKey)))
    faults.push({ code: 'signature', message: `its signature by key ${hex(identifier)} does not match its content` })
  if (Buffer.compare(identifier, TEST_SIGNER) === 0 && !TEST_TYPES.has(declaration.certificationType))
    faults.push({
      code: 'test-key',
      message: 'it is signed by the test key, but is neither for development nor provisional',
    })
  return faults
}

const certificateFaults = (
  { vendorId, productIds, dacOrigin }: CertificationDeclaration,
  ids: AttestationIds,
  which: 'dac' | 'pai',
): DeclarationFault[] => {
  const faults: DeclarationFault[] = []
  const name = which.toUpperCase()
  const vendor = dacOrigin?.vendorId ?? vendorId
  const products = dacOrigin ? [dacOrigin.productId] : productIds
  const origin = dacOrigin ? 'the DAC origin of the declaration' : 'the declaration'
  if (ids.vendorId !== vendor)
    faults.push({
      code: `${which}-vendor`,
      message: `the ${name} is of vendor ${ids.vendorId === undefined ? 'none' : idText(ids.vendorId)}, ${origin} is of ${idText(vendor)}`,
    })
  // A PAI need not name a product.
  if ((ids.productId !== undefined || which === 'dac') && !products.some((product) => product === ids.productId))
    faults.push({
      code: `${which}-product`,
      message: `the ${name} is of product ${ids.productId === undefined ? 'none' : idText(ids.productId)}, ${origin} is of ${products.map(idText).join(', ')}`,
    })
  return faults
}

/** Everything that is wrong with a declaration that could be read. */
export const declarationFaults = (signed: SignedDeclaration, context: DeclarationContext): DeclarationFault[] => {
  const { declaration } = signed
  const { formatVersion, certificationType, vendorId, productIds, authorizedPaas } = declaration
  const { signers, product, dac, pai, paa } = context
  const faults: DeclarationFault[] = []
  if (formatVersion !== FORMAT_VERSION)
    faults.push({
      code: 'format-version',
      message: `its format has version ${formatVersion}; ${FORMAT_VERSION} is known`,
    })
  if (!(certificationType in CERTIFICATION_TYPES))
    faults.push({
      code: 'certification-type',
      message: `its certification type is ${certificationType}; 0, 1 and 2 are known`,
    })
  if (signers) faults.push(...signatureFaults(signed, signers))
  if (product && product.vendorId !== vendorId)
    faults.push({
      code: 'vendor',
      message: `it is of vendor ${idText(vendorId)}, the product is of ${idText(product.vendorId)}`,
      values: { found: idText(vendorId), expected: idText(product.vendorId) },
    })
  if (product && !productIds.includes(product.productId))
    faults.push({
      code: 'product',
      message: `it is of product ${productIds.map(idText).join(', ')}, the product is ${idText(product.productId)}`,
      values: { found: productIds.map(idText).join(', '), expected: idText(product.productId) },
    })
  if (dac) faults.push(...certificateFaults(declaration, dac, 'dac'))
  if (pai) faults.push(...certificateFaults(declaration, pai, 'pai'))
  if (paa && authorizedPaas && !authorizedPaas.some((allowed) => Buffer.compare(allowed, paa) === 0))
    faults.push({ code: 'paa', message: `the PAA ${hex(paa)} is not among those that it authorizes` })
  return faults
}

/** Everything that is wrong with a declaration in its DER; nothing is when the list is empty. */
export const verifyDeclaration = (bytes: Uint8Array, context: DeclarationContext): DeclarationFault[] => {
  try {
    return declarationFaults(readDeclaration(bytes), context)
  } catch (error) {
    if (error instanceof DeclarationError) return [{ code: 'unreadable', message: error.message }]
    throw error
  }
}
