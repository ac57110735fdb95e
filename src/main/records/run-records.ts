/** Runs in the records: the binding before the first byte, the outcome before the slot shows it. */
import { sql, type Kysely } from 'kysely'
import type { BoardAction, FailureCode, RunStep } from '../../contract/index.ts'
import { isRejected } from './first-article-records.ts'
import { lastRank, unitSerial } from './label-records.ts'
import { isScrapped } from './people-records.ts'
import type { Schema } from './schema.ts'

export interface BeginRun {
  readonly runId: string
  readonly mac: string
  readonly chip: string
  readonly orderId: string
  readonly slot: number
  readonly at: number
}

/** What a unit is bound to: an identity of the line, or the device of a manifest. */
export interface BoundIdentity {
  readonly id: string
  readonly serial: string
  readonly sealed: Uint8Array
}

export type Begun =
  | { readonly kind: 'begun'; readonly attempt: number; readonly identity: BoundIdentity }
  /** The unit passed before; it gets nothing. */
  | { readonly kind: 'made-before'; readonly serial: string; readonly at: number }
  /** The unit has an identity of an order with another plan's identities. */
  | { readonly kind: 'bound-elsewhere'; readonly serial: string; readonly orderNumber: string }
  /** A person decided that this board is scrap. */
  | { readonly kind: 'scrapped' }
  /** It was rejected as a first article. */
  | { readonly kind: 'rejected' }
  | { readonly kind: 'no-identity' }
  /** The order labels the modules of a manifest that has no such MAC. */
  | { readonly kind: 'not-in-manifest' }
  /** The board came provisioned: a manifest has it, and nothing may be written to it. */
  | { readonly kind: 'came-provisioned'; readonly serial: string }

type Unbound = Extract<Begun, { kind: 'no-identity' | 'not-in-manifest' | 'came-provisioned' }>

const isUnbound = (bound: BoundIdentity | Unbound): bound is Unbound => 'kind' in bound

/** The device of this MAC in a manifest. */
const moduleOf = (db: Kysely<Schema>, mac: string) =>
  db
    .selectFrom('generated')
    .select(['id', 'run_id', 'sealed', sql<string>`coalesce(serial, replace(mac, ':', ''))`.as('serial')])
    .where('mac', '=', mac)
    .executeTakeFirst()

const bindModule = async (db: Kysely<Schema>, run: BeginRun, manifestId: string): Promise<BoundIdentity | Unbound> => {
  const found = await moduleOf(db, run.mac)
  if (found?.run_id !== manifestId) return { kind: 'not-in-manifest' }
  const { id, serial, sealed } = found
  await db
    .insertInto('units')
    .values({
      mac: run.mac,
      identity_id: null,
      generated_id: id,
      order_id: run.orderId,
      chip: run.chip,
      bound_at: run.at,
    })
    .execute()
  return { id, serial, sealed }
}

const bind = async (db: Kysely<Schema>, run: BeginRun): Promise<BoundIdentity | Unbound> => {
  const order = await db
    .selectFrom('orders')
    .select('manifest_id')
    .where('id', '=', run.orderId)
    .executeTakeFirstOrThrow()
  if (order.manifest_id !== null) return bindModule(db, run, order.manifest_id)
  const provisioned = await moduleOf(db, run.mac)
  if (provisioned) return { kind: 'came-provisioned', serial: provisioned.serial }
  const identity = await db
    .selectFrom('identities')
    .selectAll()
    .where('order_id', '=', run.orderId)
    .where('state', '=', 'ready')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  if (!identity) return { kind: 'no-identity' }
  await db.updateTable('identities').set({ state: 'bound' }).where('id', '=', identity.id).execute()
  await db
    .insertInto('units')
    .values({
      mac: run.mac,
      identity_id: identity.id,
      generated_id: null,
      order_id: run.orderId,
      chip: run.chip,
      bound_at: run.at,
    })
    .execute()
  return identity
}

/**
 * Begins a run: a new board is bound to the oldest identity that is ready, or to its device in the order's manifest; a known one gets its
 * own again, one that passed is refused.
 */
export const beginRun = async (db: Kysely<Schema>, run: BeginRun): Promise<Begun> => {
  const known = await db
    .selectFrom('units')
    .leftJoin('identities', 'identities.id', 'units.identity_id')
    .leftJoin('generated', 'generated.id', 'units.generated_id')
    .innerJoin('orders', 'orders.id', 'units.order_id')
    .select([
      sql<string>`coalesce(identities.id, generated.id)`.as('id'),
      sql<Uint8Array>`coalesce(identities.sealed, generated.sealed)`.as('sealed'),
      unitSerial.as('serial'),
      'units.order_id as orderId',
      'orders.number as orderNumber',
    ])
    .where('units.mac', '=', run.mac)
    .executeTakeFirst()
  if (known) {
    if (await isScrapped(db, { mac: run.mac })) return { kind: 'scrapped' }
    if (await isRejected(db, run.mac)) return { kind: 'rejected' }
    const passed = await db
      .selectFrom('runs')
      .select('ended_at')
      .where('mac', '=', run.mac)
      .where('outcome', 'in', ['pass', 'unverified'])
      .orderBy('ended_at', 'desc')
      .executeTakeFirst()
    if (passed) return { kind: 'made-before', serial: known.serial, at: passed.ended_at ?? 0 }
    if (known.orderId !== run.orderId)
      return { kind: 'bound-elsewhere', serial: known.serial, orderNumber: known.orderNumber }
  }
  const identity = known ?? (await bind(db, run))
  if (isUnbound(identity)) return identity
  const before = await db
    .selectFrom('runs')
    .select((value) => value.fn.countAll<number>().as('count'))
    .where('mac', '=', run.mac)
    .executeTakeFirstOrThrow()
  const attempt = before.count + 1
  await db
    .insertInto('runs')
    .values({
      id: run.runId,
      mac: run.mac,
      order_id: run.orderId,
      slot: run.slot,
      attempt,
      started_at: run.at,
      ended_at: null,
      outcome: null,
      final: 0,
      step: null,
      failure_code: null,
      failure_board: null,
      failure_params: null,
      failure_detail: null,
      log: '[]',
    })
    .execute()
  return { kind: 'begun', attempt, identity }
}

