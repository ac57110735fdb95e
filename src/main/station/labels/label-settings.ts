import { LabelSettings } from '../../../contract/index.ts'
import type { Records } from '../../records/records.ts'

const SETTING = 'labels'

/** How this station prints and proves its labels; the usual values where nobody said otherwise. */
export const readLabelSettings = async (records: Records): Promise<LabelSettings> => {
  const text = await records.ask('readSetting', { name: SETTING })
  return LabelSettings.parse(text === undefined ? {} : JSON.parse(text))
}

export const labelSettingsValue = (settings: LabelSettings): { name: string; value: string } => ({
  name: SETTING,
  value: JSON.stringify(settings),
})

export const keepLabelSettings = (records: Records, settings: LabelSettings): Promise<void> =>
  records.ask('writeSetting', labelSettingsValue(settings))
