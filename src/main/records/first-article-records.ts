/** The first unit of an order, and who approved or rejected it. */
import { sql, type Kysely } from 'kysely'
import type { FirstArticle } from '../../contract/index.ts'
import { unitSerial } from './label-records.ts'
import type { Schema } from './schema.ts'
import { audit } from './station-records.ts'

/** Null for an order that needs no approval. */
export const firstArticle = async (
  db: Kysely<Schema>,
  { orderId }: { orderId: string },
): Promise<FirstArticle | null> => {
  const order = await db.selectFrom('orders').select('first_article').where('id', '=', orderId).executeTakeFirst()
  if (order?.first_article !== 1) return null
  const { rows } = await sql<{ mac: string; serial: string }>`
    SELECT runs.mac AS mac, ${unitSerial} AS serial FROM runs JOIN units ON units.mac = runs.mac
    LEFT JOIN identities ON identities.id = units.identity_id LEFT JOIN generated ON generated.id = units.generated_id
    WHERE runs.order_id = ${orderId} AND runs.outcome IN ('pass', 'unverified')
      AND runs.mac NOT IN (SELECT mac FROM rejected_articles)
    ORDER BY runs.ended_at, runs.id LIMIT 1`.execute(db)
  const approval = await db
    .selectFrom('first_articles')
    .select(['who', 'at', 'comment'])
    .where('order_id', '=', orderId)
    .executeTakeFirst()
  const rejections = await db
    .selectFrom('rejected_articles')
    .innerJoin('units', 'units.mac', 'rejected_articles.mac')
    .leftJoin('identities', 'identities.id', 'units.identity_id')
    .leftJoin('generated', 'generated.id', 'units.generated_id')
    .select([
      unitSerial.as('serial'),
      'rejected_articles.mac as mac',
      'rejected_articles.who as who',
      'rejected_articles.at as at',
      'rejected_articles.reason as reason',
    ])
    .where('rejected_articles.order_id', '=', orderId)
    .orderBy('rejected_articles.at')
    .execute()
  const unit = rows[0]
  return {
    state: approval ? 'approved' : unit ? 'to-approve' : 'to-make',
    serial: unit?.serial ?? null,
    mac: unit?.mac ?? null,
    approval: approval ?? null,
    rejections,
  }
}

/** Approves the first unit that passed. @throws when there is none, or it was approved before */
export const approveFirstArticle = async (
  db: Kysely<Schema>,
  { orderId, mac, who, comment, at }: { orderId: string; mac: string; who: string; comment: string; at: number },
): Promise<void> => {
  await db.insertInto('first_articles').values({ order_id: orderId, mac, who, comment, at }).execute()
  await audit(db, { at, who, action: 'first article approved', subject: mac, detail: comment })
}

export const isRejected = async (db: Kysely<Schema>, mac: string): Promise<boolean> =>
  (await db.selectFrom('rejected_articles').select('mac').where('mac', '=', mac).executeTakeFirst()) !== undefined

export type Rejected = { readonly kind: 'rejected' } | { readonly kind: 'packed'; readonly number: string }

/** Its label holds no more: one that is on paper is void, one that waits never comes out. */
const voidLabel = async (
  db: Kysely<Schema>,
  { mac, who, reason, at }: { mac: string; who: string; reason: string; at: number },
): Promise<void> => {
  const label = await db
    .selectFrom('labels')
    .select(['id', 'state'])
    .where('mac', '=', mac)
    .where('state', '<>', 'superseded')
    .executeTakeFirst()
  if (!label) return
  if (label.state !== 'waiting')
    await db
      .insertInto('voided_labels')
      .values({ label_id: label.id, reason, who, at })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  await db.updateTable('labels').set({ state: 'superseded', updated_at: at }).where('id', '=', label.id).execute()
}

/**
 * Rejects the first unit that passed: it is never made again and its label is void. An order that was running or finished is paused, so
 * that the cause can be mended before another first article is made.
 *
 * @throws when it does not wait for its approval
 */
export const rejectFirstArticle = async (
  db: Kysely<Schema>,
  rejection: { orderId: string; mac: string; who: string; reason: string; at: number },
): Promise<Rejected> => {
  const { orderId, mac, who, reason, at } = rejection
  const packed = await db
    .selectFrom('carton_units')
    .innerJoin('cartons', 'cartons.id', 'carton_units.carton_id')
    .select('cartons.number')
    .where('carton_units.mac', '=', mac)
    .executeTakeFirst()
  if (packed) return { kind: 'packed', number: packed.number }
  await voidLabel(db, rejection)
  await db.insertInto('rejected_articles').values({ mac, order_id: orderId, who, reason, at }).execute()
  await db
    .updateTable('orders')
    .set({ state: 'paused', stop_reason: null, ended_at: null })
    .where('id', '=', orderId)
    .where('state', 'in', ['running', 'finished'])
    .execute()
  await audit(db, { at, who, action: 'first article rejected', subject: mac, detail: reason })
  return { kind: 'rejected' }
}
