/** What differs between two settings, field by field. */
import { z } from 'zod'
import { FAILURE_CLASSES } from './failure-classes.ts'
import type { LineSettings } from './line-settings.ts'

export const SettingsChange = z.object({
  /** 'start.trigger', 'retries.contact.tries', 'shifts' … */
  field: z.string(),
  /** Whose it is, where there are several: a product's name, a person's. */
  subject: z.string().optional(),
  before: z.unknown(),
  after: z.unknown(),
})
export type SettingsChange = z.infer<typeof SettingsChange>

export const SettingsVersionView = z.object({
  id: z.number().int(),
  /** Empty where it is not known. */
  who: z.string(),
  at: z.number(),
  changes: z.array(SettingsChange),
})
export type SettingsVersionView = z.infer<typeof SettingsVersionView>

const fieldsOf = ({ start, retries, ...rest }: LineSettings): [string, unknown][] => [
  ...Object.entries(start).map(([name, value]): [string, unknown] => [`start.${name}`, value]),
  ...FAILURE_CLASSES.flatMap((name): [string, unknown][] => [
    [`retries.${name}.tries`, retries[name].tries],
    [`retries.${name}.board`, retries[name].board],
  ]),
  ...Object.entries(rest),
]

export const changesOf = (before: LineSettings, after: LineSettings): SettingsChange[] => {
  const known = new Map(fieldsOf(before))
  return fieldsOf(after)
    .map(([field, value]) => ({ field, before: known.get(field), after: value }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}
