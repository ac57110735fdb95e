/** The order that the line works on, remembered over restarts. */
import type { Records } from '../../records/records.ts'
import type { OrderTable } from '../../records/schema.ts'

const SETTING = 'current-order'

export const rememberOrder = (records: Records, id: string | null): Promise<void> =>
  records.ask('writeSetting', { name: SETTING, value: JSON.stringify(id) })

/** Null where none is remembered, undefined where nobody has ever said. */
export const rememberedOrder = async (records: Records): Promise<OrderTable | null | undefined> => {
  const text = await records.ask('readSetting', { name: SETTING })
  if (text === undefined) return undefined
  const id: unknown = JSON.parse(text)
  return typeof id === 'string' ? ((await records.ask('findOrder', { id })) ?? null) : null
}
