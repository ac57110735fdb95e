/** Generated and imported devices in the records: their runs, and what they have used up for ever. */
import { sql, type Insertable, type Kysely } from 'kysely'
import type { GeneratedTable, Schema } from './schema.ts'

export type ClaimKind = 'serial' | 'passcode' | 'salt' | 'rotatingId' | 'key'
const CLAIM_COLUMNS = [
  ['serial', 'serial'],
  ['passcode', 'passcode_mark'],
  ['salt', 'salt_mark'],
  ['rotatingId', 'rotating_mark'],
  ['key', 'key_mark'],
] as const

type UsedValueTable = {
  kind: ClaimKind
  mark: string
}

type GenerationTables = {
  used_values: UsedValueTable
}

const tables = (db: Kysely<Schema>) => db.withTables<GenerationTables>()

export type NewGenerated = Omit<Insertable<GeneratedTable>, 'seq' | 'written' | 'created_at'>

export interface OpenGenerationRun {
  readonly id: string
  readonly sealed: Uint8Array | null
  /** One more than the last position that has a device. */
  readonly devices: number
}

/** Runs of this request that did not come to their end, the oldest first. */
export const openGenerationRuns = (
  db: Kysely<Schema>,
  { request }: { request: string },
): Promise<OpenGenerationRun[]> =>
  tables(db)
    .selectFrom('generation_runs')
    .leftJoin('generated', 'generated.run_id', 'generation_runs.id')
    .where('request', '=', request)
    .where('state', '=', 'open')
    .groupBy('generation_runs.id')
    .orderBy('generation_runs.created_at')
    .select([
      'generation_runs.id as id',
      'generation_runs.sealed as sealed',
      sql<number>`coalesce(max(generated.position), -1) + 1`.as('devices'),
    ])
    .execute()

export const beginGenerationRun = async (
  db: Kysely<Schema>,
  run: { id: string; request: string; described: string; quantity: number; sealed: Uint8Array | null; at: number },
): Promise<void> => {
  const { at, ...values } = run
  await tables(db)
    .insertInto('generation_runs')
    .values({ ...values, state: 'open', created_at: at, ended_at: null })
    .execute()
}

/** Only a run of which every device is there can end. */
export const endGenerationRun = async (db: Kysely<Schema>, { id, at }: { id: string; at: number }): Promise<void> => {
  await tables(db)
    .updateTable('generation_runs')
    .set({ state: 'finished', ended_at: at })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
}

/** Which of these values are used already, and by which device outside an order, if it was one. */
export const usedValues = async (
  db: Kysely<Schema>,
  { values }: { values: readonly { kind: ClaimKind; mark: string }[] },
): Promise<{ kind: ClaimKind; mark: string }[]> => {
  const used: { kind: ClaimKind; mark: string }[] = []
  for (const { kind, mark } of values) {
    const found = await tables(db)
      .selectFrom('used_values')
      .select('mark')
      .where('kind', '=', kind)
      .where('mark', '=', mark)
      .executeTakeFirst()
    if (found) used.push({ kind, mark })
  }
  return used
}

/** What is in the way of a device. */
export type Taken = ClaimKind | 'mac' | 'id'

const takenBy = async (db: Kysely<Schema>, device: NewGenerated): Promise<Taken | null> => {
  const values = CLAIM_COLUMNS.flatMap(([kind, column]) => {
    const mark = device[column]
    return typeof mark === 'string' ? [{ kind, mark }] : []
  })
  const [used] = await usedValues(db, { values })
  if (used) return used.kind
  if (typeof device.mac === 'string') {
    const { mac } = device
    const unit = await db.selectFrom('units').select('mac').where('mac', '=', mac).executeTakeFirst()
    const other = await tables(db).selectFrom('generated').select('mac').where('mac', '=', mac).executeTakeFirst()
    if (unit || other) return 'mac'
  }
  const same = await tables(db).selectFrom('generated').select('id').where('id', '=', device.id).executeTakeFirst()
  return same ? 'id' : null
}

