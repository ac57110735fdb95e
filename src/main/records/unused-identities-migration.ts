/**
 * The records' structure for identities that nobody needs any more: those that were prepared for an order and not bound when it was
 * closed go, and the keys of their DACs, which no device has had, are free again. Everything else of them stays used.
 */
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

const STATEMENTS = [
  `DROP TRIGGER identity_is_kept`,
  `CREATE TRIGGER identity_is_kept BEFORE DELETE ON identities
   WHEN OLD.state <> 'ready' OR EXISTS (SELECT 1 FROM units WHERE identity_id = OLD.id)
     OR NOT EXISTS (SELECT 1 FROM orders WHERE id = OLD.order_id AND closed_at IS NOT NULL)
   BEGIN SELECT RAISE(ABORT, 'an identity is never deleted, unless its order was closed before it had a board'); END`,
  `CREATE INDEX generated_by_key ON generated (key_mark) WHERE key_mark IS NOT NULL`,
  `DROP TRIGGER used_is_kept`,
  `CREATE TRIGGER used_is_kept BEFORE DELETE ON used_values
   WHEN OLD.kind <> 'key' OR EXISTS (SELECT 1 FROM identities WHERE key_mark = OLD.mark)
     OR EXISTS (SELECT 1 FROM generated WHERE key_mark = OLD.mark)
   BEGIN SELECT RAISE(ABORT, 'a used value stays used'); END`,
  `CREATE TRIGGER unused_key_is_free AFTER DELETE ON identities BEGIN
     DELETE FROM used_values WHERE kind = 'key' AND mark = OLD.key_mark;
   END`,
  `CREATE TRIGGER closed_prepares_nothing BEFORE INSERT ON identities
   WHEN EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND closed_at IS NOT NULL)
   BEGIN SELECT RAISE(ABORT, 'the order is closed'); END`,
  // Of orders that an earlier program closed.
  `DELETE FROM identities WHERE state = 'ready' AND NOT EXISTS (SELECT 1 FROM units WHERE identity_id = identities.id)
     AND order_id IN (SELECT id FROM orders WHERE closed_at IS NOT NULL)`,
]

export const unusedIdentitiesMigration: Migration = {
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