export interface PassedRun {
  readonly runId: string
  readonly outcome: 'pass' | 'unverified'
  readonly at: number
  readonly log: string
  readonly regions: readonly {
    readonly name: string
    readonly offset: number
    readonly size: number
    readonly md5: string
    readonly sha256: string
    readonly skipped: boolean
    readonly verified: boolean
  }[]
  /** The label that the pass asks for; null where the station prints none. */
  readonly label: {
    readonly id: string
    readonly who: string
    /** It waits until its panel is done. */
    readonly held?: boolean
  } | null
}

/** Ends a run with a pass, and puts its label into the queue in the same commit. */
export const passRun = async (db: Kysely<Schema>, run: PassedRun): Promise<void> => {
  for (const { name, offset, size, md5, sha256, skipped, verified } of run.regions)
    await db
      .insertInto('regions')
      .values({
        run_id: run.runId,
        name,
        offset,
        size,
        md5,
        sha256,
        skipped: skipped ? 1 : 0,
        verified: verified ? 1 : 0,
      })
      .execute()
  const ended = await db
    .updateTable('runs')
    .set({ outcome: run.outcome, ended_at: run.at, log: run.log })
    .where('id', '=', run.runId)
    .returning(['mac', 'order_id', 'slot'])
    .executeTakeFirstOrThrow()
  if (!run.label || ended.mac === null) return
  await db
    .insertInto('labels')
    .values({
      id: run.label.id,
      run_id: run.runId,
      mac: ended.mac,
      carton_id: null,
      order_id: ended.order_id,
      slot: ended.slot,
      rank: await lastRank(db),
      held: run.label.held ? 1 : 0,
      state: 'waiting',
      fault: null,
      proof: null,
      supersedes: null,
      reason: null,
      who: run.label.who,
      created_at: run.at,
      updated_at: run.at,
    })
    .execute()
}

export interface FailedRun {
  readonly runId: string
  readonly outcome: 'fail' | 'stopped'
  readonly final: boolean
  readonly at: number
  readonly log: string
  readonly failure: {
    readonly code: FailureCode
    readonly step: RunStep
    readonly board: BoardAction
    readonly params: string
    readonly detail: string
  }
}

const failureColumns = ({ failure, final }: FailedRun) => ({
  final: final ? 1 : 0,
  step: failure.step,
  failure_code: failure.code,
  failure_board: failure.board,
  failure_params: failure.params,
  failure_detail: failure.detail,
})

/** Ends a run that was begun. */
export const failRun = async (db: Kysely<Schema>, run: FailedRun): Promise<void> => {
  await db
    .updateTable('runs')
    .set({ outcome: run.outcome, ended_at: run.at, log: run.log, ...failureColumns(run) })
    .where('id', '=', run.runId)
    .execute()
}

/** Keeps a run that failed before a board was bound: its MAC is in the log at most. */
export const keepUnboundFailure = async (
  db: Kysely<Schema>,
  { run, orderId, slot, startedAt }: { run: FailedRun; orderId: string; slot: number; startedAt: number },
): Promise<void> => {
  await db
    .insertInto('runs')
    .values({
      id: run.runId,
      mac: null,
      order_id: orderId,
      slot,
      attempt: 1,
      started_at: startedAt,
      ended_at: run.at,
      outcome: run.outcome,
      log: run.log,
      ...failureColumns(run),
    })
    .execute()
}

export const runLog = async (db: Kysely<Schema>, { runId }: { runId: string }): Promise<string | undefined> =>
  (await db.selectFrom('runs').select('log').where('id', '=', runId).executeTakeFirst())?.log

/** Everything that is kept of a run, but for the unit's identity. */
export const runFacts = (db: Kysely<Schema>, { runId }: { runId: string }) =>
  db
    .selectFrom('runs')
    .select([
      'id',
      'mac',
      'slot',
      'attempt',
      'started_at',
      'ended_at',
      'outcome',
      'final',
      'step',
      'failure_code',
      'failure_board',
      'failure_params',
      'failure_detail',
      'log',
    ])
    .where('id', '=', runId)
    .executeTakeFirst()

/** What was written to a unit, as its last pass says. */
export const regionsOfUnit = (
  db: Kysely<Schema>,
  { mac }: { mac: string },
): Promise<{ name: string; offset: number; size: number; md5: string; sha256: string }[]> =>
  db
    .selectFrom('regions')
    .select(['name', 'offset', 'size', 'md5', 'sha256'])
    .where('run_id', '=', (value) =>
      value
        .selectFrom('runs')
        .select('id')
        .where('mac', '=', mac)
        .where('outcome', 'in', ['pass', 'unverified'])
        .orderBy('ended_at', 'desc')
        .limit(1),
    )
    .orderBy('offset')
    .execute()
