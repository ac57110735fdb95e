/** An order made ready: firmware and attestation read from their files and checked, before any slot starts. */
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  widestSerial,
  type BoardChecks,
  type ImageDigest,
  type InputFault,
  type SerialScheme,
} from '../../../contract/index.ts'
import { factoryImage } from '../../identities/factory-image.ts'
import {
  AttestationSourceError,
  isTestVendor,
  loadPai,
  loadSourceUnder,
  type AttestationSource,
  type DacOrigin,
} from '../../identities/attestation-source.ts'
import type { Dac } from '../../generation/plan.ts'
import { makeSecrets, newDac, type IdentityPlan } from '../../identities/make-identity.ts'
import { chipByName } from '../../espressif/chips.ts'
import { NvsError } from '../../espressif/nvs-entry.ts'
import { FaultError, faultOf } from '../../fault-error.ts'
import { fileFault } from '../../file-fault.ts'
import { readRelease, ReleaseError, type Release } from '../../firmware/release.ts'
import { parseReset } from '../../flashing/loader/reset-text.ts'
import { factoryProduct, type MadePlan, type OrderPlan } from '../../line/order-plan.ts'
import { signingKey } from '../../matter/key-pair.ts'
import type { AttestationCertificate } from '../../matter/certificate-read.ts'
import { readDeclaration } from '../../matter/certification-declaration.ts'
import { verifyDeclaration, type DeclarationFault } from '../../matter/declaration-check.ts'
import { LabelError } from '../../labels/label-error.ts'
import { labelFault } from '../../labels/label-fault.ts'
import type { Dpi } from '../../labels/layout.ts'
import type { OrderRemarks } from '../../records/order-records.ts'
import { tryOrderLabels, type OrderLabels } from './order-labels.ts'
import { KeyFileError, readEncryption, type OrderEncryption } from './order-encryption.ts'

/** What a person, or the demo, asks for. */
export interface OrderRequest {
  readonly number: string
  readonly quantity: number
  readonly product: OrderPlan['product']
  readonly serial: SerialScheme
  readonly releaseFolder: string
  readonly factoryPartition: string | null
  readonly baud: number
  readonly boards: BoardChecks
  readonly paiCertificate: string
  /** Who signs the DACs, or where those that were bought lie. */
  readonly dacs: DacOrigin
  /** Of the PAI's key or of the DACs' keys, where they are encrypted. It is used now and not kept in the records. */
  readonly password?: string | undefined
  readonly certificationDeclaration: string | null
  /** The boards are simulated: labels say DEMO. */
  readonly simulated: boolean
  /** Test attestation on real boards, on purpose: labels say TEST. */
  readonly testBuild: boolean
  readonly labels: OrderLabels
  /** Resolution of the label printer. */
  readonly dpi: Dpi
  /** Chips that the product allows; any without. */
  readonly chips?: readonly string[] | undefined
  /** What is kept with a new order. */
  readonly remarks?: OrderRemarks | undefined
}

export interface PreparedOrder {
  readonly request: Pick<OrderRequest, 'number' | 'quantity' | 'remarks'>
  readonly plan: OrderPlan
  /** What units are made of; null where modules that came provisioned are only labelled. */
  readonly made: {
    readonly release: Release
    readonly encryption: OrderEncryption
    readonly source: AttestationSource
  } | null
  /** Of the manifest, that are in no other order; 0 where units are made. */
  readonly modules: number
  /** What the order would be locked to now, read again; DACs and keys are not part of it. @throws OrderRefusal */
  again(): Promise<OrderPlan>
}

/** Why an order cannot be made, in one sentence that names the file or field and says what to do. */
export class OrderRefusal extends FaultError {
  readonly field:
    | 'release'
    | 'attestation'
    | 'declaration'
    | 'product'
    | 'boards'
    | 'flashKey'
    | 'nvsKeys'
    | 'labels'
    | 'manifest'
    | 'order'
  constructor(field: OrderRefusal['field'], fault: InputFault) {
    super('OrderRefusal', fault)
    this.field = field
  }
}

const ITERATIONS = 10_000
/** Certification type of a declaration for development (Matter core specification, section 6.3.1). */
const TEST_DECLARATION = 0

const refuseAs =
  (field: OrderRefusal['field'], kind: abstract new (...args: never[]) => FaultError) =>
  (error: unknown): never => {
    throw error instanceof kind ? new OrderRefusal(field, error.fault) : error
  }

