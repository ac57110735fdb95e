/**
 * What the things that are inspected at once prove about each other: chains of certificates, keys and their certificates, the
 * Certification Declaration and the product, the code on the label and the verifier in the device.
 */
import { verifyAttestationChain } from '../matter/attestation-chain.ts'
import type { AttestationFault } from '../matter/certificate-format.ts'
import { idText } from '../matter/certificate-issue.ts'
import { verifyDeclaration } from '../matter/declaration-check.ts'
import { ITERATIONS, SALT_LENGTHS, verifierMatches } from '../matter/spake2p.ts'
import type { CodeEvidence, Commissioning, Evidence, FoundCertificate, Inspection, Problem } from './inspection.ts'

/** Everything that was found, in one. */
interface Gathered {
  readonly certificates: readonly FoundCertificate[]
  readonly declarations: readonly Uint8Array[]
  readonly publicKeys: readonly Uint8Array[]
  readonly products: readonly { readonly vendorId: number; readonly productId: number }[]
  readonly commissionings: readonly Commissioning[]
  readonly codes: readonly CodeEvidence[]
}

/** What was checked, in words, and what was wrong with it. */
export interface Together {
  readonly checks: readonly { readonly words: string; readonly right: boolean }[]
  readonly problems: readonly Problem[]
}

const flat = (inspections: readonly Inspection[]): Inspection[] =>
  inspections.flatMap((inspection) => [inspection, ...flat(inspection.parts ?? [])])

const gather = (inspections: readonly Inspection[]): Gathered => {
  const evidence = flat(inspections).map((inspection): Evidence => inspection.evidence)
  const certificates = evidence.flatMap((found) => found.certificates ?? [])
  return {
    // The same certificate may stand in a partition and in a file of its own.
    certificates: certificates.filter(
      ({ der }, index) => certificates.findIndex((other) => Buffer.compare(other.der, der) === 0) === index,
    ),
    declarations: evidence.flatMap((found) => found.declarations ?? []),
    publicKeys: evidence.flatMap((found) => found.publicKeys ?? []),
    products: evidence.flatMap((found) => (found.product ? [found.product] : [])),
    commissionings: evidence.flatMap((found) => (found.commissioning ? [found.commissioning] : [])),
    codes: evidence.flatMap((found) => found.codes ?? []),
  }
}

const error = (code: string, message: string): Problem => ({ severity: 'error', code, message })
const note = (code: string, message: string): Problem => ({ severity: 'note', code, message })

/** Collects checks with their problems. */
class Checks implements Together {
  readonly checks: { words: string; right: boolean }[] = []
  readonly problems: Problem[] = []

