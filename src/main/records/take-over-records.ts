/** What is taken over from another station's file: all of it in one transaction, or none. */
import type { Kysely } from 'kysely'
import type { Person } from '../../contract/index.ts'
import { savePeople } from './people-records.ts'
import { saveProduct, type SavedProduct } from './product-records.ts'
import type { Schema } from './schema.ts'
import { keepSettings } from './settings-records.ts'
import { audit, writeSetting } from './station-records.ts'

export interface TakeOver {
  /** Whose file it is. */
  readonly station: string
  /** Kept with all their versions. */
  readonly settings: readonly { readonly name: string; readonly value: string }[]
  readonly values: readonly { readonly name: string; readonly value: string }[]
  readonly products: readonly SavedProduct[]
  /** Everybody from now on; null leaves them as they are. */
  readonly people: readonly Person[] | null
  readonly who: string
  readonly at: number
}

export const takeOver = async (db: Kysely<Schema>, taken: TakeOver): Promise<void> => {
  const { station, who, at } = taken
  for (const each of taken.settings) await keepSettings(db, { ...each, who, at })
  for (const each of taken.values) await writeSetting(db, each)
  for (const each of taken.products) await saveProduct(db, each)
  if (taken.people) await savePeople(db, { people: taken.people, who, at })
  await audit(db, { at, who, action: 'set-up taken over', subject: station, detail: '' })
}