/** A DAC as the units' will be; of those that were bought the one that needs the most room. */
const sampleDac = (making: IdentityPlan, { certificate, dacs }: AttestationSource): Dac => {
  if (dacs.kind === 'bought')
    return dacs.all.reduce((most, dac) => (dac.certificate.length > most.certificate.length ? dac : most))
  const issuer = {
    subject: certificate.subject,
    key: signingKey(dacs.key),
    keyIdentifier: certificate.subjectKeyIdentifier ?? new Uint8Array(),
  }
  return newDac(making, issuer, '00000000-0000-4000-8000-000000000000', new Date(), randomBytes)
}

/** A made-up unit shows whether the partition holds what a unit needs; it is thrown away. */
const tryFactoryImage = (plan: MadePlan, source: AttestationSource): void => {
  const { vendorId, productId } = plan.product
  const making = { orderId: 'sample', vendorId, productId, iterations: plan.iterations, validTo: source.validTo }
  const sample = makeSecrets(
    making,
    sampleDac(making, source),
    widestSerial(plan.serial, new Date()),
    new Date(),
    randomBytes,
  )
  try {
    factoryImage(sample, factoryProduct(plan), plan.release.factory.size)
  } catch (error) {
    if (!(error instanceof NvsError)) throw error
    const values = { partition: plan.release.factory.label, folder: plan.release.folder }
    throw error.code === 'full'
      ? new OrderRefusal('release', faultOf('factory-full', values, error.message))
      : new OrderRefusal('product', faultOf('factory-unfit', values, error.message))
  }
}

/** The first fault with a sentence of its own; all of them are the detail. */
const declarationFault = (file: string, faults: readonly DeclarationFault[]): InputFault => {
  const detail = faults.map(({ message }) => message).join('; ')
  const [first] = faults
  if (first?.code === 'unreadable') return faultOf('declaration-unreadable', { file }, detail)
  if ((first?.code === 'vendor' || first?.code === 'product') && first.values)
    return faultOf(`declaration-${first.code}`, { file, ...first.values }, faults.length > 1 ? detail : undefined)
  return faultOf('declaration-not-right', { file }, detail)
}

/** The Certification Declaration, which must be that of the product and fit the PAI and the DACs that are made under it. */
const loadDeclaration = async (
  file: string,
  { product, simulated, testBuild }: AttestationRequest,
  pai: AttestationCertificate,
): Promise<Buffer> => {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new OrderRefusal('declaration', faultOf(...fileFault(error, file, 'declaration')))
  })
  const wrong = verifyDeclaration(bytes, { product, pai })
  // The DACs have the product's IDs; only a DAC origin in the declaration can still say otherwise.
  const faults = wrong.length > 0 ? wrong : verifyDeclaration(bytes, { dac: product })
  if (faults.length > 0) throw new OrderRefusal('declaration', declarationFault(file, faults))
  if (!simulated && !testBuild && readDeclaration(bytes).declaration.certificationType === TEST_DECLARATION)
    throw new OrderRefusal('declaration', faultOf('declaration-of-test', { file }))
  return bytes
}

/** Overflow of any field is said before the order starts. */
const tryLabels = (plan: OrderPlan, orderNumber: string, dpi: Dpi): void => {
  try {
    tryOrderLabels(plan, orderNumber, dpi)
  } catch (error) {
    if (error instanceof LabelError) throw new OrderRefusal('labels', labelFault(error))
    throw error
  }
}

/** What the chip encrypts cannot be read back, and only a chip with flash encryption, and a loader that knows of it, encrypts. */
const refuseBoards = (
  { security, encryption, flashKey, nvsKeys, allowUnverified, reset }: BoardChecks,
  { chip }: Release,
): void => {
  try {
    if (reset !== null) parseReset(reset)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new OrderRefusal('boards', faultOf('reset-unreadable', {}, error.message))
  }
  if (flashKey !== null && encryption === 'by-device') throw new OrderRefusal('boards', faultOf('encrypted-twice'))
  if (flashKey !== null && !security.flashEncryption)
    throw new OrderRefusal('boards', faultOf('flash-key-without-encryption'))
  if (nvsKeys !== null && !security.flashEncryption)
    throw new OrderRefusal('boards', faultOf('nvs-keys-without-encryption'))
  if (encryption === 'none') return
  if (!chip.beginHasEncryptedWord)
    throw new OrderRefusal('boards', faultOf('loader-without-encryption', { chip: chip.label }))
  if (!security.flashEncryption) throw new OrderRefusal('boards', faultOf('by-device-without-encryption'))
  if (!allowUnverified) throw new OrderRefusal('boards', faultOf('by-device-unverified'))
}

export interface AttestationRequest extends Pick<
  OrderRequest,
  'paiCertificate' | 'dacs' | 'password' | 'certificationDeclaration' | 'simulated' | 'testBuild'
