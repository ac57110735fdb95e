/** Identities in the records: made ahead, each bound to one MAC at most. */
import { sql, type Kysely } from 'kysely'
import type { IdentityRow, Schema } from './schema.ts'

export type NewIdentity = Omit<IdentityRow, 'seq' | 'state' | 'created_at'>

/** The next `count` running numbers of a prefix, never given twice. */
export const takeSerials = async (
  db: Kysely<Schema>,
  { prefix, count }: { prefix: string; count: number },
): Promise<{ first: number }> => {
  const taken = await db
    .insertInto('serials')
    .values({ prefix, next: 1 + count })
    .onConflict((conflict) =>
      conflict.column('prefix').doUpdateSet((value) => ({ next: value('serials.next', '+', count) })),
    )
    .returning('next')
    .executeTakeFirstOrThrow()
  return { first: taken.next - count }
}

const SQLITE_UNIQUE = 2067

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_UNIQUE

/**
 * Keeps one identity.
 *
 * @returns whether it was unique; one that shares a serial or a secret with any other is not kept
 */
export const addIdentity = async (
  db: Kysely<Schema>,
  { identity, at }: { identity: NewIdentity; at: number },
): Promise<{ unique: boolean }> => {
  try {
    await db
      .insertInto('identities')
      .values({ ...identity, state: 'ready', created_at: at })
      .execute()
    return { unique: true }
  } catch (error) {
    if (isUniqueViolation(error)) return { unique: false }
    throw error
  }
}

export const countReady = async (db: Kysely<Schema>, { orderId }: { orderId: string }): Promise<number> => {
  const counted = await db
    .selectFrom('identities')
    .select((value) => value.fn.countAll<number>().as('count'))
    .where('order_id', '=', orderId)
    .where('state', '=', 'ready')
    .executeTakeFirstOrThrow()
  return counted.count
}

/** Of these marks of DACs' public keys, those that a device has already, be it the line's or a generated one. */
export const usedDacs = async (
  db: Kysely<Schema>,
  { marks }: { marks: readonly string[] },
): Promise<{ readonly used: readonly string[] }> => {
  const { rows } = await sql<{ mark: string }>`
    SELECT used_values.mark AS mark FROM json_each(${JSON.stringify(marks)}) AS asked
    JOIN used_values ON used_values.kind = 'key' AND used_values.mark = asked.value`.execute(db)
  return { used: rows.map(({ mark }) => mark) }
}

/** The identity of a unit. */
export const identityOfUnit = (db: Kysely<Schema>, { mac }: { mac: string }): Promise<IdentityRow | undefined> =>
  db
    .selectFrom('identities')
    .innerJoin('units', 'units.identity_id', 'identities.id')
    .selectAll('identities')
    .where('units.mac', '=', mac)
    .executeTakeFirst()
