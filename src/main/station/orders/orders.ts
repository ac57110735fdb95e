/** Orders as things of their own: made from a product and a release, prepared again to be opened, and shown. */
import { randomUUID } from 'node:crypto'
import type { FaultPlace, InputFault, OrderDetails, OrderInput, ProductDefinition } from '../../../contract/index.ts'
import { faultOf, unworded } from '../../fault-error.ts'
import { LabelError } from '../../labels/label-error.ts'
import { labelFault } from '../../labels/label-fault.ts'
import type { TemplateLibrary } from '../../labels/template-library.ts'
import { chipLabels, OrderPlan } from '../../line/order-plan.ts'
import type { NewOrder, OrderRemarks } from '../../records/order-records.ts'
import type { Records } from '../../records/records.ts'
import type { OrderTable, ProductTable } from '../../records/schema.ts'
import { findManifest, type Manifest } from './manifests.ts'
import { orderLabels, type OrderLabels } from './order-labels.ts'
import { digestOfBase64, refuseChanges, sha256 } from './order-locks.ts'
import { prepareLabelOrder } from './prepare-label-order.ts'
import { OrderRefusal, prepareOrder, type PreparedOrder } from './prepare-order.ts'
import { attestationPart, definitionOf, passwordOf, productPart, type ProductKeeping } from './products.ts'
import { RequestRefusal } from '../request-refusal.ts'
import type { Workplace } from '../workplace.ts'

/** The labels that a product's orders get now. @throws OrderRefusal */
export const labelsOf = (
  templates: TemplateLibrary,
  { labels }: Pick<ProductDefinition, 'labels'>,
): Promise<OrderLabels> =>
  orderLabels(templates, labels).catch((error: unknown) => {
    throw error instanceof LabelError ? new OrderRefusal('labels', labelFault(error)) : error
  })

const remarksOf = (input: OrderInput, who: string): OrderRemarks => ({
  productId: input.productId,
  releaseId: input.releaseId,
  manifestId: input.manifestId,
  due: input.due,
  lot: input.lot,
  customerReference: input.customerReference,
  notes: input.notes,
  firstArticle: input.firstArticle,
  who,
})

/** What every order of a product takes from it, but for how its units are attested. */
const commonPart = (
  definition: ProductDefinition,
  { number, quantity }: Pick<OrderInput, 'number' | 'quantity'>,
  labels: OrderLabels,
  { baud, simulated, dpi }: Workplace,
) => ({ ...productPart(definition), number, quantity, labels, baud, simulated, dpi })

const prepareNew = async (
  keeping: ProductKeeping,
  product: ProductTable,
  input: OrderInput,
  place: Workplace,
  who: string,
): Promise<PreparedOrder> => {
  const { records, vault, templates } = keeping
  const { number, releaseId, manifestId } = input
  const definition = definitionOf(product)
  const common = {
    ...commonPart(definition, input, await labelsOf(templates, definition), place),
    remarks: remarksOf(input, who),
  }
  if (manifestId !== null && releaseId === null) {
    const manifest = await findManifest(records, manifestId)
    if (!manifest) throw new RequestRefusal('invalid', 'order-manifest-unknown', { number })
    return prepareLabelOrder(keeping, { ...common, manifest })
  }
  if (releaseId === null || manifestId !== null) throw new RequestRefusal('invalid', 'order-source', { number })
  const release = await records.ask('findRelease', { id: releaseId })
  if (!release) throw new RequestRefusal('invalid', 'order-release-unknown', { number })
  const prepared = await prepareOrder({
    ...common,
    ...attestationPart(definition, passwordOf(vault, product)),
    releaseFolder: release.folder,
    factoryPartition: release.factory_partition,
  })
  if (prepared.made?.release.digest !== release.digest)
    throw new OrderRefusal(
      'release',
      faultOf('build-changed', { folder: release.folder, name: release.name, version: release.version }),
    )
  return prepared
}

const newOrder = async (
  keeping: ProductKeeping,
  input: OrderInput,
  place: Workplace,
  who: string,
): Promise<NewOrder> => {
  const product = await keeping.records.ask('findProduct', { id: input.productId })
  if (!product || product.archived_at !== null)
    throw new RequestRefusal('invalid', 'order-product-archived', { number: input.number })
  const { request, plan } = await prepareNew(keeping, product, input, place, who)
  return {
    id: randomUUID(),
    number: request.number,
    plan: JSON.stringify(plan),
    quantity: request.quantity,
    at: Date.now(),
    remarks: request.remarks,
  }
}

/** Refusals of an order that a table's row can have, too. */
const ORDER_FAULTS = [
  'order-number-taken',
  'order-product-archived',
  'order-release-unknown',
  'order-manifest-unknown',
  'order-source',
] as const

const faultOfRow = (error: RequestRefusal | OrderRefusal): InputFault => {
  if (error instanceof OrderRefusal) return error.fault
  if (error.fault) return error.fault
  const code = ORDER_FAULTS.find((each) => each === error.reason)
  return code ? faultOf(code, error.values) : unworded(error.message)
}

