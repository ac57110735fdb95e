/** Who may sign in at the station. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Person } from '../../contract/index.ts'
import type { Schema } from './schema.ts'

/** People, and what was decided about failed boards. */
export const peopleMigration: Migration = {
  up: async (db) => {
    for (const text of [
      `CREATE TABLE people (
        name TEXT PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('operator', 'line-lead', 'engineer', 'qa')),
        badge TEXT UNIQUE) STRICT`,
      `CREATE TABLE dispositions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE REFERENCES runs (id),
        disposition TEXT NOT NULL CHECK (disposition IN ('rework', 'scrap')), reason TEXT NOT NULL,
        who TEXT NOT NULL, at INTEGER NOT NULL) STRICT`,
      `CREATE TRIGGER disposition_of_failures BEFORE INSERT ON dispositions
       WHEN NOT EXISTS (SELECT 1 FROM runs WHERE id = NEW.run_id AND outcome = 'fail')
       BEGIN SELECT RAISE(ABORT, 'only a failed run is disposed of'); END`,
    ])
      await sql.raw(text).execute(db)
  },
}

export const people = (db: Kysely<Schema>): Promise<Person[]> =>
  db.selectFrom('people').selectAll().orderBy('name').execute()

/** Replaces everybody at once. */
export const savePeople = async (
  db: Kysely<Schema>,
  { people: all, who, at }: { people: readonly Person[]; who: string; at: number },
): Promise<void> => {
  await db.deleteFrom('people').execute()
  for (const { name, role, badge } of all) await db.insertInto('people').values({ name, role, badge }).execute()
  await db
    .insertInto('audit')
    .values({
      at,
      who,
      action: 'people changed',
      subject: 'people',
      detail: JSON.stringify(all.map(({ name, role }) => ({ name, role }))),
    })
    .execute()
}

/** A scrapped board is never made again; one for rework comes back. */
export const disposeRun = async (
  db: Kysely<Schema>,
  disposal: { runId: string; disposition: 'rework' | 'scrap'; reason: string; who: string; at: number },
): Promise<void> => {
  await db
    .insertInto('dispositions')
    .values({
      run_id: disposal.runId,
      disposition: disposal.disposition,
      reason: disposal.reason,
      who: disposal.who,
      at: disposal.at,
    })
    .onConflict((conflict) =>
      conflict.column('run_id').doUpdateSet({
        disposition: disposal.disposition,
        reason: disposal.reason,
        who: disposal.who,
        at: disposal.at,
      }),
    )
    .execute()
  await db
    .insertInto('audit')
    .values({
      at: disposal.at,
      who: disposal.who,
      action: `board to ${disposal.disposition}`,
      subject: disposal.runId,
      detail: disposal.reason,
    })
    .execute()
}

/** Was the unit scrapped? */
export const isScrapped = async (db: Kysely<Schema>, { mac }: { mac: string }): Promise<boolean> =>
  (await db
    .selectFrom('dispositions')
    .innerJoin('runs', 'runs.id', 'dispositions.run_id')
    .select('dispositions.id')
    .where('runs.mac', '=', mac)
    .where('dispositions.disposition', '=', 'scrap')
    .executeTakeFirst()) !== undefined
