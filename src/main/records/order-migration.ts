/**
 * The records' structure for products, releases and orders: what an open order writes cannot change under it, a closed order makes
 * nothing any more, and an order that wants its first unit approved makes no second one before.
 */
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

const refuse = (name: string, event: string, condition: string, message: string): string =>
  `CREATE TRIGGER ${name} BEFORE ${event} WHEN ${condition} BEGIN SELECT RAISE(ABORT, '${message}'); END`

const isOpen = (product: string): string =>
  `EXISTS (SELECT 1 FROM orders WHERE product_id = ${product} AND closed_at IS NULL AND state <> 'finished')`

const STATEMENTS = [
  `CREATE TABLE products (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, written TEXT NOT NULL,
    sealed_password BLOB, archived_at INTEGER, changed_at INTEGER NOT NULL, changed_by TEXT NOT NULL) STRICT`,
  refuse('product_is_kept', 'DELETE ON products', 'TRUE', 'a product is archived, never deleted'),
  `CREATE TABLE releases (
    id TEXT PRIMARY KEY, folder TEXT NOT NULL, factory_partition TEXT, name TEXT NOT NULL, version TEXT NOT NULL,
    chip TEXT NOT NULL, digest TEXT NOT NULL, images TEXT NOT NULL,
    registered_at INTEGER NOT NULL, registered_by TEXT NOT NULL) STRICT`,
  `CREATE UNIQUE INDEX one_release ON releases (digest, folder, coalesce(factory_partition, ''))`,
  refuse('release_is_fixed', 'UPDATE ON releases', 'TRUE', 'a release is fixed'),
  refuse('release_is_kept', 'DELETE ON releases', 'TRUE', 'a release is never deleted'),

  `ALTER TABLE orders ADD COLUMN product_id TEXT REFERENCES products (id)`,
  `ALTER TABLE orders ADD COLUMN release_id TEXT REFERENCES releases (id)`,
  `ALTER TABLE orders ADD COLUMN due TEXT`,
  `ALTER TABLE orders ADD COLUMN lot TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE orders ADD COLUMN customer_reference TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE orders ADD COLUMN notes TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE orders ADD COLUMN first_article INTEGER NOT NULL DEFAULT 0 CHECK (first_article IN (0, 1))`,
  `ALTER TABLE orders ADD COLUMN created_by TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE orders ADD COLUMN closed_at INTEGER`,
  `ALTER TABLE orders ADD COLUMN closed_by TEXT`,
  `CREATE INDEX orders_of_product ON orders (product_id)`,
  refuse('order_is_kept', 'DELETE ON orders', 'TRUE', 'an order is closed, never deleted'),
  refuse('closed_is_final', 'UPDATE ON orders', 'OLD.closed_at IS NOT NULL', 'a closed order stays closed'),
  refuse(
    'running_is_not_closed',
    'UPDATE OF closed_at ON orders',
    `NEW.closed_at IS NOT NULL AND NEW.state = 'running'`,
    'an order that runs is not closed',
  ),
  // An order of an earlier program gets its product and release once.
  refuse(
    'order_source_is_fixed',
    'UPDATE OF product_id, release_id, first_article ON orders',
    `OLD.first_article <> NEW.first_article
     OR (OLD.product_id IS NOT NULL AND OLD.product_id IS NOT NEW.product_id)
     OR (OLD.release_id IS NOT NULL AND OLD.release_id IS NOT NEW.release_id)`,
    'what an order makes is fixed',
  ),
  refuse(
    'orders_of_current_products',
    'INSERT ON orders',
    `EXISTS (SELECT 1 FROM products WHERE id = NEW.product_id AND archived_at IS NOT NULL)`,
    'the product is archived',
  ),
  refuse(
    'product_is_locked',
    'UPDATE OF written ON products',
    `OLD.written <> NEW.written AND ${isOpen('OLD.id')}`,
    'an open order uses this product',
  ),
  refuse(
    'product_in_use_stays',
    'UPDATE OF archived_at ON products',
    `NEW.archived_at IS NOT NULL AND ${isOpen('OLD.id')}`,
    'an open order uses this product',
  ),

  `CREATE TABLE first_articles (
    order_id TEXT PRIMARY KEY REFERENCES orders (id), mac TEXT NOT NULL REFERENCES units (mac),
    who TEXT NOT NULL CHECK (who <> ''), comment TEXT NOT NULL, at INTEGER NOT NULL) STRICT`,
  refuse('approval_is_fixed', 'UPDATE ON first_articles', 'TRUE', 'an approval is fixed'),
  refuse('approval_is_kept', 'DELETE ON first_articles', 'TRUE', 'an approval is never deleted'),
  refuse(
    'approval_of_passes',
    'INSERT ON first_articles',
    `NOT EXISTS (SELECT 1 FROM runs WHERE order_id = NEW.order_id AND mac = NEW.mac AND outcome IN ('pass', 'unverified'))`,
    'only a unit that passed is approved',
  ),
  refuse(
    'first_article_before_others',
    'INSERT ON runs',
    `NEW.mac IS NOT NULL AND EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND first_article = 1)
     AND NOT EXISTS (SELECT 1 FROM first_articles WHERE order_id = NEW.order_id)
     AND EXISTS (SELECT 1 FROM runs WHERE order_id = NEW.order_id AND mac IS NOT NULL
       AND (outcome IS NULL OR outcome IN ('pass', 'unverified')))`,
    'the first article is not approved',
  ),
  refuse(
    'closed_makes_nothing',
    'INSERT ON runs',
    `EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND closed_at IS NOT NULL)`,
    'the order is closed',
  ),
]

export const orderMigration: Migration = {
  up: async (db) => {
    for (const text of STATEMENTS) await sql.raw(text).execute(db)
  },
}
