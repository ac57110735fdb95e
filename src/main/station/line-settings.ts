import { LineSettings } from '../../contract/index.ts'
import type { Records } from '../records/records.ts'

const SETTING = 'line'

/** How this station's line works; the usual values where nobody said otherwise. */
export const readLineSettings = async (records: Records): Promise<LineSettings> => {
  const text = await records.ask('readSetting', { name: SETTING })
  return LineSettings.parse(text === undefined ? {} : JSON.parse(text))
}

/** They hold for the next order that is opened, and for the one that is open from its next board on. */
export const keepLineSettings = (records: Records, settings: LineSettings): Promise<void> =>
  records.ask('writeSetting', { name: SETTING, value: JSON.stringify(settings) })
