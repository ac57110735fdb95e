/** Orders in the records, and what has been made of them so far. */
import { sql, type Kysely } from 'kysely'
import type { OrderView } from '../../contract/index.ts'
import type { OrderTable, Schema } from './schema.ts'

export const createOrder = async (
  db: Kysely<Schema>,
  order: { id: string; number: string; plan: string; quantity: number; at: number },
): Promise<{ created: boolean }> => {
  const known = await db.selectFrom('orders').select('id').where('number', '=', order.number).executeTakeFirst()
  if (known) return { created: false }
  await db
    .insertInto('orders')
    .values({
      id: order.id,
      number: order.number,
      plan: order.plan,
      quantity: order.quantity,
      state: 'ready',
      stop_reason: null,
      created_at: order.at,
      started_at: null,
      ended_at: null,
    })
    .execute()
  return { created: true }
}

export const findOrder = (db: Kysely<Schema>, by: { number: string }): Promise<OrderTable | undefined> =>
  db.selectFrom('orders').selectAll().where('number', '=', by.number).executeTakeFirst()

/** The order that was made last. */
export const latestOrder = (db: Kysely<Schema>): Promise<OrderTable | undefined> =>
  db.selectFrom('orders').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(1).executeTakeFirst()

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
  /** Boards put aside: units whose last run failed for good, and boards that failed before their MAC was known. */
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
    nameless: number
    firstTries: number
    firstPasses: number
    labels: number
  }>`
    SELECT
      (SELECT count(DISTINCT mac) FROM runs WHERE order_id = ${orderId} AND outcome IN ('pass', 'unverified')) AS passed,
      (SELECT count(*) FROM (
        SELECT mac, final, outcome, row_number() OVER (PARTITION BY mac ORDER BY started_at DESC, attempt DESC) AS nth
        FROM runs WHERE order_id = ${orderId} AND mac IS NOT NULL)
        WHERE nth = 1 AND outcome = 'fail' AND final = 1) AS failed,
      (SELECT count(*) FROM runs WHERE order_id = ${orderId} AND mac IS NULL AND outcome = 'fail' AND final = 1) AS nameless,
      (SELECT count(*) FROM runs WHERE order_id = ${orderId} AND mac IS NOT NULL AND attempt = 1
        AND outcome IN ('pass', 'unverified', 'fail')) AS "firstTries",
      (SELECT count(*) FROM runs WHERE order_id = ${orderId} AND attempt = 1 AND outcome IN ('pass', 'unverified')) AS "firstPasses",
      (SELECT count(*) FROM labels WHERE order_id = ${orderId} AND mac IS NOT NULL AND state IN ('printed', 'confirmed', 'sent')) AS labels
  `.execute(db)
  const totals = counted.rows[0]
  const latest = await db
    .selectFrom('runs')
    .select('ended_at')
    .where('order_id', '=', orderId)
    .where('outcome', 'in', ['pass', 'unverified'])
    .orderBy('ended_at', 'desc')
    .limit(200)
    .execute()
  return {
    passed: totals?.passed ?? 0,
    failed: (totals?.failed ?? 0) + (totals?.nameless ?? 0),
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
    SELECT identities.serial AS serial, units.mac AS mac, last.slot AS slot, coalesce(last.outcome, 'running') AS outcome,
      last.attempts AS attempts, identities.id AS "identityId", identities.sealed AS sealed
    FROM units JOIN identities ON identities.id = units.identity_id
    JOIN (SELECT mac, slot, outcome, attempt AS attempts,
            row_number() OVER (PARTITION BY mac ORDER BY (outcome IN ('pass', 'unverified')) DESC, started_at DESC, attempt DESC) AS nth
          FROM runs WHERE order_id = ${orderId} AND mac IS NOT NULL) AS last ON last.mac = units.mac AND last.nth = 1
    ORDER BY identities.seq`.execute(db)
  return rows
}
