/** What was made, counted from the runs: of an order, or of a span of time. */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { FailureCode, OrderSummary, Report, ReportScope } from '../../contract/index.ts'
import { OrderPlanSummary } from './plan-summary.ts'
import type { Schema } from './schema.ts'

const PASSES = sql.raw(`('pass', 'unverified')`)
const HOUR = 3_600_000
const LATEST = 5
const CONTACT: ReadonlySet<FailureCode> = new Set(['no-answer', 'port-lost', 'link-unreliable', 'no-progress'])

const scopeOf = (scope: ReportScope): RawBuilder<unknown> =>
  scope.kind === 'order'
    ? sql`runs.order_id = ${scope.orderId}`
    : sql`ended_at >= ${scope.from} AND ended_at < ${scope.to}`

interface RunRow {
  mac: string | null
  order_id: string
  slot: number
  attempt: number
  outcome: 'pass' | 'unverified' | 'fail'
  final: number
  failure_code: FailureCode | null
  started_at: number
  ended_at: number
  disposition: 'rework' | 'scrap' | null
}

const isPass = (run: RunRow): boolean => run.outcome !== 'fail'
const isFinal = (run: RunRow): boolean => isPass(run) || run.final === 1

const cycleOf = (passes: readonly RunRow[]): Report['cycle'] => {
  const times = passes.map((run) => run.ended_at - run.started_at).toSorted((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return times.length === 0 ? null : { median: at(0.5), p95: at(0.95), slowest: at(1) }
}

const tally = <K>(items: readonly K[]): Map<K, number> => {
  const counts = new Map<K, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

/** The last final run of each unit; boards that never had a MAC count each for themselves. */
const lastOfUnits = (runs: readonly RunRow[]): RunRow[] => {
  const units = new Map<string, RunRow>()
  const nameless: RunRow[] = []
  for (const run of runs.filter(isFinal))
    if (run.mac === null) nameless.push(run)
    else if (!units.has(run.mac) || !isPass(units.get(run.mac) as RunRow)) units.set(run.mac, run)
  return [...units.values(), ...nameless]
}

export const report = async (db: Kysely<Schema>, { scope }: { scope: ReportScope }): Promise<Report> => {
  // A unit that was rejected as first article has passed, but is none: it counts as put aside.
  const { rows: runs } = await sql<RunRow>`
    SELECT runs.mac, runs.order_id, slot, attempt, started_at, ended_at,
      CASE WHEN rejected.at IS NOT NULL AND outcome IN ${PASSES} THEN 'fail' ELSE outcome END AS outcome,
      CASE WHEN rejected.at IS NOT NULL AND outcome IN ${PASSES} THEN 1 ELSE final END AS final,
      CASE WHEN rejected.at IS NOT NULL AND outcome IN ${PASSES} THEN 'rejected' ELSE failure_code END AS failure_code,
      CASE WHEN rejected.at IS NOT NULL AND outcome IN ${PASSES} THEN 'scrap' ELSE disposition END AS disposition
    FROM runs LEFT JOIN dispositions ON dispositions.run_id = runs.id
      LEFT JOIN rejected_articles AS rejected ON rejected.mac = runs.mac
    WHERE ${scopeOf(scope)} AND outcome IN ('pass', 'unverified', 'fail')
    ORDER BY ended_at, attempt`.execute(db)
  const labels = await sql<{ printed: number; reprinted: number }>`
    SELECT count(*) FILTER (WHERE labels.state IN ('sent', 'printed', 'confirmed')) AS printed,
      count(*) FILTER (WHERE labels.supersedes IS NOT NULL) AS reprinted
    FROM labels JOIN runs ON runs.id = labels.run_id
    WHERE ${scope.kind === 'order' ? sql`runs.order_id = ${scope.orderId}` : sql`runs.ended_at >= ${scope.from} AND runs.ended_at < ${scope.to}`}`.execute(
    db,
  )
  const { rows: insertions } = await sql<{ slot: number; count: number }>`
    SELECT slot, count(*) AS count FROM runs WHERE final = 1 OR outcome IN ${PASSES} GROUP BY slot`.execute(db)
  const numbers = new Map(
    (await db.selectFrom('orders').select(['id', 'number']).execute()).map((order) => [order.id, order.number]),
  )
  const units = lastOfUnits(runs)
  const first = runs.filter((run) => run.attempt === 1)
  const failed = units.filter((run) => !isPass(run))
  const slots = [...new Set([...runs.map((run) => run.slot), ...insertions.map((row) => row.slot)])].toSorted(
    (a, b) => a - b,
  )
  const hours = [...new Set(units.map((run) => Math.floor(run.ended_at / HOUR) * HOUR))].toSorted((a, b) => a - b)
  return {
    tried: first.length,
    passedFirst: first.filter(isPass).length,
    passed: units.filter(isPass).length,
    failed: failed.length,
    rework: failed.filter((run) => run.disposition === 'rework').length,
    scrap: failed.filter((run) => run.disposition === 'scrap').length,
    labels: labels.rows[0] ?? { printed: 0, reprinted: 0 },
    failures: [
      ...tally(runs.filter((run) => !isPass(run) && isFinal(run)).map((run) => run.failure_code ?? 'internal')),
    ]
      .map(([code, count]) => ({ code, count }))
      .toSorted((a, b) => b.count - a.count),
    cycle: cycleOf(runs.filter(isPass)),
    hours: hours.map((at) => {
      const within = units.filter((run) => run.ended_at >= at && run.ended_at < at + HOUR)
      return { at, passed: within.filter(isPass).length, failed: within.filter((run) => !isPass(run)).length }
    }),
    slots: slots.map((slot) => {
      const own = runs.filter((run) => run.slot === slot)
      const failures = own.filter((run) => !isPass(run)).map((run) => run.failure_code ?? 'internal')
      return {
        slot,
        tried: own.filter(isFinal).length,
        passed: own.filter(isPass).length,
        failed: own.filter((run) => !isPass(run) && isFinal(run)).length,
        insertions: insertions.find((row) => row.slot === slot)?.count ?? 0,
        contact: failures.filter((code) => CONTACT.has(code)).length,
        latestFailures: failures.slice(-LATEST).toReversed(),
      }
    }),
    orders: [...new Set(units.map((run) => run.order_id))].map((id) => {
      const own = units.filter((run) => run.order_id === id)
      return {
        id,
        number: numbers.get(id) ?? '',
        passed: own.filter(isPass).length,
        failed: own.filter((run) => !isPass(run)).length,
      }
    }),
  }
}

/** Every order, the newest first. */
export const orderSummaries = async (db: Kysely<Schema>): Promise<Omit<OrderSummary, 'current'>[]> => {
  const orders = await db
    .selectFrom('orders')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('number')
    .limit(500)
    .execute()
  const { rows } = await sql<{ order_id: string; passed: number }>`
    SELECT order_id, count(DISTINCT mac) AS passed FROM runs WHERE outcome IN ${PASSES}
      AND mac NOT IN (SELECT mac FROM rejected_articles) GROUP BY order_id`.execute(db)
  const passed = new Map(rows.map((row) => [row.order_id, row.passed]))
  return orders.map((order) => {
    const plan = OrderPlanSummary.parse(JSON.parse(order.plan))
    return {
      id: order.id,
      number: order.number,
      productName: plan.product.name,
      firmware: plan.release && `${plan.release.name} ${plan.release.version}`.trim(),
      manifest: plan.manifest?.name ?? null,
      quantity: order.quantity,
      passed: passed.get(order.id) ?? 0,
      state: order.closed_at === null ? order.state : ('closed' as const),
      due: order.due,
      lot: order.lot,
      createdAt: order.created_at,
    }
  })
}
