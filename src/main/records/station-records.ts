/** What the records know of their own station. */
import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** Ends every run that was going on when the program ended, and pauses the order that ran; gives how many runs there were. */
export const recover = async (db: Kysely<Schema>, { at }: { at: number }): Promise<{ interrupted: number }> => {
  const result = await db
    .updateTable('runs')
    .set({ outcome: 'interrupted', ended_at: at })
    .where('outcome', 'is', null)
    .executeTakeFirst()
  await db.updateTable('orders').set({ state: 'paused' }).where('state', '=', 'running').execute()
  return { interrupted: Number(result.numUpdatedRows) }
}

/** The key under which the records are sealed; remembered at the first call, compared at every other. */
export const checkVault = async (
  db: Kysely<Schema>,
  { fingerprint }: { fingerprint: string },
): Promise<{ matches: boolean }> => {
  await db
    .insertInto('station')
    .values({ key: 'vault', value: fingerprint })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const kept = await db.selectFrom('station').select('value').where('key', '=', 'vault').executeTakeFirst()
  return { matches: kept?.value === fingerprint }
}

export const hasIdentities = async (db: Kysely<Schema>): Promise<boolean> =>
  (await db.selectFrom('identities').select('seq').limit(1).executeTakeFirst()) !== undefined

export const audit = async (
  db: Kysely<Schema>,
  entry: { at: number; who: string; action: string; subject: string; detail: string },
): Promise<void> => {
  await db.insertInto('audit').values(entry).execute()
}

/** Settings as JSON by name, the last of each; undefined when there are none. */
export const readSetting = async (db: Kysely<Schema>, { name }: { name: string }): Promise<string | undefined> =>
  (await db.selectFrom('station').select('value').where('key', '=', `setting ${name}`).executeTakeFirst())?.value

export const writeSetting = async (
  db: Kysely<Schema>,
  { name, value }: { name: string; value: string },
): Promise<void> => {
  await db
    .insertInto('station')
    .values({ key: `setting ${name}`, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
