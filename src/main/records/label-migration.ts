/**
 * The records' labels once more: of units, of cartons and of devices that came provisioned, in one queue; labels that were thrown
 * away; cartons and what is in them; scans that did not fit. The old table is copied, since SQLite cannot change a constraint.
 */
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

const refuse = (name: string, event: string, condition: string, message: string): string =>
  `CREATE TRIGGER ${name} BEFORE ${event} WHEN ${condition} BEGIN SELECT RAISE(ABORT, '${message}'); END`

const COLUMNS = `seq, id, run_id, mac, order_id, slot, rank, state, fault, proof, supersedes, reason, who, created_at, updated_at`

/** Invariant 5, and what else holds for labels, whatever table they are kept in. */
export const LABEL_RULES = [
  `CREATE UNIQUE INDEX one_current_label ON labels (mac) WHERE state <> 'superseded'`,
  `CREATE UNIQUE INDEX one_current_carton_label ON labels (carton_id) WHERE state <> 'superseded'`,
  `CREATE INDEX labels_of_order ON labels (order_id, seq)`,
  `CREATE INDEX waiting_labels ON labels (rank) WHERE state = 'waiting'`,
  refuse(
    'labels_of_passes',
    'INSERT ON labels',
    `NEW.mac IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM runs WHERE id = NEW.run_id AND mac = NEW.mac AND outcome IN ('pass', 'unverified'))`,
    'only a pass has a label',
  ),
  refuse(
    'labels_of_closed_cartons',
    'INSERT ON labels',
    `NEW.carton_id IS NOT NULL AND (SELECT state FROM cartons WHERE id = NEW.carton_id) <> 'closed'`,
    'only a closed carton has a label',
  ),
  refuse('label_is_kept', 'DELETE ON labels', 'TRUE', 'a label is never deleted'),
  refuse('superseded_is_final', 'UPDATE OF state ON labels', `OLD.state = 'superseded'`, 'a superseded label stays so'),
  refuse(
    'voided_is_not_printed',
    'UPDATE OF state ON labels',
    `NEW.state NOT IN ('failed', 'superseded') AND EXISTS (SELECT 1 FROM voided_labels WHERE label_id = NEW.id)`,
    'a voided label is never used again',
  ),
]