  add(words: string, problems: readonly Problem[]): void {
    this.checks.push({ words, right: !problems.some(({ severity }) => severity === 'error') })
    this.problems.push(...problems)
  }
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0

/** The authority whose key identifier a certificate names; else, for a PAI, the only one that there is. */
const issuerOf = (below: FoundCertificate, certificates: readonly FoundCertificate[]): FoundCertificate | undefined => {
  const candidates = certificates.filter(({ role }) => role === (below.role === 'dac' ? 'pai' : 'paa'))
  const identifier = below.certificate?.authorityKeyIdentifier
  return (
    candidates.find(({ certificate }) => same(certificate?.subjectKeyIdentifier, identifier)) ??
    (candidates.length === 1 && below.role === 'dac' ? candidates[0] : undefined)
  )
}

const asProblems = (faults: readonly AttestationFault[], known: ReadonlySet<string>): Problem[] =>
  faults.filter(({ message }) => !known.has(message)).map(({ code, message }) => error(code, message))

const checkChains = (found: Gathered, known: ReadonlySet<string>, now: Date, checks: Checks): void => {
  const dacs = found.certificates.filter(({ role }) => role === 'dac')
  const pais = found.certificates.filter(({ role }) => role === 'pai')
  for (const dac of dacs) {
    const pai = issuerOf(dac, found.certificates)
    if (!pai) {
      checks.problems.push(note('pai-not-given', 'the PAI of the DAC was not given, so its chain is not checked'))
      continue
    }
    const paa = issuerOf(pai, found.certificates)
    const faults = verifyAttestationChain({ dac: dac.der, pai: pai.der, paa: paa?.der }, now)
    checks.add(
      paa ? 'the DAC is under the PAI, and the PAI under the PAA' : 'the DAC is under the PAI',
      asProblems(faults, known),
    )
    if (!paa)
      checks.problems.push(
        note('paa-not-given', 'the PAA was not given, so nothing says whether the PAI may be trusted'),
      )
  }
  if (dacs.length > 0) return
  for (const pai of pais) {
    const paa = issuerOf(pai, found.certificates)
    if (!paa) continue
    const faults = verifyAttestationChain({ pai: pai.der, paa: paa.der }, now)
    checks.add('the PAI is under the PAA', asProblems(faults, known))
  }
}

const checkKeys = (found: Gathered, checks: Checks): void => {
  const owners = found.certificates.filter(({ certificate }) => certificate)
  if (owners.length === 0) return
  for (const publicKey of found.publicKeys) {
    const owner = owners.find(({ certificate }) => same(certificate?.publicKey, publicKey))
    if (owner) checks.add(`the private key belongs to the ${owner.role.toUpperCase()}`, [])
    else
      checks.add('the private key belongs to a certificate', [
        error(
          'key-differs',
          `the private key belongs to none of the certificates (${owners.map(({ role }) => role.toUpperCase()).join(', ')})`,
        ),
      ])
  }
}

const checkDeclarations = (found: Gathered, checks: Checks): void => {
  const ofRole = (role: FoundCertificate['role']) => found.certificates.find((item) => item.role === role)
  const signers = found.certificates.flatMap(({ role, certificate }) =>
    role === 'dac' || !certificate ? [] : [certificate],
  )
  const [product] = found.products
  const dacFound = ofRole('dac')
  const dac = dacFound?.certificate
  const pai = (dacFound ? issuerOf(dacFound, found.certificates) : ofRole('pai'))?.certificate
  for (const declaration of found.declarations) {
    const faults = verifyDeclaration(declaration, { signers, product, dac, pai, paa: pai?.authorityKeyIdentifier })
    // The declaration by itself was judged where it stands; an unknown signer only means that it was not given.
    const unknown = faults.find(({ code }) => code === 'signer-unknown')
    const problems = faults
      .filter(({ code }) => !['unreadable', 'format-version', 'certification-type', 'signer-unknown'].includes(code))
      .map(({ code, message }) => error(code, `Certification Declaration: ${message}`))
    const held = [product && 'the product', dac && 'the DAC', pai && 'the PAI', !unknown && 'its signer'].filter(
      Boolean,
    )
    if (held.length > 0) checks.add(`the Certification Declaration fits ${held.join(', ')}`, problems)
    if (unknown) checks.problems.push(note('signer-not-given', `Certification Declaration: ${unknown.message}`))
  }
}

const checkIds = (found: Gathered, checks: Checks): void => {
  const [product] = found.products
  if (!product) return
  const isProduct = (vendorId: number | undefined, productId: number | undefined): boolean =>
    found.products.some((known) => known.vendorId === vendorId && known.productId === productId)
  const dac = found.certificates.find(({ role }) => role === 'dac')?.certificate
  // With a Certification Declaration its DAC origin decides; it was held against the DAC already.
  if (dac && found.declarations.length === 0) {
    const right = isProduct(dac.vendorId, dac.productId)
    const words = [dac.vendorId, dac.productId].map((id) => (id === undefined ? 'none' : idText(id))).join('/')
    const message = `the DAC is of ${words}, the product is ${idText(product.vendorId)}/${idText(product.productId)}`
    checks.add('the DAC is that of the product', right ? [] : [error('product-differs', message)])
  }
  for (const { vendorId, productId } of found.codes) {
    if (vendorId === undefined || productId === undefined) continue
    const right = isProduct(vendorId, productId)
    const message = `the code is of ${idText(vendorId)}/${idText(productId)}, the product is ${idText(product.vendorId)}/${idText(product.productId)}`
    checks.add('the code is that of the product', right ? [] : [error('product-differs', message)])
  }
}

type Check = { readonly words: string; readonly problems: readonly Problem[] }

/** What a code and a device say of each other. */
const agreement = (code: CodeEvidence, device: Commissioning): Check[] => {
  const { discriminator, verifier, salt, iterations } = device
  const list: Check[] = []
  if (discriminator !== undefined) {
    const right =
      code.discriminator === undefined
        ? discriminator >> 8 === code.shortDiscriminator
        : discriminator === code.discriminator
    const stated = code.discriminator ?? `${code.shortDiscriminator} for its upper bits`
    const message = `the device has discriminator ${discriminator}, the code says ${stated}`
    const problems = right ? [] : [error('discriminator-differs', message)]
    list.push({ words: 'the discriminator of the code is that of the device', problems })
    // It is another device's then, and its verifier need not be computed.
    if (!right) return list
  }
  const within = (value: number, { least, most }: { least: number; most: number }) => value >= least && value <= most
  if (
    verifier &&
    salt &&
    within(salt.length, SALT_LENGTHS) &&
    iterations !== undefined &&
    within(iterations, ITERATIONS)
  ) {
    const right = verifierMatches(verifier, { passcode: code.passcode, salt, iterations })
    const message =
      'the verifier of the device was not made from the passcode of the code: this label would not commission it'
    const problems = right ? [] : [error('passcode-differs', message)]
    list.push({ words: 'the passcode of the code opens the device', problems })
  }
  return list
}

/** Of several devices a code needs to be that of one. */
const checkCommissioning = ({ codes, commissionings }: Gathered, checks: Checks): void => {
  const count = (list: readonly Check[]): number => list.reduce((sum, { problems }) => sum + problems.length, 0)
  for (const code of codes) {
    const [best] = commissionings
      .map((device) => agreement(code, device))
      .filter((list) => list.length > 0)
      .toSorted((a, b) => count(a) - count(b) || b.length - a.length)
    for (const { words, problems } of best ?? []) checks.add(words, problems)
  }
}

const checkCodes = ({ codes, commissionings }: Gathered, checks: Checks): void => {
  // With several devices there, the codes may well be theirs.
  if (commissionings.length > 1) return
  const [first, ...others] = codes
  for (const other of others) {
    const right =
      first?.passcode === other.passcode &&
      first.shortDiscriminator === other.shortDiscriminator &&
      (first.discriminator ?? other.discriminator) === (other.discriminator ?? first.discriminator)
    checks.add(
      'the codes say the same',
      right ? [] : [error('codes-differ', 'the codes do not say the same passcode and discriminator')],
    )
  }
}

/** @param known messages that were given already */
export const inspectTogether = (inspections: readonly Inspection[], now: Date): Together => {
  const found = gather(inspections)
  const known = new Set(flat(inspections).flatMap(({ problems }) => problems.map(({ message }) => message)))
  const checks = new Checks()
  checkChains(found, known, now, checks)
  checkKeys(found, checks)
  checkDeclarations(found, checks)
  checkIds(found, checks)
  checkCodes(found, checks)
  checkCommissioning(found, checks)
  return { checks: checks.checks, problems: checks.problems }
}
