/** Products: entered by an engineer, read and checked with their files, kept; a password is sealed and never given back. */
import { randomUUID } from 'node:crypto'
import { ProductDefinition, type ProductEntry, type ProductView } from '../../../contract/index.ts'
import type { DacOrigin } from '../../identities/attestation-source.ts'
import { faultOf } from '../../fault-error.ts'
import { LabelError } from '../../labels/label-error.ts'
import { labelFault } from '../../labels/label-fault.ts'
import type { TemplateLibrary } from '../../labels/template-library.ts'
import type { SavedProduct } from '../../records/product-records.ts'
import type { ProductTable } from '../../records/schema.ts'
import type { Records } from '../../records/records.ts'
import type { Vault } from '../../security/vault.ts'
import { demoAttestation } from './demo-order.ts'
import { orderLabels } from './order-labels.ts'
import { sha256 } from './order-locks.ts'
import { KeyFileError, keyFingerprint, readFlashKey, readNvsKeyFile } from './order-encryption.ts'
import { OrderRefusal, readAttestation, type OrderRequest } from './prepare-order.ts'
import { RequestRefusal } from '../request-refusal.ts'

export interface ProductKeeping {
  readonly records: Records
  readonly vault: Vault
  readonly templates: TemplateLibrary
}

export const keepingOf = ({
  data,
  templates,
}: {
  readonly data: Pick<ProductKeeping, 'records' | 'vault'>
  readonly templates: TemplateLibrary
}): ProductKeeping => ({
  records: data.records,
  vault: data.vault,
  templates,
})

/** Bit mask of discovery capabilities: BLE. */
const BLE = 2

const passwordSubject = (id: string): string => `product ${id} password`

export const passwordOf = (vault: Vault, { id, sealed_password: sealed }: ProductTable): string | undefined =>
  sealed === null ? undefined : Buffer.from(vault.open(passwordSubject(id), sealed)).toString('utf8')

export type ProductPart = Pick<OrderRequest, 'product' | 'serial' | 'chips' | 'testBuild' | 'boards'>
export type AttestationPart = Pick<OrderRequest, 'paiCertificate' | 'dacs' | 'password' | 'certificationDeclaration'>

/** What attests the units of a product that the line makes. @throws OrderRefusal for a product that is only labelled */
export const attestationPart = (
  { name, attestation, certificationDeclaration }: ProductDefinition,
  password: string | undefined,
): AttestationPart => {
  if (attestation.kind === 'none') throw new OrderRefusal('attestation', faultOf('no-pai', { product: name }))
  if (attestation.kind === 'test') return { ...demoAttestation(), certificationDeclaration }
  const dacs: DacOrigin =
    attestation.kind === 'pai' ? { kind: 'signed', key: attestation.key } : { kind: 'bought', path: attestation.dacs }
  return { paiCertificate: attestation.certificate, dacs, password, certificationDeclaration }
}

/** What an order takes from its product, but for the labels and the attestation. */
export const productPart = (definition: ProductDefinition): ProductPart => ({
  product: {
    name: definition.name,
    vendorName: definition.vendorName,
    vendorId: definition.vendorId,
    productId: definition.productId,
    hardwareVersion: definition.hardwareVersion,
    hardwareVersionString: definition.hardwareVersionString,
    discovery: BLE,
  },
  serial: definition.serial,
  chips: definition.chips,
  testBuild: definition.testBuild,
  boards: definition.boards,
})

type FileDigests = Pick<ProductView, 'paiDigest' | 'declarationDigest'> &
  Partial<Pick<ProductView, 'flashKeyDigest' | 'nvsKeysDigest'>>

/** What ends up in a unit or on its label: where files lie, and which chips are allowed, does not. */
const writtenPart = (definition: ProductDefinition, digests: FileDigests) => {
  const { product, serial, testBuild, boards } = productPart(definition)
  return {
    product,
    serial,
    testBuild,
    boards: { ...boards, flashKey: undefined, nvsKeys: undefined },
    labels: definition.labels,
    ...digests,
  }
}

const orRefusal = async <T>(work: () => T | Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof OrderRefusal || error instanceof KeyFileError)
      throw new RequestRefusal('invalid', 'product-not-right', {}, error.fault)
    if (error instanceof LabelError) throw new RequestRefusal('invalid', 'product-not-right', {}, labelFault(error))
    throw error
  }
}

