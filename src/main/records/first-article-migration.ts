/**
 * The records' structure for first articles that were rejected: such a unit has passed, but it is none of the order's any more. It is
 * never made again, has no label that holds, and is in no carton; the order makes another first article.
 */
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

const refuse = (name: string, event: string, condition: string, message: string): string =>
  `CREATE TRIGGER ${name} BEFORE ${event} WHEN ${condition} BEGIN SELECT RAISE(ABORT, '${message}'); END`

const isRejected = (mac: string): string => `EXISTS (SELECT 1 FROM rejected_articles WHERE mac = ${mac})`

/** Of the table of labels, whatever becomes of it later. */
export const REJECTED_HAS_NO_LABEL = refuse(
  'rejected_has_no_label',
  'INSERT ON labels',
  isRejected('NEW.mac'),
  'a rejected unit has no label',
)

const STATEMENTS = [
  `CREATE TABLE rejected_articles (
    mac TEXT PRIMARY KEY REFERENCES units (mac), order_id TEXT NOT NULL REFERENCES orders (id),
    who TEXT NOT NULL CHECK (who <> ''), reason TEXT NOT NULL CHECK (length(reason) >= 3), at INTEGER NOT NULL) STRICT`,
  `CREATE INDEX rejected_of_order ON rejected_articles (order_id)`,
  refuse('rejection_is_fixed', 'UPDATE ON rejected_articles', 'TRUE', 'a rejection is fixed'),
  refuse('rejection_is_kept', 'DELETE ON rejected_articles', 'TRUE', 'a rejection is never deleted'),
  refuse(
    'rejection_of_first_articles',
    'INSERT ON rejected_articles',
    `NOT EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND first_article = 1)
     OR EXISTS (SELECT 1 FROM first_articles WHERE order_id = NEW.order_id)
     OR NOT EXISTS (SELECT 1 FROM runs
       WHERE order_id = NEW.order_id AND mac = NEW.mac AND outcome IN ('pass', 'unverified'))`,
    'only a first article that waits for its approval is rejected',
  ),
  refuse(
    'label_of_rejected_is_void',
    'INSERT ON rejected_articles',
    `EXISTS (SELECT 1 FROM labels WHERE mac = NEW.mac AND state <> 'superseded')`,
    'the label of a rejected unit is void',
  ),
  refuse(
    'packed_is_not_rejected',
    'INSERT ON rejected_articles',
    `EXISTS (SELECT 1 FROM carton_units WHERE mac = NEW.mac)`,
    'the unit is in a carton; take it out first',
  ),
  refuse('rejected_is_not_approved', 'INSERT ON first_articles', isRejected('NEW.mac'), 'the unit was rejected'),
  refuse('rejected_is_made_no_more', 'INSERT ON runs', isRejected('NEW.mac'), 'the unit was rejected'),
  REJECTED_HAS_NO_LABEL,
  `DROP TRIGGER first_article_before_others`,
  refuse(
    'first_article_before_others',
    'INSERT ON runs',
    `NEW.mac IS NOT NULL AND EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND first_article = 1)
     AND NOT EXISTS (SELECT 1 FROM first_articles WHERE order_id = NEW.order_id)
     AND EXISTS (SELECT 1 FROM runs WHERE order_id = NEW.order_id AND mac IS NOT NULL
       AND (outcome IS NULL OR outcome IN ('pass', 'unverified'))
       AND NOT ${isRejected('runs.mac')})`,
    'the first article is not approved',
  ),
]

export const firstArticleMigration: Migration = {
  up: async (db) => {
    for (const text of STATEMENTS) await sql.raw(text).execute(db)
  },
}
