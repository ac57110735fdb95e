/** The line's settings as a file for the next station, and what such a file would change. */
import { changesOf, SettingsFile, type LineSettings, type SettingsChange } from '../../contract/index.ts'
import { base64File, type ReportFile } from './report-files.ts'
import { RequestRefusal } from './request-refusal.ts'

export const settingsFile = (settings: LineSettings, station: string): ReportFile => {
  const savedAt = new Date().toISOString()
  const file: SettingsFile = { imprint: 'line settings', version: 1, station, savedAt, settings }
  return base64File(`imprint-settings-${savedAt.slice(0, 10)}.json`, 'application/json', JSON.stringify(file, null, 2))
}

const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

/**
 * @param content the file's text
 * @throws RequestRefusal naming the field that is wrong
 */
export const readSettingsFile = (
  content: string,
  now: LineSettings,
): { settings: LineSettings; station: string; changes: SettingsChange[] } => {
  const said = parsed(content)
  if (!SettingsFile.pick({ imprint: true }).safeParse(said).success)
    throw new RequestRefusal('invalid', 'no-settings-file')
  const file = SettingsFile.safeParse(said)
  if (!file.success) {
    const [issue] = file.error.issues
    throw new RequestRefusal('invalid', 'settings-file-wrong', {
      field: issue?.path.join('.') ?? '',
      detail: issue?.message ?? '',
    })
  }
  const { settings, station } = file.data
  return { settings, station, changes: changesOf(now, settings) }
}
