/** Orders in the records, and what has been made of them so far. */
import { sql, type Kysely } from 'kysely'
import type { OrderView } from '../../contract/index.ts'
import { unitSerial } from './label-records.ts'
import type { OrderTable, Schema } from './schema.ts'
import { audit } from './station-records.ts'

/** What a person says about an order besides its number and quantity. */
export interface OrderRemarks {
  readonly productId: string | null
  readonly releaseId: string | null
  /** The import whose modules are labelled; null where a release is written. */
  readonly manifestId: string | null
  readonly due: string | null
  readonly lot: string
  readonly customerReference: string
  readonly notes: string
  readonly firstArticle: boolean
  readonly who: string
}

export interface NewOrder {
  readonly id: string
  readonly number: string
  readonly plan: string
  readonly quantity: number
  readonly at: number
  readonly remarks?: OrderRemarks | undefined
}

const insertOrder = async (
  db: Kysely<Schema>,
  { id, number, plan, quantity, at, remarks }: NewOrder,
): Promise<void> => {
  await db
    .insertInto('orders')
    .values({
      id,
      number,
      plan,
      quantity,
      state: 'ready',
      stop_reason: null,
      created_at: at,
      started_at: null,
      ended_at: null,
      product_id: remarks?.productId ?? null,
      release_id: remarks?.releaseId ?? null,
      manifest_id: remarks?.manifestId ?? null,
      due: remarks?.due ?? null,
      lot: remarks?.lot ?? '',
      customer_reference: remarks?.customerReference ?? '',
      notes: remarks?.notes ?? '',
      first_article: remarks?.firstArticle ? 1 : 0,
      created_by: remarks?.who ?? '',
      closed_at: null,
      closed_by: null,
    })
    .execute()
}

/** Keeps an order, where there is none of its number. */
export const createOrder = async (db: Kysely<Schema>, order: NewOrder): Promise<{ created: boolean }> => {
  const known = await db.selectFrom('orders').select('id').where('number', '=', order.number).executeTakeFirst()
  if (known) return { created: false }
  await insertOrder(db, order)
  return { created: true }
}

/** Keeps all of them or none. @throws when there is one of these numbers, or a product is archived */
export const createOrders = async (db: Kysely<Schema>, { orders }: { orders: readonly NewOrder[] }): Promise<void> => {
  for (const order of orders) {
    await insertOrder(db, order)
    await audit(db, {
      at: order.at,
      who: order.remarks?.who ?? '',
      action: 'order created',
      subject: order.number,
      detail: JSON.stringify({ quantity: order.quantity }),
    })
  }
}

export const findOrder = (
  db: Kysely<Schema>,
  by: { number: string } | { id: string },
): Promise<OrderTable | undefined> => {
  const orders = db.selectFrom('orders').selectAll()
  return ('id' in by ? orders.where('id', '=', by.id) : orders.where('number', '=', by.number)).executeTakeFirst()
}

export const orderNumbers = async (db: Kysely<Schema>): Promise<string[]> =>
  (await db.selectFrom('orders').select('number').execute()).map(({ number }) => number)

/** Names product and release of an order that was made before there were any. */
export const giveOrderSource = async (
  db: Kysely<Schema>,
  { id, productId, releaseId }: { id: string; productId: string; releaseId: string },
): Promise<void> => {
  await db
    .updateTable('orders')
    .set({ product_id: productId, release_id: releaseId })
    .where('id', '=', id)
    .where('product_id', 'is', null)
    .execute()
}

/** For good, with the identities that were prepared for it and have no board. @throws when it runs */
export const closeOrder = async (
  db: Kysely<Schema>,
  { id, who, at }: { id: string; who: string; at: number },
): Promise<{ closed: boolean }> => {
  const closed = await db
    .updateTable('orders')
    .set({ closed_at: at, closed_by: who })
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .returning('number')
    .executeTakeFirst()
  // What was prepared for it and has no board is of no more use; DACs that were bought are, for another order.
  if (closed) await db.deleteFrom('identities').where('order_id', '=', id).where('state', '=', 'ready').execute()
  if (closed) await audit(db, { at, who, action: 'order closed', subject: closed.number, detail: '' })
  return { closed: closed !== undefined }
}

export const setOrderState = async (
  db: Kysely<Schema>,
  change: { id: string; state: OrderView['state']; stopReason: OrderView['stopReason']; at: number },
): Promise<void> => {
  await db
    .updateTable('orders')
    .set((value) => ({
      state: change.state,
      stop_reason: change.stopReason,
      started_at:
        change.state === 'running' ? value.fn.coalesce('started_at', value.val(change.at)) : value.ref('started_at'),
      ended_at: change.state === 'finished' || change.state === 'stopped' ? change.at : null,
    }))
    .where('id', '=', change.id)
    .execute()
}

