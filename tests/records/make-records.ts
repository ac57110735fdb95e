/** A process that makes new records, and lasts until it is killed. */
import { migrate } from '../../src/main/records/migrations.ts'
import { openSqlite } from '../../src/main/records/sqlite.ts'

process.stdout.write('begins\n')
await migrate(openSqlite(process.argv[2] ?? ''))
setInterval(() => undefined, 1000)
