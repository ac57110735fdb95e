/** Labels in the records: a queue that survives everything, and one current label for each pass. */
import { sql, type Kysely } from 'kysely'
import type { LabelState } from '../../contract/index.ts'
import type { Schema } from './schema.ts'
import { audit } from './station-records.ts'

export interface LabelRow {
  readonly seq: number
  readonly id: string
  /** Empty for a carton. */
  readonly mac: string
  /** A carton's number for a carton. */
  readonly serial: string
  readonly cartonId: string | null
  readonly orderId: string
  readonly slot: number | null
  readonly rank: number
  /** Waits until its panel is done: 1. */
  readonly held: number
  readonly state: LabelState
  readonly fault: string | null
  readonly proof: string | null
  readonly supersedes: string | null
  readonly reason: string | null
  readonly who: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** What a unit is called: its serial number, or where a manifest gives none, its MAC. */
export const unitSerial = sql<string>`coalesce(identities.serial, generated.serial, replace(units.mac, ':', ''))`

/** Is this the MAC of a unit with this passcode and discriminator? */
export const hasPasscode = (mac: 'labels.mac' | 'units.mac', mark: string) => sql<boolean>`${sql.ref(mac)} IN (
  SELECT units.mac FROM units JOIN identities ON identities.id = units.identity_id WHERE passcode_mark = ${mark}
  UNION ALL
  SELECT units.mac FROM units JOIN generated ON generated.id = units.generated_id WHERE passcode_mark = ${mark})`

/** Labels of units and cartons alike. */
export const labelRows = (db: Kysely<Schema>) =>
  db
    .selectFrom('labels')
    .leftJoin('units', 'units.mac', 'labels.mac')
    .leftJoin('identities', 'identities.id', 'units.identity_id')
    .leftJoin('generated', 'generated.id', 'units.generated_id')
    .leftJoin('cartons', 'cartons.id', 'labels.carton_id')
    .select([
      'labels.seq as seq',
      'labels.id as id',
      sql<string>`coalesce(labels.mac, '')`.as('mac'),
      sql<string>`coalesce(${unitSerial}, cartons.number, '')`.as('serial'),
      'labels.carton_id as cartonId',
      'labels.order_id as orderId',
      'labels.slot as slot',
      'labels.rank as rank',
      'labels.held as held',
      'labels.state as state',
      'labels.fault as fault',
      'labels.proof as proof',
      'labels.supersedes as supersedes',
      'labels.reason as reason',
      'labels.who as who',
      'labels.created_at as createdAt',
      'labels.updated_at as updatedAt',
    ])

export const findLabel = (db: Kysely<Schema>, { id }: { id: string }): Promise<LabelRow | undefined> =>
  labelRows(db).where('labels.id', '=', id).executeTakeFirst()

/** Labels in these states, the oldest first. */
export const labelsInState = (
  db: Kysely<Schema>,
  { states, limit }: { states: readonly LabelState[]; limit: number },
): Promise<LabelRow[]> => labelRows(db).where('labels.state', 'in', states).orderBy('labels.seq').limit(limit).execute()

/** Waiting labels in the order in which they shall print, without those whose panel is not done. */
export const waitingLabels = (db: Kysely<Schema>, { limit }: { limit: number }): Promise<LabelRow[]> =>
  labelRows(db)
    .where('labels.state', '=', 'waiting')
    .where('labels.held', '=', 0)
    .orderBy('labels.rank')
    .limit(limit)
    .execute()

/** Fault of a label whose printer cannot tell what became of it: it stays sent. */
const NOT_CONFIRMED = 'not-confirmed'

/** Sent labels whose fate is not known, in the order of sending. */
export const openLabels = (db: Kysely<Schema>): Promise<LabelRow[]> =>
  labelRows(db)
    .where('labels.state', '=', 'sent')
    .where((value) => value.or([value('labels.fault', 'is', null), value('labels.fault', '<>', NOT_CONFIRMED)]))
    .orderBy('labels.updated_at')
    .orderBy('labels.seq')
    .execute()

/** The latest labels, the newest first. */
export const latestLabels = (db: Kysely<Schema>, { limit }: { limit: number }): Promise<LabelRow[]> =>
  labelRows(db).orderBy('labels.updated_at', 'desc').orderBy('labels.seq', 'desc').limit(limit).execute()

/** Of an order's units. */
export const currentLabels = (db: Kysely<Schema>, { orderId }: { orderId: string }): Promise<LabelRow[]> =>
  labelRows(db)
    .where('labels.order_id', '=', orderId)
    .where('labels.mac', 'is not', null)
    .where('labels.state', '<>', 'superseded')
    .orderBy('labels.seq')
    .execute()

export const countLabels = async (db: Kysely<Schema>): Promise<Partial<Record<LabelState, number>>> => {
  const rows = await db
    .selectFrom('labels')
    .select(['state', (value) => value.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.state, row.count]))
}