/**
 * Makes orders, each locked to the content that its files have now; all of them or none.
 *
 * @returns their ids
 * @throws RequestRefusal, OrderRefusal
 */
export const createOrders = async (
  keeping: ProductKeeping,
  wanted: readonly { readonly input: OrderInput; readonly where?: FaultPlace }[],
  place: Workplace,
  who: string,
): Promise<string[]> => {
  const taken = new Set(await keeping.records.ask('orderNumbers'))
  const orders: NewOrder[] = []
  for (const { input, where } of wanted) {
    try {
      if (taken.has(input.number)) throw new RequestRefusal('invalid', 'order-number-taken', { number: input.number })
      orders.push(await newOrder(keeping, input, place, who))
    } catch (error) {
      if (where === undefined || !(error instanceof RequestRefusal || error instanceof OrderRefusal)) throw error
      throw new RequestRefusal('invalid', 'table-not-right', {}, { ...faultOfRow(error), place: where })
    }
    taken.add(input.number)
  }
  await keeping.records.ask('createOrders', { orders })
  return orders.map(({ id }) => id)
}

export const keptOrder = async (records: Records, id: string): Promise<OrderTable> => {
  const order = await records.ask('findOrder', { id })
  if (!order) throw new RequestRefusal('not-found', 'order-unknown')
  return order
}

/** @throws OrderRefusal when the order is closed, or locked to other content */
export const refuseOtherOrder = (order: OrderTable, plan: OrderPlan): void => {
  if (order.closed_at !== null) throw new OrderRefusal('order', faultOf('order-is-closed', { number: order.number }))
  refuseChanges(order.number, OrderPlan.parse(JSON.parse(order.plan)), plan)
}

/**
 * An order of the records prepared to be opened: its files are read again and have to be what it is locked to.
 *
 * @throws OrderRefusal
 */
export const prepareKept = async (
  keeping: ProductKeeping,
  order: OrderTable,
  place: Workplace,
): Promise<PreparedOrder> => {
  const { records, vault } = keeping
  const product = order.product_id === null ? undefined : await records.ask('findProduct', { id: order.product_id })
  const release = order.release_id === null ? undefined : await records.ask('findRelease', { id: order.release_id })
  const { labelTemplate, labelFields, carton, manifest } = OrderPlan.parse(JSON.parse(order.plan))
  if (!product || (!release && !manifest))
    throw new OrderRefusal('order', faultOf('order-of-earlier-program', { number: order.number }))
  const definition = definitionOf(product)
  const common = commonPart(definition, order, { labelTemplate, labelFields, carton }, place)
  const prepared = release
    ? await prepareOrder({
        ...common,
        ...attestationPart(definition, passwordOf(vault, product)),
        releaseFolder: release.folder,
        factoryPartition: release.factory_partition,
      })
    : await prepareLabelOrder(keeping, { ...common, manifest: manifest as Manifest })
  refuseOtherOrder(order, prepared.plan)
  return prepared
}

/** Everything that an order's page and its traveller show. */
export const orderDetails = async (
  records: Records,
  id: string,
  currentId: string | undefined,
): Promise<OrderDetails> => {
  const order = await keptOrder(records, id)
  const plan = OrderPlan.parse(JSON.parse(order.plan))
  const { passed } = await records.ask('orderTotals', { orderId: id })
  const { attestation, labelTemplate: template } = plan
  return {
    id,
    number: order.number,
    productName: plan.product.name,
    firmware: plan.release && `${plan.release.name} ${plan.release.version}`.trim(),
    manifest: plan.manifest?.name ?? null,
    quantity: order.quantity,
    passed,
    state: order.closed_at === null ? order.state : 'closed',
    due: order.due,
    lot: order.lot,
    createdAt: order.created_at,
    current: id === currentId,
    productId: order.product_id,
    releaseId: order.release_id,
    manifestId: order.manifest_id,
    customerReference: order.customer_reference,
    notes: order.notes,
    createdBy: order.created_by,
    startedAt: order.started_at,
    endedAt: order.ended_at,
    closed: order.closed_at === null ? null : { at: order.closed_at, who: order.closed_by ?? '' },
    firstArticle: await records.ask('firstArticle', { orderId: id }),
    chip: chipLabels(plan),
    vendorId: plan.product.vendorId,
    productCode: plan.product.productId,
    testBuild: plan.mark !== null,
    locked: {
      release: plan.release?.digest ?? null,
      images: plan.release?.images ?? [],
      paiCertificate: attestation && digestOfBase64(attestation.paiCertificate),
      certificationDeclaration:
        attestation && attestation.certificationDeclaration !== null
          ? digestOfBase64(attestation.certificationDeclaration)
          : null,
      flashKey: plan.flashKey,
      nvsKeys: plan.nvsKeys,
      label: { name: template.name, version: template.version, digest: sha256(JSON.stringify(template)) },
    },
  }
}
