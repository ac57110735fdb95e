/**
 * The records' structure for orders that only label modules which came provisioned: a unit has an identity of the line, or is a device
 * of a manifest that was imported. A pass of the latter wrote nothing, so it has no regions; all else holds for both. Modules that were
 * labelled before there were such orders get one, closed. Tables are copied, since SQLite cannot change a constraint.
 */
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { REJECTED_HAS_NO_LABEL } from './first-article-migration.ts'
import { LABEL_RULES } from './label-migration.ts'

const refuse = (name: string, event: string, condition: string, message: string): string =>
  `CREATE TRIGGER ${name} BEFORE ${event} WHEN ${condition} BEGIN SELECT RAISE(ABORT, '${message}'); END`

const LABEL_COLUMNS = `seq, id, run_id, mac, carton_id, order_id, slot, rank, held, state, fault, proof, supersedes, reason, who,
  created_at, updated_at`

/** Number of the order of modules that were labelled beside another. */
const EARLIER_NUMBER = `label_passes.facts ->> '$.orderNumber' || '-MODULES-' || substr(generated.run_id, 1, 8)`

const EARLIER_PASSES = [
  `INSERT INTO orders (id, number, plan, quantity, state, created_at, started_at, ended_at, manifest_id)
   SELECT 'modules-' || orders.id || '-' || generated.run_id, ${EARLIER_NUMBER},
     json_set(orders.plan, '$.release', NULL, '$.attestation', NULL, '$.manifest', json_object(
       'id', generated.run_id, 'name', coalesce(generation_runs.described ->> '$.imported', ''),
       'chips', json_array(orders.plan ->> '$.chip'))),
     count(*), 'finished', min(label_passes.at), min(label_passes.at), max(label_passes.at), generated.run_id
   FROM label_passes JOIN generated ON generated.id = label_passes.generated_id
   JOIN generation_runs ON generation_runs.id = generated.run_id
   JOIN orders ON orders.number = label_passes.facts ->> '$.orderNumber'
   GROUP BY orders.id, generated.run_id`,
  `INSERT INTO units (mac, identity_id, generated_id, order_id, chip, bound_at)
   SELECT label_passes.mac, NULL, generated.id, orders.id, orders.plan ->> '$.chip', label_passes.at
   FROM label_passes JOIN generated ON generated.id = label_passes.generated_id
   JOIN orders ON orders.number = ${EARLIER_NUMBER}`,
  `INSERT INTO runs (id, mac, order_id, slot, attempt, started_at)
   SELECT 'module-' || label_passes.generated_id, label_passes.mac, units.order_id, label_passes.slot, 1, label_passes.at
   FROM label_passes JOIN units ON units.mac = label_passes.mac`,
  `UPDATE runs SET outcome = 'pass', ended_at = started_at WHERE outcome IS NULL AND id LIKE 'module-%'`,
  `UPDATE orders SET closed_at = ended_at, closed_by = '' WHERE id LIKE 'modules-%'`,
]

