/**
 * The records' second structure: devices that were generated or imported outside an order. What they claim (serial, passcode with
 * discriminator, salt, rotating id, DAC key) is unique over them and the line's identities together, by one table of used values that
 * both feed.
 */
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

const CLAIMS = {
  serial: 'serial',
  passcode: 'passcode_mark',
  salt: 'salt_mark',
  rotatingId: 'rotating_mark',
  key: 'key_mark',
} as const

const claimsOf = (table: string, source: string): string =>
  Object.entries(CLAIMS)
    .map(([kind, column]) => `SELECT '${kind}' AS kind, ${source}.${column} AS mark ${table}`)
    .join(' UNION ALL ')

const useAfterInsert = (name: string, table: string): string =>
  `CREATE TRIGGER ${name} AFTER INSERT ON ${table} BEGIN
     INSERT INTO used_values (kind, mark) SELECT kind, mark FROM (${claimsOf('', 'NEW')}) WHERE mark IS NOT NULL;
   END`

const refuse = (name: string, event: string, condition: string, message: string): string =>
  `CREATE TRIGGER ${name} BEFORE ${event} WHEN ${condition} BEGIN SELECT RAISE(ABORT, '${message}'); END`

const STATEMENTS = [
  `CREATE TABLE used_values (kind TEXT NOT NULL, mark TEXT NOT NULL, UNIQUE (kind, mark)) STRICT`,
  refuse('used_is_kept', 'DELETE ON used_values', 'TRUE', 'a used value stays used'),
  refuse('used_is_fixed', 'UPDATE ON used_values', 'TRUE', 'a used value stays used'),
  `INSERT INTO used_values (kind, mark) SELECT kind, mark FROM (${claimsOf('FROM identities', 'identities')})`,
  useAfterInsert('identity_uses_values', 'identities'),

  `CREATE TABLE generation_runs (
    id TEXT PRIMARY KEY, request TEXT NOT NULL, described TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0),
    state TEXT NOT NULL CHECK (state IN ('open', 'finished')), sealed BLOB,
    created_at INTEGER NOT NULL, ended_at INTEGER,
    CHECK ((state = 'finished') = (ended_at IS NOT NULL))) STRICT`,
  `CREATE INDEX open_generation_runs ON generation_runs (request) WHERE state = 'open'`,
  refuse(
    'generation_run_is_fixed',
    'UPDATE OF id, request, described, quantity, sealed ON generation_runs',
    'TRUE',
    'what a run makes is fixed',
  ),
  `CREATE TABLE generated (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    run_id TEXT NOT NULL REFERENCES generation_runs (id), position INTEGER NOT NULL CHECK (position >= 0),
    serial TEXT, passcode_mark TEXT, salt_mark TEXT, rotating_mark TEXT, key_mark TEXT, mac TEXT UNIQUE,
    dac_certificate BLOB, sealed BLOB NOT NULL,
    written INTEGER NOT NULL DEFAULT 0 CHECK (written IN (0, 1)), created_at INTEGER NOT NULL,
    UNIQUE (run_id, position)) STRICT`,
  useAfterInsert('generated_uses_values', 'generated'),
  refuse('generated_is_kept', 'DELETE ON generated', 'TRUE', 'a generated device is never deleted'),
  refuse(
    'generated_is_fixed',
    'UPDATE OF seq, id, run_id, position, serial, passcode_mark, salt_mark, rotating_mark, key_mark, mac, dac_certificate, sealed ON generated',
    'TRUE',
    'a generated device is fixed',
  ),
  refuse(
    'written_stays_written',
    'UPDATE OF written ON generated',
    'OLD.written > NEW.written',
    'written stays written',
  ),
  // A MAC has one identity, whichever way it came by it.
  refuse(
    'generated_has_a_new_mac',
    'INSERT ON generated',
    'NEW.mac IS NOT NULL AND EXISTS (SELECT 1 FROM units WHERE mac = NEW.mac)',
    'this MAC has an identity of the line already',
  ),
  refuse(
    'unit_has_a_new_mac',
    'INSERT ON units',
    'EXISTS (SELECT 1 FROM generated WHERE mac = NEW.mac)',
    'this MAC has an identity already: it was imported',
  ),
]

export const generationMigration: Migration = {
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
