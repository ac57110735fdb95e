/** Kysely over node:sqlite: the embedded database of a station. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteAdapter, SqliteDialect, type SqliteDatabase } from 'kysely'
import type { Schema } from './schema.ts'

/** What Kysely's dialect asks of a driver, by node:sqlite: a statement that gives columns is a reader. */
const driver = (database: DatabaseSync): SqliteDatabase => ({
  close: () => database.close(),
  prepare(sql) {
    const statement = database.prepare(sql)
    const values = (parameters: readonly unknown[]): SQLInputValue[] => [...parameters] as SQLInputValue[]
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => statement.all(...values(parameters)),
      run: (parameters) => statement.run(...values(parameters)),
      iterate: (parameters) => statement.iterate(...values(parameters)),
    }
  },
})

/** A structure half made is found by nobody: SQLite can change tables within a transaction, though Kysely does not count on it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class StationDialect extends SqliteDialect {
  override createAdapter(): TransactionalAdapter {
    return new TransactionalAdapter()
  }
}

/**
 * Opens the file, which is made when there is none. Every commit is on the disk when it returns.
 *
 * @param file a path, or ':memory:'
 */
export const openSqlite = (file: string): Kysely<Schema> => {
  // From the first statement on: another process may be closing the file just now.
  const database = new DatabaseSync(file, { timeout: 5000 })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;')
  return new Kysely<Schema>({ dialect: new StationDialect({ database: driver(database) }) })
}
