/** Products and firmware releases in the records. */
import type { Kysely } from 'kysely'
import type { ProductTable, ReleaseTable, Schema } from './schema.ts'
import { audit } from './station-records.ts'

export interface SavedProduct {
  readonly id: string
  readonly name: string
  /** JSON of ProductDefinition. */
  readonly definition: string
  /** JSON of all that ends up in a unit or on its label: fixed while an order is open. */
  readonly written: string
  /** Absent: the one that is kept stays. */
  readonly sealedPassword?: Uint8Array | null | undefined
  readonly who: string
  readonly at: number
}

/** @throws when an open order uses the product, and what is written would change */
export const saveProduct = async (db: Kysely<Schema>, product: SavedProduct): Promise<void> => {
  const { id, name, definition, written, sealedPassword, who, at } = product
  const change = { name, definition, written, changed_at: at, changed_by: who }
  await db
    .insertInto('products')
    .values({ id, ...change, sealed_password: sealedPassword ?? null, archived_at: null })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ ...change, ...(sealedPassword === undefined ? {} : { sealed_password: sealedPassword }) }),
    )
    .execute()
  await audit(db, { at, who, action: 'product saved', subject: name, detail: definition })
}

export const archiveProduct = async (
  db: Kysely<Schema>,
  { id, archived, who, at }: { id: string; archived: boolean; who: string; at: number },
): Promise<void> => {
  await db
    .updateTable('products')
    .set({ archived_at: archived ? at : null })
    .where('id', '=', id)
    .execute()
  await audit(db, { at, who, action: archived ? 'product archived' : 'product taken back', subject: id, detail: '' })
}

export const products = (db: Kysely<Schema>): Promise<ProductTable[]> =>
  db.selectFrom('products').selectAll().orderBy('name').execute()

export const findProduct = (db: Kysely<Schema>, { id }: { id: string }): Promise<ProductTable | undefined> =>
  db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirst()

/** Numbers of the orders of each product that are not finished or closed. */
export const openOrderNumbers = (db: Kysely<Schema>): Promise<{ productId: string | null; number: string }[]> =>
  db
    .selectFrom('orders')
    .select(['product_id as productId', 'number'])
    .where('closed_at', 'is', null)
    .where('state', '<>', 'finished')
    .where('product_id', 'is not', null)
    .orderBy('created_at')
    .execute()

/** Keeps a release; one with the same content in the same folder is kept already. @returns its id */
export const keepRelease = async (db: Kysely<Schema>, release: ReleaseTable): Promise<{ id: string }> => {
  const known = await db
    .selectFrom('releases')
    .select('id')
    .where('digest', '=', release.digest)
    .where('folder', '=', release.folder)
    .where('factory_partition', 'is', release.factory_partition)
    .executeTakeFirst()
  if (known) return known
  await db.insertInto('releases').values(release).execute()
  await audit(db, {
    at: release.registered_at,
    who: release.registered_by,
    action: 'release registered',
    subject: `${release.name} ${release.version}`,
    detail: release.digest,
  })
  return { id: release.id }
}

/** The latest first. */
export const releases = (db: Kysely<Schema>): Promise<ReleaseTable[]> =>
  db.selectFrom('releases').selectAll().orderBy('registered_at', 'desc').orderBy('name').execute()

export const findRelease = (db: Kysely<Schema>, { id }: { id: string }): Promise<ReleaseTable | undefined> =>
  db.selectFrom('releases').selectAll().where('id', '=', id).executeTakeFirst()
