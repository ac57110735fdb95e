/** Settings in the records: each version with who set it and when; the newest holds. */
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Schema } from './schema.ts'

/** Versions of settings, and the sockets of the fixture. */
export const lineMigration: Migration = {
  up: async (db) => {
    for (const text of [
      `CREATE TABLE settings (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, value TEXT NOT NULL, who TEXT NOT NULL,
        at INTEGER NOT NULL) STRICT`,
      `CREATE INDEX settings_of_name ON settings (name, id)`,
      `CREATE TRIGGER settings_are_fixed BEFORE UPDATE ON settings
       BEGIN SELECT RAISE(ABORT, 'a version of settings is fixed'); END`,
      `CREATE TRIGGER settings_are_kept BEFORE DELETE ON settings
       BEGIN SELECT RAISE(ABORT, 'a version of settings is kept'); END`,
      // What was set before there were versions is the first one.
      `INSERT INTO settings (name, value, who, at) SELECT 'line', value, '', 0 FROM station WHERE key = 'setting line'`,
      `CREATE TABLE sockets (
        place TEXT PRIMARY KEY, insertions INTEGER NOT NULL CHECK (insertions >= 0),
        since_cleaned INTEGER NOT NULL CHECK (since_cleaned BETWEEN 0 AND insertions),
        cleaned_at INTEGER, cleaned_by TEXT, CHECK ((cleaned_at IS NULL) = (cleaned_by IS NULL))) STRICT`,
      `CREATE TRIGGER insertions_only_grow BEFORE UPDATE OF insertions ON sockets WHEN NEW.insertions < OLD.insertions
       BEGIN SELECT RAISE(ABORT, 'insertions only grow'); END`,
      `CREATE TRIGGER socket_is_kept BEFORE DELETE ON sockets
       BEGIN SELECT RAISE(ABORT, 'a socket is kept'); END`,
      `CREATE INDEX runs_of_slot ON runs (slot, ended_at)`,
    ])
      await sql.raw(text).execute(db)
  },
}

export interface SettingsVersion {
  readonly id: number
  readonly value: string
  readonly who: string
  readonly at: number
}

/** The newest versions first. */
export const settingsVersions = (
  db: Kysely<Schema>,
  { name, limit }: { name: string; limit: number },
): Promise<SettingsVersion[]> =>
  db
    .selectFrom('settings')
    .select(['id', 'value', 'who', 'at'])
    .where('name', '=', name)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

/** A new version; the same as before is none. */
export const keepSettings = async (
  db: Kysely<Schema>,
  { name, value, who, at }: { name: string; value: string; who: string; at: number },
): Promise<void> => {
  const [newest] = await settingsVersions(db, { name, limit: 1 })
  if (newest?.value === value) return
  await db.insertInto('settings').values({ name, value, who, at }).execute()
  await db.insertInto('audit').values({ at, who, action: 'settings changed', subject: name, detail: value }).execute()
}
