/** The first unit of an order, and who approved it. */
import { sql, type Kysely } from 'kysely'
import type { FirstArticle } from '../../contract/index.ts'
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
    SELECT runs.mac AS mac, identities.serial AS serial FROM runs
    JOIN units ON units.mac = runs.mac JOIN identities ON identities.id = units.identity_id
    WHERE runs.order_id = ${orderId} AND runs.outcome IN ('pass', 'unverified')
    ORDER BY runs.ended_at, runs.id LIMIT 1`.execute(db)
  const approval = await db
    .selectFrom('first_articles')
    .select(['who', 'at', 'comment'])
    .where('order_id', '=', orderId)
    .executeTakeFirst()
  const unit = rows[0]
  return {
    state: approval ? 'approved' : unit ? 'to-approve' : 'to-make',
    serial: unit?.serial ?? null,
    mac: unit?.mac ?? null,
    approval: approval ?? null,
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
