/** The thread that owns the records' database. */
import { parentPort, workerData } from 'node:worker_threads'
import { createGroupCommit } from './group-commit.ts'
import { migrate } from './migrations.ts'
import type { OperationName } from './operations.ts'
import { openSqlite } from './sqlite.ts'

export type ToRecords =
  | { readonly type: 'ask'; readonly id: number; readonly name: OperationName; readonly params: unknown }
  | { readonly type: 'close' }
export type FromRecords =
  | { readonly type: 'open' }
  | { readonly type: 'not-open'; readonly message: string }
  | { readonly type: 'answer'; readonly id: number; readonly result?: unknown; readonly error?: string }
  | { readonly type: 'closed' }

const port = parentPort
if (!port) throw new Error('the records run in a worker thread only')
const say = (message: FromRecords): void => port.postMessage(message)

try {
  const db = openSqlite((workerData as { file: string }).file)
  await migrate(db)
  const commits = createGroupCommit(db)
  port.on('message', (message: ToRecords) => {
    if (message.type === 'ask') {
      const { id, name, params } = message
      commits.ask({
        name,
        params,
        resolve: (result) => say({ type: 'answer', id, result }),
        reject: (error) => say({ type: 'answer', id, error: error.message }),
      })
    } else
      void commits
        .idle()
        .then(() => db.destroy())
        .then(() => {
          say({ type: 'closed' })
          port.close()
        })
  })
  say({ type: 'open' })
} catch (error) {
  say({ type: 'not-open', message: error instanceof Error ? error.message : String(error) })
  port.close()
}
