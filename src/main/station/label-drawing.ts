/** What a label shows, from the records: its unit's own identity, its order's product and template. */
import type { LabelData } from '../labels/label-data.ts'
import { layOutLabel, type Dpi, type Layout } from '../labels/layout.ts'
import { openSecrets } from '../identities/identity.ts'
import { OrderPlan } from '../line/order-plan.ts'
import { encodeManualCode, encodeQrPayload } from '../matter/onboarding-payload.ts'
import type { Records } from '../records/records.ts'
import type { Vault } from '../security/vault.ts'
import { onboardingOf } from './onboarding.ts'
import { RequestRefusal } from './request-refusal.ts'

export interface LabelDrawing {
  readonly data: LabelData
  readonly layout: Layout
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
  if (!source) throw new RequestRefusal('not-found', 'label-unknown')
  const plan = OrderPlan.parse(JSON.parse(source.plan))
  const secrets = openSecrets(vault, source.id, source.sealed)
  const payload = onboardingOf(plan, secrets)
  const data: LabelData = {
    serial: source.serial,
    mac: source.mac,
    slot: source.slot,
    productName: plan.product.name,
    vendorName: plan.product.vendorName,
    vendorId: plan.product.vendorId,
    productId: plan.product.productId,
    qr: encodeQrPayload(payload),
    manualCode: encodeManualCode(payload),
    orderNumber: source.orderNumber,
    date: secrets.madeOn,
    mark: plan.mark,
    fields: plan.labelFields,
  }
  return { data, layout: layOutLabel(plan.labelTemplate, data, dpi ?? plan.labelDpi) }
}
