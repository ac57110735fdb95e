/** Who signs the run's DACs: a PAI with its key, or a PAA under which a PAI is made first. Checked before anything is written. */
import { randomBytes } from 'node:crypto'
import { verifyAttestationChain } from '../matter/attestation-chain.ts'
import { issueCertificate, keyIdentifier, serialNumberFrom } from '../matter/certificate-issue.ts'
import { readCertificate, type AttestationCertificate } from '../matter/certificate-read.ts'
import { validityWithin, type ValidityWish } from '../matter/certificate-validity.ts'
import { readKeyFile } from '../matter/key-file.ts'
import { signingKey, type KeyPair } from '../matter/key-pair.ts'
import { newKeyPair } from './device.ts'
import { GenerationError } from './generation-error.ts'
import { asInput, readInput } from './input-file.ts'
import type { AttestationPlan, DacIssuer } from './plan.ts'

export interface Product {
  readonly vendorId: number
  readonly productId: number
}

export interface AuthorityOptions {
  readonly paa?: true
  readonly pai?: true
  readonly cert?: string
  readonly key?: string
  readonly password?: string
  readonly paaCert?: string
  readonly cnPrefix: string
}

/** A PAI that was made under the PAA of the options. */
export interface MadePai {
  readonly certificate: Uint8Array
  readonly key: KeyPair
}

export interface Authority {
  readonly pai: AttestationCertificate
  /** DER of the PAA, where it was given. */
  readonly paa: Uint8Array | undefined
  /** Undefined when the PAI's key was not given. */
  readonly key: KeyPair | undefined
  readonly made: MadePai | undefined
  readonly notes: readonly string[]
}

const CERTIFICATE_SERIAL_LENGTH = 20

const certificateOf = (where: string, path: string): AttestationCertificate =>
  asInput(where, () => readCertificate(readInput(where, path), path))

/** The key, which must be that of the certificate. */
const keyOf = (
  path: string,
  password: string | undefined,
  certificate: AttestationCertificate,
  certificatePath: string,
): KeyPair => {
  const { key } = asInput('--key', () => readKeyFile(readInput('--key', path), path, password))
  if (Buffer.compare(key.publicKey, certificate.publicKey) !== 0)
    throw new GenerationError(
      `--key ${path} is not the key of --cert ${certificatePath}; give the key that belongs to it`,
    )
  return key
}

const checkChain = (where: string, chain: { pai: Uint8Array; paa: Uint8Array | undefined }, now: Date): void => {
  // Nothing is wrong with an authority that is not valid today while it is not the one that signs: `signerFault` says more.
  const faults = verifyAttestationChain(chain, now).filter(({ code }) => code !== 'not-valid-at-issuance')
  if (faults.length > 0) throw new GenerationError(`${where}: ${faults.map(({ message }) => message).join('; ')}`)
}

const checkProduct = (path: string, certificate: AttestationCertificate, product: Product): void => {
  const id = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(4, '0')}`
  const { vendorId, productId } = certificate
  if (vendorId !== undefined && vendorId !== product.vendorId)
    throw new GenerationError(
      `--cert ${path} is of vendor ${id(vendorId)}, --vendor-id is ${id(product.vendorId)}; they must be the same`,
    )
  if (productId !== undefined && productId !== product.productId)
    throw new GenerationError(
      `--cert ${path} is of product ${id(productId)}, --product-id is ${id(product.productId)}; they must be the same`,
    )
}

const makePai = (
  paa: AttestationCertificate,
  paaKey: KeyPair,
  path: string,
  options: AuthorityOptions,
  product: Product,
  wish: ValidityWish,
): { made: MadePai; notes: readonly string[] } => {
  const key = newKeyPair()
  const identifier = Buffer.from(keyIdentifier(key.publicKey)).toString('hex')
  const { validity, notes } = asInput(`--cert ${path}:`, () => validityWithin(paa, wish))
  const certificate = asInput('--cn-prefix', () =>
    issueCertificate(
      {
        role: 'pai',
        // Each PAI has a name of its own, or two of them could not be told apart.
        subject: { commonName: `${options.cnPrefix} PAI ${identifier.slice(0, 8).toUpperCase()}`, ...product },
        publicKey: key.publicKey,
        serialNumber: serialNumberFrom(randomBytes(CERTIFICATE_SERIAL_LENGTH)),
        validity,
      },
      {
        subject: paa.subject,
        key: signingKey(paaKey),
        keyIdentifier: paa.subjectKeyIdentifier ?? keyIdentifier(paa.publicKey),
      },
    ),
  )
  return { made: { certificate, key }, notes: notes.map((note) => `PAI: ${note}`) }
}

/**
 * @returns undefined when the devices have no DAC
 * @throws GenerationError naming the option and the file
 */
export const loadAuthority = (
  options: AuthorityOptions,
  product: Product,
  wish: ValidityWish,
  now: Date,
  /** Are the DACs given by options, so that a PAI need not sign any? */
  dacsGiven: boolean,
): Authority | undefined => {
  const { paa, pai, cert, key } = options
  if (paa && pai) throw new GenerationError('--paa and --pai are both given; one of them is allowed')
  if (!paa && !pai) {
    const given = cert !== undefined ? '--cert' : key !== undefined ? '--key' : dacsGiven ? 'a DAC' : undefined
    if (given !== undefined)
      throw new GenerationError(`${given} is given without --pai or --paa; say which of the two --cert is`)
    return undefined
  }
  const kind = paa ? '--paa' : '--pai'
  if (cert === undefined) throw new GenerationError(`${kind} needs the certificate beside it: --cert FILE`)
  if (paa && dacsGiven)
    throw new GenerationError('--paa makes a new PAI, which did not sign the given DACs; give their PAI: --pai')
  const certificate = certificateOf('--cert', cert)
  checkProduct(cert, certificate, product)
  if (paa) {
    if (key === undefined) throw new GenerationError('--paa needs the key beside it: --key FILE')
    const paaKey = keyOf(key, options.password, certificate, cert)
    const { made, notes } = makePai(certificate, paaKey, cert, options, product, wish)
    checkChain(`--cert ${cert}`, { pai: made.certificate, paa: certificate.der }, now)
    return { pai: readCertificate(made.certificate, 'the new PAI'), paa: certificate.der, key: made.key, made, notes }
  }
  const paaDer = options.paaCert === undefined ? undefined : certificateOf('--paa-cert', options.paaCert).der
  checkChain(`--cert ${cert}`, { pai: certificate.der, paa: paaDer }, now)
  return {
    pai: certificate,
    paa: paaDer,
    key: key === undefined ? undefined : keyOf(key, options.password, certificate, cert),
    made: undefined,
    notes: [],
  }
}

/** What the workers need of the authority; the notes say where the DACs' validity had to be shortened. */
export const attestationPlan = (
  authority: Authority,
  path: string,
  wish: ValidityWish,
): { plan: AttestationPlan; notes: readonly string[] } => {
  const { pai, key } = authority
  if (!key) return { plan: { paiCertificate: pai.der, issuer: undefined }, notes: [] }
  const { validity, notes } = asInput(`--cert ${path}:`, () => validityWithin(pai, wish))
  const issuer: DacIssuer = {
    subject: pai.subject,
    keyIdentifier: pai.subjectKeyIdentifier ?? keyIdentifier(pai.publicKey),
    privateKey: key.privateKey,
    validity,
  }
  return { plan: { paiCertificate: pai.der, issuer }, notes: notes.map((note) => `DACs: ${note}`) }
}