const STATEMENTS = [
  // What refers to a table that is copied is checked once it is whole again.
  `PRAGMA defer_foreign_keys = ON`,
  `ALTER TABLE orders ADD COLUMN manifest_id TEXT REFERENCES generation_runs (id)`,

  `CREATE INDEX passcodes_of_generated ON generated (passcode_mark)`,

  `CREATE TABLE units_before AS SELECT * FROM units`,
  `DROP TABLE units`,
  `CREATE TABLE units (
    mac TEXT PRIMARY KEY, identity_id TEXT UNIQUE REFERENCES identities (id),
    generated_id TEXT UNIQUE REFERENCES generated (id), order_id TEXT NOT NULL REFERENCES orders (id),
    chip TEXT NOT NULL, bound_at INTEGER NOT NULL,
    CHECK ((identity_id IS NULL) <> (generated_id IS NULL))) STRICT`,
  `INSERT INTO units (mac, identity_id, order_id, chip, bound_at)
   SELECT mac, identity_id, order_id, chip, bound_at FROM units_before`,
  `DROP TABLE units_before`,
  refuse('binding_is_fixed', 'UPDATE ON units', 'TRUE', 'a binding is fixed'),
  refuse('binding_is_kept', 'DELETE ON units', 'TRUE', 'a binding is never deleted'),

  `DROP TRIGGER pass_is_verified`,
  ...EARLIER_PASSES,
  `CREATE TABLE labels_before AS SELECT labels.seq, labels.id, coalesce(labels.run_id, 'module-' || labels.generated_id) AS run_id,
     coalesce(labels.mac, label_passes.mac) AS mac, labels.carton_id, coalesce(labels.order_id, units.order_id) AS order_id,
     labels.slot, labels.rank, labels.held, labels.state, labels.fault, labels.proof, labels.supersedes, labels.reason, labels.who,
     labels.created_at, labels.updated_at
   FROM labels LEFT JOIN label_passes ON label_passes.generated_id = labels.generated_id
   LEFT JOIN units ON units.mac = label_passes.mac`,
  `DROP TABLE labels`,
  `CREATE TABLE labels (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, run_id TEXT REFERENCES runs (id),
    mac TEXT REFERENCES units (mac), carton_id TEXT REFERENCES cartons (id),
    order_id TEXT NOT NULL REFERENCES orders (id), slot INTEGER,
    rank INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'in-doubt', 'printed', 'confirmed', 'failed', 'superseded')),
    fault TEXT, proof TEXT, supersedes TEXT UNIQUE REFERENCES labels (id), reason TEXT, who TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    CHECK ((mac IS NULL) <> (carton_id IS NULL)), CHECK ((mac IS NULL) = (run_id IS NULL))) STRICT`,
  `INSERT INTO labels (${LABEL_COLUMNS}) SELECT ${LABEL_COLUMNS} FROM labels_before ORDER BY seq`,
  `DROP TABLE labels_before`,
  `DROP TABLE label_passes`,
  ...LABEL_RULES,
  REJECTED_HAS_NO_LABEL,

  // A MAC has one identity, whichever way it came by it; a module is labelled in an order of its own manifest, and nowhere else.
  refuse(
    'unit_has_a_new_mac',
    'INSERT ON units',
    'NEW.identity_id IS NOT NULL AND EXISTS (SELECT 1 FROM generated WHERE mac = NEW.mac)',
    'this MAC has an identity already: it was imported',
  ),
  refuse(
    'unit_is_of_its_order',
    'INSERT ON units',
    `CASE WHEN NEW.generated_id IS NULL
       THEN (SELECT manifest_id FROM orders WHERE id = NEW.order_id) IS NOT NULL
       ELSE NOT EXISTS (SELECT 1 FROM generated JOIN orders ON orders.manifest_id = generated.run_id
         WHERE generated.id = NEW.generated_id AND generated.mac = NEW.mac AND orders.id = NEW.order_id) END`,
    'an order of a manifest has the modules of its manifest, and no other order has any',
  ),
  refuse(
    'manifest_is_fixed',
    'UPDATE OF manifest_id ON orders',
    'OLD.manifest_id IS NOT NEW.manifest_id',
    'what an order makes is fixed',
  ),
  refuse(
    'release_or_manifest',
    'INSERT ON orders',
    'NEW.release_id IS NOT NULL AND NEW.manifest_id IS NOT NULL',
    'an order writes a release or labels the modules of a manifest',
  ),
  refuse(
    'modules_are_not_written',
    'INSERT ON regions',
    `EXISTS (SELECT 1 FROM runs JOIN units ON units.mac = runs.mac
       WHERE runs.id = NEW.run_id AND units.generated_id IS NOT NULL)`,
    'nothing is written to a module that came provisioned',
  ),
  // Invariant 2, but for units to which nothing is written.
  refuse(
    'pass_is_verified',
    'UPDATE OF outcome ON runs',
    `NEW.outcome = 'pass' AND (NEW.mac IS NULL
      OR (NOT EXISTS (SELECT 1 FROM units WHERE mac = NEW.mac AND generated_id IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM regions WHERE run_id = NEW.id))
      OR EXISTS (SELECT 1 FROM regions WHERE run_id = NEW.id AND verified = 0))`,
    'a pass needs every region read back',
  ),
]

export const manifestMigration: Migration = {
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
