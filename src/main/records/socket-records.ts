/** Sockets in the records: insertions counted for each physical place, and the latest runs of each slot. */
import { sql, type Kysely } from 'kysely'
import type { FailureCode } from '../../contract/index.ts'
import type { Schema } from './schema.ts'

/** A slot and the physical place of its port: the count belongs to the place, wherever the slot's number goes. */
export interface SocketPlace {
  readonly slot: number
  readonly place: string
}

export interface SocketFacts {
  readonly slot: number
  readonly insertions: number
  readonly sinceCleaned: number
  readonly cleanedAt: number | null
  readonly cleanedBy: string | null
  /** Since it was cleaned, at most so many as were asked for, the newest first: null for a pass. */
  readonly runs: readonly (FailureCode | null)[]
}

export const countInsertion = async (db: Kysely<Schema>, { place }: { place: string }): Promise<void> => {
  await sql`
    INSERT INTO sockets (place, insertions, since_cleaned) VALUES (${place}, 1, 1)
    ON CONFLICT (place) DO UPDATE SET insertions = insertions + 1, since_cleaned = since_cleaned + 1`.execute(db)
}

/** The contacts of a socket were cleaned: it counts anew. */
export const cleanSocket = async (
  db: Kysely<Schema>,
  { slot, place, who, at }: SocketPlace & { who: string; at: number },
): Promise<void> => {
  await sql`
    INSERT INTO sockets (place, insertions, since_cleaned, cleaned_at, cleaned_by) VALUES (${place}, 0, 0, ${at}, ${who})
    ON CONFLICT (place) DO UPDATE SET since_cleaned = 0, cleaned_at = ${at}, cleaned_by = ${who}`.execute(db)
  await db
    .insertInto('audit')
    .values({ at, who, action: 'contacts cleaned', subject: `slot ${slot}`, detail: place })
    .execute()
}

/** @param latest how many runs of each slot */
export const socketFacts = async (
  db: Kysely<Schema>,
  { sockets, latest }: { sockets: readonly SocketPlace[]; latest: number },
): Promise<SocketFacts[]> => {
  const facts: SocketFacts[] = []
  for (const { slot, place } of sockets) {
    const kept = await db.selectFrom('sockets').selectAll().where('place', '=', place).executeTakeFirst()
    const runs = await db
      .selectFrom('runs')
      .select(['outcome', 'failure_code'])
      .where('slot', '=', slot)
      .where('outcome', 'in', ['pass', 'unverified', 'fail'])
      .where('ended_at', '>', kept?.cleaned_at ?? 0)
      .orderBy('ended_at', 'desc')
      .limit(latest)
      .execute()
    facts.push({
      slot,
      insertions: kept?.insertions ?? 0,
      sinceCleaned: kept?.since_cleaned ?? 0,
      cleanedAt: kept?.cleaned_at ?? null,
      cleanedBy: kept?.cleaned_by ?? null,
      runs: runs.map((run) => (run.outcome === 'fail' ? (run.failure_code ?? 'internal') : null)),
    })
  }
  return facts
}
