/** What a label shows, from the records: its unit's own identity, its order's product and template. */
import type { LabelData } from '../../labels/label-data.ts'
import { layOutLabel, type Dpi, type Layout } from '../../labels/layout.ts'
import { OrderPlan } from '../../line/order-plan.ts'
import { cartonData } from '../orders/order-labels.ts'
import type { OperationResult } from '../../records/operations.ts'
import type { Records } from '../../records/records.ts'
import type { Vault } from '../../security/vault.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { unitCodes } from '../orders/unit-codes.ts'

export interface LabelDrawing {
  readonly data: LabelData
  readonly layout: Layout
}

/** '2026-11-24' */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** What is in the carton now: it is closed while it has a label. */
const drawCarton = async (
  records: Records,
  { number, cartonId, plan: planText, orderNumber, at }: NonNullable<OperationResult<'cartonLabelSource'>>,
  dpi?: Dpi,
): Promise<LabelDrawing> => {
  const plan = OrderPlan.parse(JSON.parse(planText))
  if (!plan.carton) throw new RequestRefusal('not-now', 'cartons-not-used')
  const serials = (await records.ask('cartonUnits', { cartonId })).map(({ serial }) => serial)
  const data = cartonData(plan, orderNumber, { number, serials }, dayOf(at))
  return { data, layout: layOutLabel(plan.carton.template, data, dpi ?? plan.labelDpi) }
}

/**
 * @param dpi without, that of the order's printer
 * @throws RequestRefusal when there is no such label; LabelError when a field does not fit
 */
export const drawLabelOf = async (
  records: Records,
  vault: Vault,
  labelId: string,
  dpi?: Dpi,
): Promise<LabelDrawing> => {
  const source = await records.ask('labelSource', { id: labelId })
  const carton = source ? undefined : await records.ask('cartonLabelSource', { id: labelId })
  if (carton) return drawCarton(records, carton, dpi)
  if (!source) throw new RequestRefusal('not-found', 'label-unknown')
  const plan = OrderPlan.parse(JSON.parse(source.plan))
  const { qr, manualCode, madeOn } = unitCodes(plan, vault, source)
  const data: LabelData = {
    serial: source.serial,
    mac: source.mac,
    slot: source.slot,
    productName: plan.product.name,
    vendorName: plan.product.vendorName,
    vendorId: plan.product.vendorId,
    productId: plan.product.productId,
    qr,
    manualCode,
    orderNumber: source.orderNumber,
    date: madeOn ?? dayOf(source.passedAt),
    mark: plan.mark,
    fields: plan.labelFields,
  }
  return { data, layout: layOutLabel(plan.labelTemplate, data, dpi ?? plan.labelDpi) }
}