> {
  readonly product: Pick<OrderRequest['product'], 'vendorId' | 'productId'>
}

export interface Documents {
  readonly pai: AttestationCertificate
  readonly declaration: Buffer | null
}

/** The PAI and the Certification Declaration of a product, checked against it. @throws OrderRefusal */
const readDocuments = async (request: AttestationRequest, now: Date): Promise<Documents> => {
  const { product, paiCertificate, certificationDeclaration } = request
  const pai = await loadPai(paiCertificate, product, now).catch(refuseAs('attestation', AttestationSourceError))
  if (!request.simulated && !request.testBuild && isTestVendor(product.vendorId))
    throw new OrderRefusal('attestation', faultOf('pai-of-test', { file: paiCertificate }))
  const declaration =
    certificationDeclaration === null ? null : await loadDeclaration(certificationDeclaration, request, pai)
  return { pai, declaration }
}

/** The PAI's key, or the DACs that were bought under it. @throws OrderRefusal */
const readSource = (request: AttestationRequest, pai: AttestationCertificate, now: Date): Promise<AttestationSource> =>
  loadSourceUnder(pai, request, request.product, now).catch(refuseAs('attestation', AttestationSourceError))

/** Reads PAI, Certification Declaration, and key or DACs of a product, to check them against it. @throws OrderRefusal */
export const readAttestation = async (request: AttestationRequest): Promise<Documents> => {
  const now = new Date()
  const documents = await readDocuments(request, now)
  await readSource(request, documents.pai, now)
  return documents
}

export const digestsOf = (release: Release): ImageDigest[] =>
  release.images.map(({ name, offset, bytes }) => ({
    name,
    offset,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }))

const checkChip = ({ chip, name }: Release, { chips, product, releaseFolder }: OrderRequest): void => {
  if (chips && !chips.includes(chip.name))
    throw new OrderRefusal(
      'release',
      faultOf('chip-not-allowed', {
        folder: releaseFolder,
        name,
        chip: chip.label,
        product: product.name,
        chips: chips.map((allowed) => chipByName(allowed)?.label ?? allowed).join(', '),
      }),
    )
}

/** Printed on every label of what is not for sale. */
export const markOf = ({ simulated, testBuild }: Pick<OrderRequest, 'simulated' | 'testBuild'>): OrderPlan['mark'] =>
  simulated ? 'DEMO' : testBuild ? 'TEST' : null

interface Locked {
  readonly release: Release
  readonly encryption: OrderEncryption
  readonly pai: AttestationCertificate
  readonly plan: MadePlan
}

/** Reads everything that an order is locked to: all that is alike in its units. @throws OrderRefusal */
const readLocked = async (request: OrderRequest, now: Date): Promise<Locked> => {
  const release = await readRelease(request.releaseFolder, {
    factoryLabel: request.factoryPartition ?? undefined,
  }).catch(refuseAs('release', ReleaseError))
  checkChip(release, request)
  refuseBoards(request.boards, release)
  const encryption = await readEncryption(request.boards, release).catch((error: unknown) => {
    throw error instanceof KeyFileError ? new OrderRefusal(error.field, error.fault) : error
  })
  const { pai, declaration } = await readDocuments(request, now)
  const plan: MadePlan = {
    product: request.product,
    chip: release.chip.name,
    baud: request.baud,
    boards: request.boards,
    flashKey: encryption.flashKey,
    nvsKeys: encryption.nvsKeys,
    release: {
      folder: request.releaseFolder,
      name: release.name,
      version: release.version,
      digest: release.digest,
      images: digestsOf(release),
      flashNeeded: release.flashNeeded,
      factory: { label: release.factory.label, offset: release.factory.offset, size: release.factory.size },
    },
    manifest: null,
    iterations: ITERATIONS,
    serial: request.serial,
    attestation: {
      paiCertificate: Buffer.from(pai.der).toString('base64'),
      certificationDeclaration: declaration?.toString('base64') ?? null,
    },
    mark: markOf(request),
    testBuild: request.testBuild,
    ...request.labels,
    labelDpi: request.dpi,
  }
  return { release, encryption, pai, plan }
}

/** @throws OrderRefusal */
export const prepareOrder = async (request: OrderRequest): Promise<PreparedOrder> => {
  const now = new Date()
  const { release, encryption, pai, plan } = await readLocked(request, now)
  const source = await readSource(request, pai, now)
  tryFactoryImage(plan, source)
  tryLabels(plan, request.number, request.dpi)
  return {
    request,
    plan,
    made: { release, encryption, source },
    modules: 0,
    again: async () => (await readLocked(request, new Date())).plan,
  }
}