/**
 * Moves a label from one of some states to another.
 *
 * @returns false when it is in none of them: somebody else was quicker
 */
export const moveLabel = async (
  db: Kysely<Schema>,
  move: {
    id: string
    from: readonly LabelState[]
    to: LabelState
    fault: string | null
    proof: string | null
    at: number
  },
): Promise<{ moved: boolean }> => {
  const result = await db
    .updateTable('labels')
    .set({ state: move.to, fault: move.fault, proof: move.proof, updated_at: move.at })
    .where('id', '=', move.id)
    .where('state', 'in', move.from)
    .executeTakeFirst()
  return { moved: Number(result.numUpdatedRows) === 1 }
}

/** The end of the queue. */
export const lastRank = async (db: Kysely<Schema>): Promise<number> => {
  const last = await db
    .selectFrom('labels')
    .select((value) => value.fn.max('rank').as('rank'))
    .executeTakeFirst()
  return (last?.rank ?? 0) + 1
}

/** Puts a waiting label at the head of the queue, or before the one that stands before it. @returns false when it does not wait */
export const raiseLabel = async (
  db: Kysely<Schema>,
  raise: { id: string; to: 'first' | 'up'; who: string; at: number },
): Promise<{ raised: boolean }> => {
  const waiting = await db
    .selectFrom('labels')
    .select(['id', 'rank', 'held'])
    .where('state', '=', 'waiting')
    .orderBy('held')
    .orderBy('rank')
    .execute()
  const at = waiting.findIndex(({ id }) => id === raise.id)
  const [label, before, first] = [waiting[at], waiting[at - 1], waiting[0]]
  if (!label) return { raised: false }
  const set = (id: string, rank: number): Promise<unknown> =>
    db.updateTable('labels').set({ rank, held: 0, updated_at: raise.at }).where('id', '=', id).execute()
  if (raise.to === 'first') await set(label.id, (first?.rank ?? label.rank) - 1)
  else if (before) {
    await set(label.id, before.rank)
    await set(before.id, label.rank)
  }
  const action = raise.to === 'first' ? 'label put first' : 'label moved up'
  await audit(db, { at: raise.at, who: raise.who, action, subject: raise.id, detail: '' })
  return { raised: true }
}

/** A panel is done: its labels wait from now on, in the order of its slots. @returns how many */
export const releasePanel = async (db: Kysely<Schema>): Promise<{ released: number }> => {
  const held = await db.selectFrom('labels').select('id').where('held', '=', 1).orderBy('slot').orderBy('seq').execute()
  let rank = await lastRank(db)
  for (const { id } of held)
    await db.updateTable('labels').set({ held: 0, rank: rank++ }).where('id', '=', id).execute()
  return { released: held.length }
}

/** A person's answer about a label in doubt: it came out, or it did not and waits again. */
export const answerLabel = async (
  db: Kysely<Schema>,
  answer: { id: string; cameOut: boolean; who: string; at: number },
): Promise<{ answered: boolean }> => {
  const { moved } = await moveLabel(db, {
    id: answer.id,
    from: ['in-doubt'],
    to: answer.cameOut ? 'printed' : 'waiting',
    fault: null,
    proof: null,
    at: answer.at,
  })
  if (moved)
    await audit(db, {
      at: answer.at,
      who: answer.who,
      action: 'label in doubt decided',
      subject: answer.id,
      detail: answer.cameOut ? 'it came out' : 'it did not come out',
    })
  return { answered: moved }
}

