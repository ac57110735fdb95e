/**
 * The records' structure, step by step. What must always hold (docs/architecture.md, invariants) stands here as constraints and
 * triggers wherever a database can say it, so that no code above can break it.
 */
import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { firstArticleMigration } from './first-article-migration.ts'
import { generationMigration } from './generation-migration.ts'
import { inspectionMigration } from './inspection-records.ts'
import { labelMigration } from './label-migration.ts'
import { manifestMigration } from './manifest-migration.ts'
import { orderMigration } from './order-migration.ts'
import { peopleMigration } from './people-records.ts'
import type { Schema } from './schema.ts'
import { lineMigration } from './settings-records.ts'
import { unusedIdentitiesMigration } from './unused-identities-migration.ts'

const statements =
  (...texts: string[]): Migration['up'] =>
  async (db) => {
    for (const text of texts) await sql.raw(text).execute(db)
  }

const refuse = (name: string, event: string, condition: string, message: string): string =>
  `CREATE TRIGGER ${name} BEFORE ${event} WHEN ${condition} BEGIN SELECT RAISE(ABORT, '${message}'); END`

const first: Migration = {
  up: statements(
    `CREATE TABLE station (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`,
    `CREATE TABLE orders (
      id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, plan TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'paused', 'stopped', 'finished')),
      stop_reason TEXT, created_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER) STRICT`,
    refuse('order_plan_is_fixed', 'UPDATE OF id, number, plan ON orders', 'TRUE', 'the plan of an order is fixed'),
    `CREATE TABLE serials (prefix TEXT PRIMARY KEY, next INTEGER NOT NULL CHECK (next > 0)) STRICT`,

    // Invariant 1: nothing of an identity is ever used twice.
    `CREATE TABLE identities (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL REFERENCES orders (id),
      serial TEXT NOT NULL UNIQUE, passcode_mark TEXT NOT NULL UNIQUE, salt_mark TEXT NOT NULL UNIQUE,
      rotating_mark TEXT NOT NULL UNIQUE, key_mark TEXT NOT NULL UNIQUE,
      dac_certificate BLOB NOT NULL, sealed BLOB NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('ready', 'bound')), created_at INTEGER NOT NULL) STRICT`,
    `CREATE INDEX ready_identities ON identities (order_id, seq) WHERE state = 'ready'`,
    refuse('identity_is_kept', 'DELETE ON identities', 'TRUE', 'an identity is never deleted'),
    refuse(
      'identity_is_fixed',
      'UPDATE ON identities',
      `OLD.state = 'bound' OR NEW.id <> OLD.id OR NEW.serial <> OLD.serial OR NEW.sealed <> OLD.sealed
       OR NEW.passcode_mark <> OLD.passcode_mark OR NEW.salt_mark <> OLD.salt_mark
       OR NEW.rotating_mark <> OLD.rotating_mark OR NEW.key_mark <> OLD.key_mark
       OR NEW.dac_certificate <> OLD.dac_certificate`,
      'an identity is fixed',
    ),

    // Invariants 1 and 4: one identity a MAC, one MAC an identity, for ever.
    `CREATE TABLE units (
      mac TEXT PRIMARY KEY, identity_id TEXT NOT NULL UNIQUE REFERENCES identities (id),
      order_id TEXT NOT NULL REFERENCES orders (id), chip TEXT NOT NULL, bound_at INTEGER NOT NULL) STRICT`,
    refuse('binding_is_fixed', 'UPDATE ON units', 'TRUE', 'a binding is fixed'),
    refuse('binding_is_kept', 'DELETE ON units', 'TRUE', 'a binding is never deleted'),

    `CREATE TABLE runs (
      id TEXT PRIMARY KEY, mac TEXT REFERENCES units (mac), order_id TEXT NOT NULL REFERENCES orders (id),
      slot INTEGER NOT NULL, attempt INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
      outcome TEXT CHECK (outcome IN ('pass', 'unverified', 'fail', 'interrupted', 'stopped')),
      final INTEGER NOT NULL DEFAULT 0, step TEXT, failure_code TEXT, failure_board TEXT, failure_params TEXT,
      failure_detail TEXT, log TEXT NOT NULL DEFAULT '[]',
      CHECK ((outcome IS NULL) = (ended_at IS NULL)),
      CHECK (outcome <> 'fail' OR failure_code IS NOT NULL)) STRICT`,
    `CREATE INDEX runs_of_unit ON runs (mac, started_at)`,
    `CREATE INDEX runs_of_order ON runs (order_id, outcome)`,
    `CREATE UNIQUE INDEX one_run_at_a_time ON runs (mac) WHERE outcome IS NULL`,
    refuse('run_is_kept', 'DELETE ON runs', 'TRUE', 'a run is never deleted'),
    refuse('outcome_is_fixed', 'UPDATE OF outcome ON runs', 'OLD.outcome IS NOT NULL', 'an outcome is fixed'),

    // Invariant 3: what is written belongs to a run that is bound and goes on.
    `CREATE TABLE regions (
      run_id TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL,
      md5 TEXT NOT NULL, sha256 TEXT NOT NULL, skipped INTEGER NOT NULL, verified INTEGER NOT NULL,
      PRIMARY KEY (run_id, offset)) STRICT`,
    refuse(
      'regions_of_bound_runs',
      'INSERT ON regions',
      `NOT EXISTS (SELECT 1 FROM runs WHERE id = NEW.run_id AND mac IS NOT NULL AND outcome IS NULL)`,
      'only a bound run that goes on has regions',
    ),
    // Invariant 2: a pass needs every region read back.
    refuse(
      'pass_is_verified',
      'UPDATE OF outcome ON runs',
      `NEW.outcome = 'pass' AND (NEW.mac IS NULL
        OR NOT EXISTS (SELECT 1 FROM regions WHERE run_id = NEW.id)
        OR EXISTS (SELECT 1 FROM regions WHERE run_id = NEW.id AND verified = 0))`,
      'a pass needs every region read back',
    ),
    refuse(
      'no_run_begins_passed',
      'INSERT ON runs',
      `NEW.outcome IN ('pass', 'unverified')`,
      'a run ends, it does not begin, with a pass',
    ),

    // Invariant 5: exactly one current label a pass.
    `CREATE TABLE labels (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, run_id TEXT NOT NULL REFERENCES runs (id),
      mac TEXT NOT NULL REFERENCES units (mac), order_id TEXT NOT NULL REFERENCES orders (id), slot INTEGER,
      rank INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'in-doubt', 'printed', 'confirmed', 'failed', 'superseded')),
      fault TEXT, proof TEXT, supersedes TEXT UNIQUE REFERENCES labels (id), reason TEXT, who TEXT NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT`,
    `CREATE UNIQUE INDEX one_current_label ON labels (mac) WHERE state <> 'superseded'`,
    `CREATE INDEX labels_of_order ON labels (order_id, seq)`,
    `CREATE INDEX waiting_labels ON labels (rank) WHERE state = 'waiting'`,
    refuse(
      'labels_of_passes',
      'INSERT ON labels',
      `NOT EXISTS (SELECT 1 FROM runs WHERE id = NEW.run_id AND mac = NEW.mac AND outcome IN ('pass', 'unverified'))`,
      'only a pass has a label',
    ),
    refuse('label_is_kept', 'DELETE ON labels', 'TRUE', 'a label is never deleted'),
    refuse(
      'superseded_is_final',
      'UPDATE OF state ON labels',
      `OLD.state = 'superseded'`,
      'a superseded label stays superseded',
    ),

    `CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
      subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT`,
    refuse('audit_is_fixed', 'UPDATE ON audit', 'TRUE', 'the audit trail is fixed'),
    refuse('audit_is_kept', 'DELETE ON audit', 'TRUE', 'the audit trail is kept'),
  ),
}

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-first': first,
  '002-generation': generationMigration,
  '003-inspections': inspectionMigration,
  '004-people': peopleMigration,
  '005-line': lineMigration,
  '007-labels': labelMigration,
  '008-orders': orderMigration,
  '009-first-articles': firstArticleMigration,
  '010-manifests': manifestMigration,
  '011-unused-identities': unusedIdentitiesMigration,
}

/**
 * Brings the records to this program's structure.
 *
 * @param upTo the structure of an earlier program, by its migration; this program's without
 * @throws Error when they were written by a newer one
 */
export const migrate = async (db: Kysely<Schema>, upTo?: string): Promise<void> => {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) } })
  const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo))
  if (error)
    throw new Error(
      `the records could not be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
    )
}