const insertGenerated = async (db: Kysely<Schema>, device: NewGenerated, at: number, written: 0 | 1): Promise<void> => {
  await tables(db)
    .insertInto('generated')
    .values({ ...device, written, created_at: at })
    .execute()
}

export interface TakenAt {
  readonly position: number
  readonly kind: Taken
}

/**
 * Keeps the devices.
 *
 * @returns those that have what another has already, which are not kept
 */
export const addGenerated = async (
  db: Kysely<Schema>,
  { devices, at }: { devices: readonly NewGenerated[]; at: number },
): Promise<{ taken: TakenAt[] }> => {
  const taken: TakenAt[] = []
  for (const device of devices) {
    const kind = await takenBy(db, device)
    if (kind === null) await insertGenerated(db, device, at, 0)
    else taken.push({ position: device.position, kind })
  }
  return { taken }
}

/**
 * Keeps devices that were made elsewhere, which differ among themselves.
 *
 * @returns the first that has what another has already; then none of them is kept
 */
export const importGenerated = async (
  db: Kysely<Schema>,
  params: { run: { id: string; described: string }; devices: readonly NewGenerated[]; at: number },
): Promise<{ taken: TakenAt | null }> => {
  const { run, devices, at } = params
  for (const [position, device] of devices.entries()) {
    const kind = await takenBy(db, device)
    if (kind !== null) return { taken: { position, kind } }
  }
  await tables(db)
    .insertInto('generation_runs')
    .values({
      ...run,
      request: run.id,
      quantity: devices.length,
      state: 'finished',
      sealed: null,
      created_at: at,
      ended_at: at,
    })
    .execute()
  for (const device of devices) await insertGenerated(db, device, at, 1)
  return { taken: null }
}

export const generatedAt = (
  db: Kysely<Schema>,
  { runId, position }: { runId: string; position: number },
): Promise<{ id: string; sealed: Uint8Array; written: number } | undefined> =>
  tables(db)
    .selectFrom('generated')
    .select(['id', 'sealed', 'written'])
    .where('run_id', '=', runId)
    .where('position', '=', position)
    .executeTakeFirst()

/** Positions of the run that have a device. */
export const positionsOfRun = async (db: Kysely<Schema>, { runId }: { runId: string }): Promise<number[]> => {
  const rows = await tables(db).selectFrom('generated').select('position').where('run_id', '=', runId).execute()
  return rows.map(({ position }) => position)
}

/** Marks of the run's devices, for telling its own values from those of others. */
export const marksOfRun = async (
  db: Kysely<Schema>,
  { runId }: { runId: string },
): Promise<{ kind: ClaimKind; mark: string }[]> => {
  const rows = await tables(db)
    .selectFrom('generated')
    .select(['serial', 'passcode_mark', 'salt_mark', 'rotating_mark', 'key_mark'])
    .where('run_id', '=', runId)
    .execute()
  return rows.flatMap((row) =>
    CLAIM_COLUMNS.flatMap(([kind, column]) => {
      const mark = row[column]
      return mark === null ? [] : [{ kind, mark }]
    }),
  )
}

/** The devices' files are complete. */
export const markWritten = async (
  db: Kysely<Schema>,
  { runId, positions }: { runId: string; positions: readonly number[] },
): Promise<void> => {
  await tables(db)
    .updateTable('generated')
    .set({ written: 1 })
    .where('run_id', '=', runId)
    .where('position', 'in', positions)
    .execute()
}

export const hasGenerated = async (db: Kysely<Schema>): Promise<boolean> =>
  (await tables(db).selectFrom('generated').select('seq').limit(1).executeTakeFirst()) !== undefined

export const GENERATION_OPERATIONS = {
  addGenerated,
  beginGenerationRun,
  endGenerationRun,
  generatedAt,
  hasGenerated,
  importGenerated,
  marksOfRun,
  markWritten,
  openGenerationRuns,
  positionsOfRun,
  usedValues,
} as const
