/**
 * One writer for the records. What is asked while a commit is on its way to the disk is committed together in the next: each
 * operation under a savepoint of its own, so that one that fails takes no other with it, and none is answered before the commit.
 */
import { sql, type Kysely } from 'kysely'
import { OPERATIONS, type OperationName } from './operations.ts'
import type { Schema } from './schema.ts'

export interface Asked {
  readonly name: OperationName
  readonly params: unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** So that a flood of operations cannot keep the first of them waiting for ever. */
const MOST_PER_COMMIT = 256

export interface GroupCommit {
  ask(asked: Asked): void
  /** Resolves when everything asked so far is answered. */
  idle(): Promise<void>
}

type AnyOperation = (db: Kysely<Schema>, params: unknown) => Promise<unknown>

const runOne = async (db: Kysely<Schema>, { name, params }: Asked): Promise<unknown> => {
  await sql`SAVEPOINT one`.execute(db)
  try {
    const result = await (OPERATIONS[name] as AnyOperation)(db, params)
    await sql`RELEASE one`.execute(db)
    return result
  } catch (error) {
    await sql`ROLLBACK TO one`.execute(db)
    await sql`RELEASE one`.execute(db)
    throw error
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))

export const createGroupCommit = (db: Kysely<Schema>): GroupCommit => {
  let waiting: Asked[] = []
  let working: Promise<void> | undefined

  const commit = async (group: readonly Asked[]): Promise<void> => {
    const answers: (() => void)[] = []
    try {
      await sql`BEGIN IMMEDIATE`.execute(db)
      for (const asked of group)
        try {
          const result = await runOne(db, asked)
          answers.push(() => asked.resolve(result))
        } catch (error) {
          answers.push(() => asked.reject(asError(error)))
        }
      await sql`COMMIT`.execute(db)
    } catch (error) {
      // The disk is full, or the file is gone: nothing of the group was kept, and nobody may believe that it was.
      await sql`ROLLBACK`.execute(db).catch(() => undefined)
      for (const asked of group) asked.reject(asError(error))
      return
    }
    for (const answer of answers) answer()
  }

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting.slice(0, MOST_PER_COMMIT)
      waiting = waiting.slice(MOST_PER_COMMIT)
      await commit(group)
    }
    working = undefined
  }

  return {
    ask(asked) {
      waiting.push(asked)
      working ??= Promise.resolve().then(work)
    },
    async idle() {
      while (working) await working
    },
  }
}