const refuseWhileUsed = async (records: Records, id: string, name: string): Promise<void> => {
  const orders = (await records.ask('openOrderNumbers')).filter(({ productId }) => productId === id)
  if (orders.length > 0)
    throw new RequestRefusal('not-now', 'product-in-use', {
      name,
      orders: orders.map(({ number }) => number).join(', '),
    })
}

/**
 * A product as it is to be kept, after its PAI, key, Certification Declaration and label template were read and found right.
 *
 * @param simulated units are made on simulated boards: test attestation needs no saying so
 * @throws RequestRefusal
 */
export const productToSave = async (
  { records, vault, templates }: ProductKeeping,
  { id: given, definition, password }: ProductEntry,
  simulated: boolean,
  who: string,
): Promise<SavedProduct> => {
  const all = await records.ask('products')
  const known = all.find(({ id }) => id === given)
  if (given !== null && !known) throw new RequestRefusal('not-found', 'product-unknown')
  if (all.some(({ id, name }) => name === definition.name && id !== given))
    throw new RequestRefusal('invalid', 'product-name-taken', { name: definition.name })
  const id = known?.id ?? randomUUID()
  const key = password === undefined ? known && passwordOf(vault, known) : (password ?? undefined)
  const { flashKey, nvsKeys } = definition.boards
  const { pai, declaration, flashKeyDigest, nvsKeysDigest } = await orRefusal(async () => {
    await orderLabels(templates, definition.labels)
    const attestation =
      definition.attestation.kind === 'none'
        ? { pai: null, declaration: null }
        : await readAttestation({ ...productPart(definition), ...attestationPart(definition, key), simulated })
    return {
      ...attestation,
      flashKeyDigest: flashKey === null ? null : keyFingerprint(await readFlashKey(flashKey)),
      nvsKeysDigest: nvsKeys === null ? null : keyFingerprint((await readNvsKeyFile(nvsKeys)).bytes),
    }
  })
  const written = JSON.stringify(
    writtenPart(definition, {
      paiDigest: pai && sha256(pai.der),
      declarationDigest: declaration && sha256(declaration),
      // Left out where there is none, as it is in what earlier programs kept.
      ...(flashKeyDigest === null ? {} : { flashKeyDigest }),
      ...(nvsKeysDigest === null ? {} : { nvsKeysDigest }),
    }),
  )
  if (known && known.written !== written) await refuseWhileUsed(records, id, known.name)
  return {
    id,
    name: definition.name,
    definition: JSON.stringify(definition),
    written,
    sealedPassword:
      typeof password === 'string' ? vault.seal(passwordSubject(id), Buffer.from(password, 'utf8')) : password,
    who,
    at: Date.now(),
  }
}

/** Keeps a product. @returns its id @throws RequestRefusal */
export const saveProduct = async (
  keeping: ProductKeeping,
  entry: ProductEntry,
  simulated: boolean,
  who: string,
): Promise<string> => {
  const product = await productToSave(keeping, entry, simulated, who)
  await keeping.records.ask('saveProduct', product)
  return product.id
}

/** @throws RequestRefusal */
export const archiveProduct = async (
  records: Records,
  { id, archived }: { readonly id: string; readonly archived: boolean },
  who: string,
): Promise<void> => {
  const known = await records.ask('findProduct', { id })
  if (!known) throw new RequestRefusal('not-found', 'product-unknown')
  if (archived) await refuseWhileUsed(records, id, known.name)
  await records.ask('archiveProduct', { id, archived, who, at: Date.now() })
}

export const definitionOf = ({ definition }: ProductTable): ProductDefinition =>
  ProductDefinition.parse(JSON.parse(definition))

/** The product of a station that makes one only; null where there is none, or a choice. */
export const onlyProduct = async (records: Records): Promise<ProductDefinition | null> => {
  const [first, second] = (await records.ask('products')).filter((product) => product.archived_at === null)
  return first && !second ? definitionOf(first) : null
}

export const productViews = async (records: Records): Promise<ProductView[]> => {
  const open = await records.ask('openOrderNumbers')
  return (await records.ask('products')).map((product) => {
    const written = JSON.parse(product.written) as FileDigests
    return {
      id: product.id,
      definition: definitionOf(product),
      hasPassword: product.sealed_password !== null,
      paiDigest: written.paiDigest,
      declarationDigest: written.declarationDigest,
      flashKeyDigest: written.flashKeyDigest ?? null,
      nvsKeysDigest: written.nvsKeysDigest ?? null,
      archived: product.archived_at !== null,
      openOrders: open.filter(({ productId }) => productId === product.id).map(({ number }) => number),
      changedAt: product.changed_at,
      changedBy: product.changed_by,
    }
  })
}
