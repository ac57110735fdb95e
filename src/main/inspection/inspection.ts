/** What an inspection says: facts with their names, problems, and what one thing proves about another. */
import type { CertificateRole } from '../matter/certificate-issue.ts'
import type { AttestationCertificate } from '../matter/certificate-read.ts'

export type FactValue = string | number | boolean | readonly string[]

export interface Fact {
  /** In JSON. */
  readonly name: string
  /** In words. */
  readonly label: string
  readonly value: FactValue
  /** In words, where the value alone would not say enough. */
  readonly words?: string
  /** Shown only when it is asked for. */
  readonly secret?: boolean
}

export interface Problem {
  /** An 'error' makes the thing wrong; a 'note' only says what could not be checked or is unusual. */
  readonly severity: 'error' | 'note'
  readonly code: string
  readonly message: string
}

export type InspectedKind =
  | 'factory-partition'
  | 'nvs'
  | 'nvs-keys'
  | 'esp-secure-cert'
  | 'certificate'
  | 'private-key'
  | 'certification-declaration'
  | 'qr-code'
  | 'manual-code'
  | 'unknown'

export interface FoundCertificate {
  readonly role: CertificateRole
  readonly der: Uint8Array
  /** undefined when it cannot be read. */
  readonly certificate: AttestationCertificate | undefined
}

/** How a device was commissioned, as far as it is known. */
export interface Commissioning {
  readonly discriminator: number | undefined
  readonly verifier: Uint8Array | undefined
  readonly salt: Uint8Array | undefined
  readonly iterations: number | undefined
}

/** What a code lets a commissioner know. */
export interface CodeEvidence {
  readonly passcode: number
  readonly discriminator: number | undefined
  /** The upper four bits. */
  readonly shortDiscriminator: number
  readonly vendorId: number | undefined
  readonly productId: number | undefined
}

/** What can be held against other things that are inspected at once. */
export interface Evidence {
  readonly certificates?: readonly FoundCertificate[]
  readonly declarations?: readonly Uint8Array[]
  /** Points of private keys, uncompressed. */
  readonly publicKeys?: readonly Uint8Array[]
  readonly product?: { readonly vendorId: number; readonly productId: number }
  readonly commissioning?: Commissioning
  readonly codes?: readonly CodeEvidence[]
}

export interface Inspection {
  readonly kind: InspectedKind
  /** What it is, in words. */
  readonly title: string
  readonly facts: readonly Fact[]
  readonly problems: readonly Problem[]
  /** What stands within it. */
  readonly parts?: readonly Inspection[]
  readonly evidence: Evidence
}

/** What stands in place of a secret. */
export const MASK = '•••'

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Four hexadecimal digits, as vendor and product IDs are spoken of. */
export const idWords = (id: number): string => `0x${id.toString(16).toUpperCase().padStart(4, '0')}`

/** The facts whose value is there. */
export const facts = (...list: readonly (Omit<Fact, 'value'> & { readonly value: FactValue | undefined })[]): Fact[] =>
  list.flatMap(({ value, ...rest }) => (value === undefined ? [] : [{ ...rest, value }]))
