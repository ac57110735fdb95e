/** Spot checks in the records. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { sql } from 'kysely'
import { hasPasscode, unitSerial } from './label-records.ts'
import type { Schema } from './schema.ts'

export const inspectionMigration: Migration = {
  up: async (db) => {
    await sql
      .raw(
        `CREATE TABLE inspections (
          id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, mac TEXT, serial TEXT,
          verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')), findings TEXT NOT NULL) STRICT`,
      )
      .execute(db)
    for (const event of ['UPDATE', 'DELETE'])
      await sql
        .raw(
          `CREATE TRIGGER inspection_is_fixed_${event.toLowerCase()} BEFORE ${event} ON inspections
           BEGIN SELECT RAISE(ABORT, 'an inspection is fixed'); END`,
        )
        .execute(db)
  },
}

export interface InspectionRow {
  readonly at: number
  readonly who: string
  readonly mac: string | null
  readonly serial: string | null
  readonly verdict: 'right' | 'wrong'
  /** JSON of the findings, without secrets. */
  readonly findings: string
}

export const keepInspection = async (db: Kysely<Schema>, inspection: InspectionRow): Promise<void> => {
  await db.insertInto('inspections').values(inspection).execute()
}

export const inspections = (db: Kysely<Schema>, { limit }: { limit: number }): Promise<InspectionRow[]> =>
  db
    .selectFrom('inspections')
    .select(['at', 'who', 'mac', 'serial', 'verdict', 'findings'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

/** The unit that has this passcode with this discriminator; undefined when there is none. */
export const unitOfPasscode = async (
  db: Kysely<Schema>,
  { mark }: { mark: string },
): Promise<{ mac: string; serial: string; passed: boolean } | undefined> => {
  const unit = await db
    .selectFrom('units')
    .leftJoin('identities', 'identities.id', 'units.identity_id')
    .leftJoin('generated', 'generated.id', 'units.generated_id')
    .select(['units.mac as mac', unitSerial.as('serial')])
    .where(hasPasscode('units.mac', mark))
    .executeTakeFirst()
  if (!unit) return undefined
  const pass = await db
    .selectFrom('runs')
    .select('id')
    .where('mac', '=', unit.mac)
    .where('outcome', 'in', ['pass', 'unverified'])
    .where('mac', 'not in', db.selectFrom('rejected_articles').select('mac'))
    .executeTakeFirst()
  return { ...unit, passed: pass !== undefined }
}
