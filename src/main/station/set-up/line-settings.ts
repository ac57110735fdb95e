import { changesOf, LineSettings, placesOf, type SettingsVersionView } from '../../../contract/index.ts'
import type { Records } from '../../records/records.ts'
import { RequestRefusal } from '../request-refusal.ts'

const SETTINGS = 'line'
/** Versions that are shown. */
const SHOWN = 20

/** What a program before this one kept, with the usual value for all that it did not know or that is no longer allowed. */
const readable = (value: string): LineSettings => {
  const kept: unknown = JSON.parse(value)
  const whole = LineSettings.safeParse(kept)
  if (whole.success) return whole.data
  const usual = LineSettings.parse({})
  if (typeof kept !== 'object' || kept === null) return usual
  return Object.entries(kept).reduce((settings, [name, part]) => {
    const next = LineSettings.safeParse({ ...settings, [name]: part })
    return next.success ? next.data : settings
  }, usual)
}

/** How this station's line works; the usual values where nobody said otherwise. */
export const readLineSettings = async (records: Records): Promise<LineSettings> => {
  const [newest] = await records.ask('settingsVersions', { name: SETTINGS, limit: 1 })
  return newest ? readable(newest.value) : LineSettings.parse({})
}

export const lineSettingsValue = (settings: LineSettings): { name: string; value: string } => ({
  name: SETTINGS,
  value: JSON.stringify(settings),
})

/** They hold for the order that is open from its next board on. */
export const keepLineSettings = (records: Records, settings: LineSettings, who: string): Promise<void> =>
  records.ask('keepSettings', { ...lineSettingsValue(settings), who, at: Date.now() })

/** Each version with what it changed, the newest first. */
export const lineSettingsVersions = async (records: Records): Promise<SettingsVersionView[]> => {
  const versions = await records.ask('settingsVersions', { name: SETTINGS, limit: SHOWN + 1 })
  const usual = LineSettings.parse({})
  return versions.slice(0, SHOWN).map(({ id, who, at, value }, index) => {
    const before = versions[index + 1]
    return { id, who, at, changes: changesOf(before ? readable(before.value) : usual, readable(value)) }
  })
}

export const lineSettingsVersion = async (records: Records, id: number): Promise<LineSettings | undefined> => {
  const versions = await records.ask('settingsVersions', { name: SETTINGS, limit: SHOWN })
  const version = versions.find((each) => each.id === id)
  return version && readable(version.value)
}

/** @throws RequestRefusal when the fixture has fewer places than the line has slots */
export const checkFixture = ({ fixture }: LineSettings, slots: number): void => {
  const places = fixture === null ? slots : placesOf(fixture).length
  if (places < slots) throw new RequestRefusal('invalid', 'fixture-too-small', { places, slots })
}

/** @throws RequestRefusal when the scanner's port is that of a slot */
export const checkScanner = ({ scanner }: LineSettings, ports: readonly string[]): void => {
  const port = scanner?.port ?? ''
  const slot = ports.indexOf(port) + 1
  if (slot > 0) throw new RequestRefusal('invalid', 'scanner-on-slot', { port, slot })
}