const STATEMENTS = [
  `CREATE TABLE cartons (
    id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL REFERENCES orders (id),
    size INTEGER NOT NULL CHECK (size > 0), state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT`,
  `CREATE UNIQUE INDEX one_open_carton ON cartons (order_id) WHERE state = 'open'`,
  refuse('carton_is_kept', 'DELETE ON cartons', 'TRUE', 'a carton is never deleted'),
  refuse(
    'carton_is_fixed',
    'UPDATE OF id, number, order_id, size ON cartons',
    'TRUE',
    'number, order and size of a carton are fixed',
  ),

  // A device that came provisioned is labelled once; its pass wrote nothing.
  `CREATE TABLE label_passes (
    generated_id TEXT PRIMARY KEY REFERENCES generated (id), mac TEXT NOT NULL UNIQUE, slot INTEGER NOT NULL,
    facts TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL) STRICT`,
  refuse('label_pass_is_kept', 'DELETE ON label_passes', 'TRUE', 'a pass is never deleted'),
  refuse('label_pass_is_fixed', 'UPDATE ON label_passes', 'TRUE', 'a pass is fixed'),
  refuse(
    'label_pass_has_its_mac',
    'INSERT ON label_passes',
    'NEW.mac IS NOT (SELECT mac FROM generated WHERE id = NEW.generated_id)',
    'the MAC of a pass is that of its device',
  ),

  `CREATE TABLE labels_next (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, run_id TEXT REFERENCES runs (id),
    mac TEXT REFERENCES units (mac), carton_id TEXT REFERENCES cartons (id),
    generated_id TEXT REFERENCES label_passes (generated_id), order_id TEXT REFERENCES orders (id), slot INTEGER,
    rank INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'in-doubt', 'printed', 'confirmed', 'failed', 'superseded')),
    fault TEXT, proof TEXT, supersedes TEXT UNIQUE REFERENCES labels_next (id), reason TEXT, who TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    CHECK ((mac IS NOT NULL) + (carton_id IS NOT NULL) + (generated_id IS NOT NULL) = 1),
    CHECK ((mac IS NULL) = (run_id IS NULL)), CHECK (generated_id IS NOT NULL OR order_id IS NOT NULL)) STRICT`,
  `INSERT INTO labels_next (${COLUMNS}) SELECT ${COLUMNS} FROM labels ORDER BY seq`,
  `DROP TABLE labels`,
  `ALTER TABLE labels_next RENAME TO labels`,
  ...LABEL_RULES,
  `CREATE UNIQUE INDEX one_current_device_label ON labels (generated_id) WHERE state <> 'superseded'`,

  `CREATE TABLE voided_labels (
    label_id TEXT PRIMARY KEY REFERENCES labels (id), reason TEXT NOT NULL CHECK (length(reason) >= 3),
    who TEXT NOT NULL, at INTEGER NOT NULL) STRICT`,
  refuse('void_is_kept', 'DELETE ON voided_labels', 'TRUE', 'a voided label stays so'),
  refuse('void_is_fixed', 'UPDATE ON voided_labels', 'TRUE', 'a voided label stays so'),
  refuse(
    'void_is_of_paper',
    'INSERT ON voided_labels',
    `(SELECT state FROM labels WHERE id = NEW.label_id) = 'waiting'`,
    'a label that waits has not come out',
  ),

  // A unit is in one carton: its primary key.
  `CREATE TABLE carton_units (
    mac TEXT PRIMARY KEY REFERENCES units (mac), carton_id TEXT NOT NULL REFERENCES cartons (id),
    at INTEGER NOT NULL, who TEXT NOT NULL) STRICT`,
  `CREATE INDEX units_of_carton ON carton_units (carton_id, at)`,
  refuse('carton_unit_is_fixed', 'UPDATE ON carton_units', 'TRUE', 'a unit is taken out before it goes elsewhere'),
  refuse(
    'only_open_cartons_take',
    'INSERT ON carton_units',
    `NOT EXISTS (SELECT 1 FROM cartons WHERE id = NEW.carton_id AND state = 'open'
       AND size > (SELECT count(*) FROM carton_units WHERE carton_id = NEW.carton_id))`,
    'the carton is closed or full',
  ),
  refuse(
    'only_labelled_passes_are_packed',
    'INSERT ON carton_units',
    `NOT EXISTS (SELECT 1 FROM labels JOIN cartons ON cartons.order_id = labels.order_id
       WHERE cartons.id = NEW.carton_id AND labels.mac = NEW.mac AND labels.state = 'confirmed')`,
    'only a passed unit of this order with its confirmed label is packed',
  ),
  refuse(
    'only_open_cartons_give',
    'DELETE ON carton_units',
    `(SELECT state FROM cartons WHERE id = OLD.carton_id) <> 'open'`,
    'the carton is closed; open it again first',
  ),

  // A label that was scanned at a slot it does not belong to: the line stands until somebody releases it.
  `CREATE TABLE scan_holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL,
    expected_id TEXT NOT NULL REFERENCES labels (id), scanned_id TEXT REFERENCES labels (id),
    released_at INTEGER, released_by TEXT, reason TEXT,
    CHECK ((released_at IS NULL) = (released_by IS NULL)), CHECK ((released_at IS NULL) = (reason IS NULL))) STRICT`,
  `CREATE UNIQUE INDEX one_hold_at_a_time ON scan_holds ((released_at IS NULL)) WHERE released_at IS NULL`,
  refuse('hold_is_kept', 'DELETE ON scan_holds', 'TRUE', 'a hold is kept'),
  refuse('released_is_final', 'UPDATE ON scan_holds', 'OLD.released_at IS NOT NULL', 'a released hold is fixed'),
]

export const labelMigration: Migration = {
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
