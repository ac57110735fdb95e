/** What differs between two settings of the line, field by field; and settings as a file for the next station. */
import { z } from 'zod'
import { FAILURE_CLASSES } from './failure-classes.ts'
import { LineSettings } from './line-settings.ts'

export const SettingsChange = z.object({
  /** 'start.trigger', 'retries.contact.tries', 'shifts' … */
  field: z.string(),
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

/** Settings as one file. It holds no secret and no person: what it says may be known. */
export const SettingsFile = z.object({
  imprint: z.literal('line settings'),
  version: z.literal(1),
  station: z.string(),
  savedAt: z.string(),
  settings: LineSettings,
})
export type SettingsFile = z.infer<typeof SettingsFile>
