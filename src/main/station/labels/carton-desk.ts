/** Cartons of the open order: units by scanned label, a label for each full carton. */
import { randomUUID } from 'node:crypto'
import type { RequestResult } from '../../../contract/index.ts'
import type { OrderPlan } from '../../line/order-plan.ts'
import type { LabelRow } from '../../records/label-records.ts'
import type { Packed } from '../../records/carton-records.ts'
import type { Records } from '../../records/records.ts'
import { CARTON_DIGITS, cartonPrefix } from '../orders/order-labels.ts'
import { RequestRefusal } from '../request-refusal.ts'

/** Of the order that is open. */
export interface CartonOrder {
  readonly id: string
  readonly number: string
  readonly plan: Pick<OrderPlan, 'carton'>
}

/** The latest cartons are shown. */
const SHOWN = 50

const sizeOf = (order: CartonOrder): number => {
  if (!order.plan.carton) throw new RequestRefusal('not-now', 'cartons-not-used')
  return order.plan.carton.size
}

const refuse = (packed: Exclude<Packed, { kind: 'added' }>, serial: string): never => {
  switch (packed.kind) {
    case 'packed-before':
      throw new RequestRefusal('not-now', 'packed-before', { serial, number: packed.number })
    case 'other-order':
      throw new RequestRefusal('not-now', 'other-order', { serial, order: packed.order })
    case 'no-label':
      throw new RequestRefusal('not-now', 'label-not-confirmed', { serial })
  }
}

export const listCartons = async (records: Records, order: CartonOrder): Promise<RequestResult<'cartons.list'>> => ({
  size: order.plan.carton?.size ?? null,
  cartons: (await records.ask('cartons', { orderId: order.id, limit: SHOWN })).map((carton) => ({ ...carton })),
})

/** @param prints does a full carton get a label? */
export const pack = async (
  records: Records,
  order: CartonOrder,
  label: LabelRow,
  prints: boolean,
  who: string,
): Promise<RequestResult<'carton.pack'>> => {
  const packed = await records.ask('packUnit', {
    mac: label.mac,
    orderId: order.id,
    size: sizeOf(order),
    numbers: { prefix: cartonPrefix(order.number), digits: CARTON_DIGITS },
    ids: { carton: randomUUID(), label: prints ? randomUUID() : null },
    who,
    at: Date.now(),
  })
  if (packed.kind !== 'added') return refuse(packed, label.serial)
  const { cartonId, number, count, closed } = packed
  return { serial: label.serial, cartonId, number, count, closed }
}

export const unpack = async (records: Records, mac: string, reason: string, who: string): Promise<void> => {
  const { unpacked } = await records.ask('unpackUnit', { mac, reason, who, at: Date.now() }).catch((error: unknown) => {
    if (error instanceof Error && error.message.includes('the carton is closed'))
      throw new RequestRefusal('not-now', 'carton-closed')
    throw error
  })
  if (!unpacked) throw new RequestRefusal('not-found', 'not-packed')
}

export const closeCarton = async (records: Records, cartonId: string, prints: boolean, who: string): Promise<void> => {
  const labelId = prints ? randomUUID() : null
  const { closed } = await records.ask('closeCarton', { cartonId, labelId, who, at: Date.now() })
  if (!closed) throw new RequestRefusal('not-now', 'carton-not-to-close')
}

export const reopenCarton = async (records: Records, cartonId: string, reason: string, who: string): Promise<void> => {
  const { reopened } = await records.ask('reopenCarton', { cartonId, reason, who, at: Date.now() })
  if (!reopened) throw new RequestRefusal('not-now', 'carton-not-to-open')
}
