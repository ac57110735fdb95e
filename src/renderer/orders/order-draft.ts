/** The form of an order while it is filled in: text as typed, and the way to what the station takes. */
import { OrderInput, OrderNumber, type OrderFields } from '../../contract/index.ts'

export interface OrderDraft {
  number: string
  productId: string | null
  /** Are its units made, or modules labelled that came provisioned? */
  source: 'make' | 'label'
  releaseId: string | null
  manifestId: string | null
  quantity: string
  /** '2026-12-24', or empty. */
  due: string
  lot: string
  customerReference: string
  notes: string
  firstArticle: boolean
}

export type OrderDraftField = 'number' | 'productId' | 'releaseId' | 'manifestId' | 'quantity'

/** @param firstArticle where the fields do not say */
export const orderDraftOf = (fields: OrderFields, firstArticle: boolean): OrderDraft => ({
  number: fields.number ?? '',
  productId: fields.productId ?? null,
  source: fields.manifestId ? 'label' : 'make',
  releaseId: fields.releaseId ?? null,
  manifestId: fields.manifestId ?? null,
  quantity: fields.quantity === undefined ? '' : String(fields.quantity),
  due: fields.due ?? '',
  lot: fields.lot ?? '',
  customerReference: fields.customerReference ?? '',
  notes: fields.notes ?? '',
  firstArticle: fields.firstArticle ?? firstArticle,
})

/** The key of a sentence for each field that the station would refuse. */
export const orderFaults = (draft: OrderDraft): Partial<Record<OrderDraftField, string>> => {
  const quantity = OrderInput.shape.quantity.safeParse(Number(draft.quantity))
  return {
    ...(OrderNumber.safeParse(draft.number).success ? {} : { number: 'orders.invalid.number' }),
    ...(draft.productId === null ? { productId: 'orders.invalid.needed' } : {}),
    ...(draft.source === 'make' && draft.releaseId === null ? { releaseId: 'orders.invalid.needed' } : {}),
    ...(draft.source === 'label' && draft.manifestId === null ? { manifestId: 'orders.invalid.needed' } : {}),
    ...(/^\d+$/.test(draft.quantity.trim()) && quantity.success ? {} : { quantity: 'orders.invalid.quantity' }),
  }
}

/** Only meaningful where `orderFaults` finds nothing. */
export const orderInputOf = (draft: OrderDraft): OrderInput => ({
  number: draft.number.trim(),
  productId: draft.productId ?? '',
  releaseId: draft.source === 'make' ? draft.releaseId : null,
  manifestId: draft.source === 'label' ? draft.manifestId : null,
  quantity: Number(draft.quantity),
  due: draft.due === '' ? null : draft.due,
  lot: draft.lot.trim(),
  customerReference: draft.customerReference.trim(),
  notes: draft.notes.trim(),
  firstArticle: draft.firstArticle,
})