/** A larger quantity for an order that goes on; never a smaller one than was made. */
export const setOrderQuantity = async (db: Kysely<Schema>, change: { id: string; quantity: number }): Promise<void> => {
  await db.updateTable('orders').set({ quantity: change.quantity }).where('id', '=', change.id).execute()
}

export interface OrderTotals {
  /** Units that passed. */
  readonly passed: number
  /** Boards put aside: units whose last run failed for good, boards that failed before their MAC was known, rejected first articles. */
  readonly failed: number
  /** Units whose first run ended, and those of them that passed in it. */
  readonly firstTries: number
  readonly firstPasses: number
  readonly labels: number
  /** When the latest passes were, newest first, at most 200. */
  readonly passedAt: readonly number[]
}

export const orderTotals = async (db: Kysely<Schema>, { orderId }: { orderId: string }): Promise<OrderTotals> => {
  const counted = await sql<{
    passed: number
    failed: number
    rejected: number
    nameless: number
    firstTries: number
    firstPasses: number
    labels: number
  }>`
    SELECT
      (SELECT count(DISTINCT mac) FROM runs WHERE order_id = ${orderId} AND outcome IN ('pass', 'unverified')
        AND mac NOT IN (SELECT mac FROM rejected_articles)) AS passed,
      (SELECT count(*) FROM rejected_articles WHERE order_id = ${orderId}) AS rejected,
      (SELECT count(*) FROM (
        SELECT mac, final, outcome, row_number() OVER (PARTITION BY mac ORDER BY started_at DESC, attempt DESC) AS nth
        FROM runs WHERE order_id = ${orderId} AND mac IS NOT NULL)
        WHERE nth = 1 AND outcome = 'fail' AND final = 1) AS failed,
      (SELECT count(*) FROM runs WHERE order_id = ${orderId} AND mac IS NULL AND outcome = 'fail' AND final = 1) AS nameless,
      (SELECT count(*) FROM runs WHERE order_id = ${orderId} AND mac IS NOT NULL AND attempt = 1
        AND outcome IN ('pass', 'unverified', 'fail')) AS "firstTries",
      (SELECT count(*) FROM runs WHERE order_id = ${orderId} AND attempt = 1 AND outcome IN ('pass', 'unverified')
        AND mac NOT IN (SELECT mac FROM rejected_articles)) AS "firstPasses",
      (SELECT count(*) FROM labels WHERE order_id = ${orderId} AND mac IS NOT NULL AND state IN ('printed', 'confirmed', 'sent')) AS labels
  `.execute(db)
  const totals = counted.rows[0]
  const latest = await db
    .selectFrom('runs')
    .select('ended_at')
    .where('order_id', '=', orderId)
    .where('outcome', 'in', ['pass', 'unverified'])
    .where('mac', 'not in', db.selectFrom('rejected_articles').select('mac'))
    .orderBy('ended_at', 'desc')
    .limit(200)
    .execute()
  return {
    passed: totals?.passed ?? 0,
    failed: (totals?.failed ?? 0) + (totals?.nameless ?? 0) + (totals?.rejected ?? 0),
    firstTries: (totals?.firstTries ?? 0) + (totals?.nameless ?? 0),
    firstPasses: totals?.firstPasses ?? 0,
    labels: totals?.labels ?? 0,
    passedAt: latest.map((run) => run.ended_at ?? 0),
  }
}

export interface UnitRow {
  readonly serial: string
  readonly mac: string
  readonly slot: number
  readonly outcome: string
  readonly attempts: number
  readonly identityId: string
  readonly sealed: Uint8Array
}

/** One row a unit of the order, in the order of their identities. */
export const orderUnits = async (db: Kysely<Schema>, { orderId }: { orderId: string }): Promise<readonly UnitRow[]> => {
  const { rows } = await sql<UnitRow>`
    SELECT ${unitSerial} AS serial, units.mac AS mac, last.slot AS slot,
      CASE WHEN rejected.mac IS NULL THEN coalesce(last.outcome, 'running') ELSE 'rejected' END AS outcome,
      last.attempts AS attempts, coalesce(identities.id, generated.id) AS "identityId",
      coalesce(identities.sealed, generated.sealed) AS sealed
    FROM units LEFT JOIN identities ON identities.id = units.identity_id
    LEFT JOIN generated ON generated.id = units.generated_id
    JOIN (SELECT mac, slot, outcome, attempt AS attempts,
            row_number() OVER (PARTITION BY mac ORDER BY (outcome IN ('pass', 'unverified')) DESC, started_at DESC, attempt DESC) AS nth
          FROM runs WHERE order_id = ${orderId} AND mac IS NOT NULL) AS last ON last.mac = units.mac AND last.nth = 1
    LEFT JOIN rejected_articles AS rejected ON rejected.mac = units.mac
    ORDER BY identities.seq, generated.seq`.execute(db)
  return rows
}