/**
 * A new label in place of a current one, for a reason, at the end of the queue; kept in the audit trail.
 *
 * @returns false when the label is not the current one any more
 */
export const reprintLabel = async (
  db: Kysely<Schema>,
  reprint: { labelId: string; newId: string; reason: string; who: string; at: number },
): Promise<{ reprinted: boolean }> => {
  const old = await db.selectFrom('labels').selectAll().where('id', '=', reprint.labelId).executeTakeFirst()
  if (!old || old.state === 'superseded') return { reprinted: false }
  await db.updateTable('labels').set({ state: 'superseded', updated_at: reprint.at }).where('id', '=', old.id).execute()
  await db
    .insertInto('labels')
    .values({
      id: reprint.newId,
      run_id: old.run_id,
      mac: old.mac,
      carton_id: old.carton_id,
      order_id: old.order_id,
      slot: old.slot,
      rank: await lastRank(db),
      held: 0,
      state: 'waiting',
      fault: null,
      proof: null,
      supersedes: old.id,
      reason: reprint.reason,
      who: reprint.who,
      created_at: reprint.at,
      updated_at: reprint.at,
    })
    .execute()
  await audit(db, {
    at: reprint.at,
    who: reprint.who,
    action: 'label reprinted',
    subject: old.mac ?? old.id,
    detail: JSON.stringify({ before: old.id, after: reprint.newId, stateBefore: old.state, reason: reprint.reason }),
  })
  return { reprinted: true }
}

export interface LabelSource {
  /** Of the identity, or of the device of a manifest: what is sealed is sealed to it. */
  readonly id: string
  readonly sealed: Uint8Array
  readonly serial: string
  readonly mac: string
  readonly slot: number | null
  readonly plan: string
  readonly orderNumber: string
  readonly passedAt: number
}

/** What a label is drawn from: its unit's identity and its order's plan. */
export const labelSource = (db: Kysely<Schema>, { id }: { id: string }): Promise<LabelSource | undefined> =>
  db
    .selectFrom('labels')
    .innerJoin('units', 'units.mac', 'labels.mac')
    .leftJoin('identities', 'identities.id', 'units.identity_id')
    .leftJoin('generated', 'generated.id', 'units.generated_id')
    .innerJoin('orders', 'orders.id', 'labels.order_id')
    .innerJoin('runs', 'runs.id', 'labels.run_id')
    .select([
      sql<string>`coalesce(identities.id, generated.id)`.as('id'),
      sql<Uint8Array>`coalesce(identities.sealed, generated.sealed)`.as('sealed'),
      unitSerial.as('serial'),
      'units.mac as mac',
      'labels.slot as slot',
      'orders.plan as plan',
      'orders.number as orderNumber',
      sql<number>`runs.ended_at`.as('passedAt'),
    ])
    .where('labels.id', '=', id)
    .executeTakeFirst()

/** What a carton's label is drawn from. */
export const cartonLabelSource = async (
  db: Kysely<Schema>,
  { id }: { id: string },
): Promise<{ number: string; cartonId: string; plan: string; orderNumber: string; at: number } | undefined> =>
  db
    .selectFrom('labels')
    .innerJoin('cartons', 'cartons.id', 'labels.carton_id')
    .innerJoin('orders', 'orders.id', 'cartons.order_id')
    .select([
      'cartons.number as number',
      'cartons.id as cartonId',
      'orders.plan as plan',
      'orders.number as orderNumber',
      'labels.created_at as at',
    ])
    .where('labels.id', '=', id)
    .executeTakeFirst()

/** The current label of the unit whose passcode and discriminator have this mark. */
export const labelOfPasscode = async (db: Kysely<Schema>, { mark }: { mark: string }): Promise<LabelRow | undefined> =>
  labelRows(db).where(hasPasscode('labels.mac', mark)).where('labels.state', '<>', 'superseded').executeTakeFirst()

export const countUnits = async (db: Kysely<Schema>): Promise<{ count: number }> => {
  const counted = await sql<{ count: number }>`SELECT count(*) AS count FROM units`.execute(db)
  return { count: counted.rows[0]?.count ?? 0 }
}
