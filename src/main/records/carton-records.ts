/** Cartons in the records: units by their scanned labels, each in one carton only. */
import type { Kysely } from 'kysely'
import { lastRank, unitSerial } from './label-records.ts'
import type { CartonTable, Schema } from './schema.ts'
import { audit } from './station-records.ts'

export type Packed =
  | {
      readonly kind: 'added'
      readonly cartonId: string
      readonly number: string
      readonly count: number
      readonly closed: boolean
    }
  /** In a carton already, this one or another. */
  | { readonly kind: 'packed-before'; readonly number: string }
  | { readonly kind: 'other-order'; readonly order: string }
  /** Its current label is not one that was scanned: it waits, failed or was thrown away. */
  | { readonly kind: 'no-label' }

interface Who {
  readonly who: string
  readonly at: number
}

const countOf = async (db: Kysely<Schema>, cartonId: string): Promise<number> => {
  const counted = await db
    .selectFrom('carton_units')
    .select((value) => value.fn.countAll<number>().as('count'))
    .where('carton_id', '=', cartonId)
    .executeTakeFirstOrThrow()
  return counted.count
}

/** A closed carton's label at the end of the queue; the one that it had before is superseded already. */
const insertLabel = async (
  db: Kysely<Schema>,
  carton: Pick<CartonTable, 'id' | 'order_id'>,
  label: { id: string; supersedes: string | null; reason: string | null } & Who,
): Promise<void> => {
  await db
    .insertInto('labels')
    .values({
      id: label.id,
      run_id: null,
      mac: null,
      carton_id: carton.id,
      order_id: carton.order_id,
      slot: null,
      rank: await lastRank(db),
      held: 0,
      state: 'waiting',
      fault: null,
      proof: null,
      supersedes: label.supersedes,
      reason: label.reason,
      who: label.who,
      created_at: label.at,
      updated_at: label.at,
    })
    .execute()
}

const close = async (
  db: Kysely<Schema>,
  carton: Pick<CartonTable, 'id' | 'order_id'>,
  labelId: string | null,
  by: Who,
): Promise<void> => {
  await db.updateTable('cartons').set({ state: 'closed', updated_at: by.at }).where('id', '=', carton.id).execute()
  if (labelId === null) return
  const before = await db
    .selectFrom('labels')
    .select('id')
    .where('carton_id', '=', carton.id)
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  await insertLabel(db, carton, {
    id: labelId,
    supersedes: before?.id ?? null,
    reason: before ? 'the carton was opened again' : null,
    ...by,
  })
}

/**
 * Puts a unit into the order's open carton, which is begun when there is none, and closes it when it is full.
 *
 * @param ids of a new carton and of the label of a carton that becomes full; no label where the station prints none
 */
export const packUnit = async (
  db: Kysely<Schema>,
  packing: {
    mac: string
    orderId: string
    size: number
    numbers: { prefix: string; digits: number }
    ids: { carton: string; label: string | null }
  } & Who,
): Promise<Packed> => {
  const { mac, orderId, at, who } = packing
  const before = await db
    .selectFrom('carton_units')
    .innerJoin('cartons', 'cartons.id', 'carton_units.carton_id')
    .select('cartons.number')
    .where('carton_units.mac', '=', mac)
    .executeTakeFirst()
  if (before) return { kind: 'packed-before', number: before.number }
  const label = await db
    .selectFrom('labels')
    .innerJoin('orders', 'orders.id', 'labels.order_id')
    .select(['labels.state as state', 'labels.order_id as orderId', 'orders.number as order'])
    .where('labels.mac', '=', mac)
    .where('labels.state', '<>', 'superseded')
    .executeTakeFirst()
  if (label && label.orderId !== orderId) return { kind: 'other-order', order: label.order }
  if (label?.state !== 'confirmed') return { kind: 'no-label' }
  let carton = await db
    .selectFrom('cartons')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('state', '=', 'open')
    .executeTakeFirst()
  if (!carton) {
    const made = await db
      .selectFrom('cartons')
      .select((value) => value.fn.countAll<number>().as('count'))
      .where('order_id', '=', orderId)
      .executeTakeFirstOrThrow()
    const { prefix, digits } = packing.numbers
    carton = {
      id: packing.ids.carton,
      number: `${prefix}${String(made.count + 1).padStart(digits, '0')}`,
      order_id: orderId,
      size: packing.size,
      state: 'open',
      created_at: at,
      updated_at: at,
    }
    await db.insertInto('cartons').values(carton).execute()
  }
  await db.insertInto('carton_units').values({ mac, carton_id: carton.id, at, who }).execute()
  const count = await countOf(db, carton.id)
  const closed = count >= carton.size
  if (closed) await close(db, carton, packing.ids.label, { who, at })
  return { kind: 'added', cartonId: carton.id, number: carton.number, count, closed }
}

