/** A part of another station's file as it is planned to be taken over: its changes, its faults, and what would be kept and done. */
import type { FileFault, FilePartView, LabelTemplate, Person, SettingsChange } from '../../../contract/index.ts'
import type { SavedProduct } from '../../records/product-records.ts'
import { RequestRefusal } from '../request-refusal.ts'

/** What is to be kept in the records, and what is to be done when it is. */
export interface Part extends FilePartView {
  readonly settings?: { readonly name: string; readonly value: string }
  readonly value?: { readonly name: string; readonly value: string }
  readonly templates?: readonly LabelTemplate[]
  readonly products?: readonly SavedProduct[]
  readonly people?: readonly Person[]
  hold?(): Promise<void>
}

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The faults of a check, as the file's field has them. */
export const faultsOf = async (field: string, check: () => unknown): Promise<FileFault[]> => {
  try {
    await check()
    return []
  } catch (error) {
    if (!(error instanceof RequestRefusal)) throw error
    const { reason, values, fault } = error
    return [{ field, reason, values, ...(fault ? { fault } : {}) }]
  }
}

export const fieldChanges = (section: string, before: object | null, after: object): SettingsChange[] => {
  const known = new Map(Object.entries(before ?? {}))
  return Object.entries(after)
    .map(([name, value]) => ({
      field: `${section}.${name}`,
      before: (known.get(name) as unknown) ?? null,
      after: value as unknown,
    }))
    .filter((change) => !same(change.before, change.after))
}