/** Takes a unit out of an open carton. @returns false when it is in none */
export const unpackUnit = async (
  db: Kysely<Schema>,
  taking: { mac: string; reason: string } & Who,
): Promise<{ unpacked: boolean }> => {
  const found = await db.selectFrom('carton_units').select('carton_id').where('mac', '=', taking.mac).executeTakeFirst()
  if (!found) return { unpacked: false }
  await db.deleteFrom('carton_units').where('mac', '=', taking.mac).execute()
  const detail = JSON.stringify({ carton: found.carton_id, reason: taking.reason })
  await audit(db, { at: taking.at, who: taking.who, action: 'unit taken out of carton', subject: taking.mac, detail })
  return { unpacked: true }
}

/** Closes an open carton that holds something before it is full. @returns false when it is not open, or empty */
export const closeCarton = async (
  db: Kysely<Schema>,
  closing: { cartonId: string; labelId: string | null } & Who,
): Promise<{ closed: boolean }> => {
  const carton = await db.selectFrom('cartons').selectAll().where('id', '=', closing.cartonId).executeTakeFirst()
  if (carton?.state !== 'open' || (await countOf(db, carton.id)) === 0) return { closed: false }
  await close(db, carton, closing.labelId, closing)
  await audit(db, { ...by(closing), action: 'carton closed before it was full', subject: carton.number, detail: '' })
  return { closed: true }
}

const by = ({ at, who }: Who): Who => ({ at, who })

/**
 * Opens a closed carton again: its label is not valid any more.
 *
 * @returns false when it is open, or another one of its order is
 */
export const reopenCarton = async (
  db: Kysely<Schema>,
  opening: { cartonId: string; reason: string } & Who,
): Promise<{ reopened: boolean }> => {
  const carton = await db.selectFrom('cartons').selectAll().where('id', '=', opening.cartonId).executeTakeFirst()
  if (carton?.state !== 'closed') return { reopened: false }
  const other = await db
    .selectFrom('cartons')
    .select('id')
    .where('order_id', '=', carton.order_id)
    .where('state', '=', 'open')
    .executeTakeFirst()
  if (other) return { reopened: false }
  await db.updateTable('cartons').set({ state: 'open', updated_at: opening.at }).where('id', '=', carton.id).execute()
  await db
    .updateTable('labels')
    .set({ state: 'superseded', updated_at: opening.at })
    .where('carton_id', '=', carton.id)
    .where('state', '<>', 'superseded')
    .execute()
  await audit(db, { ...by(opening), action: 'carton opened again', subject: carton.number, detail: opening.reason })
  return { reopened: true }
}

export interface CartonRow {
  readonly id: string
  readonly number: string
  readonly size: number
  readonly state: 'open' | 'closed'
  readonly count: number
  readonly updatedAt: number
  readonly labelId: string | null
}

/** Cartons of an order, the latest first. */
export const cartons = (
  db: Kysely<Schema>,
  { orderId, limit }: { orderId: string; limit: number },
): Promise<CartonRow[]> =>
  db
    .selectFrom('cartons')
    .leftJoin('labels', (join) =>
      join.onRef('labels.carton_id', '=', 'cartons.id').on('labels.state', '<>', 'superseded'),
    )
    .select((value) => [
      'cartons.id as id',
      'cartons.number as number',
      'cartons.size as size',
      'cartons.state as state',
      'cartons.updated_at as updatedAt',
      'labels.id as labelId',
      value
        .selectFrom('carton_units')
        .select((counted) => counted.fn.countAll<number>().as('count'))
        .whereRef('carton_units.carton_id', '=', 'cartons.id')
        .$asScalar()
        .$notNull()
        .as('count'),
    ])
    .where('cartons.order_id', '=', orderId)
    .orderBy('cartons.created_at', 'desc')
    .orderBy('cartons.number', 'desc')
    .limit(limit)
    .execute()

/** What is in a carton, in the order of packing. */
export const cartonUnits = (
  db: Kysely<Schema>,
  { cartonId }: { cartonId: string },
): Promise<{ serial: string; mac: string; at: number }[]> =>
  db
    .selectFrom('carton_units')
    .innerJoin('units', 'units.mac', 'carton_units.mac')
    .leftJoin('identities', 'identities.id', 'units.identity_id')
    .leftJoin('generated', 'generated.id', 'units.generated_id')
    .select([unitSerial.as('serial'), 'carton_units.mac as mac', 'carton_units.at as at'])
    .where('carton_units.carton_id', '=', cartonId)
    .orderBy('carton_units.at')
    .orderBy(unitSerial)
    .execute()

export const CARTON_OPERATIONS = { cartonUnits, cartons, closeCarton, packUnit, reopenCarton, unpackUnit } as const
