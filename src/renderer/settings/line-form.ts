/** The line's settings as they are typed and chosen, and back. The limits are those of the contract's LineSettings. */
import { FixtureGrid, ScannerSettings, Shifts, StartSettings, type LineSettings } from '../../contract/index.ts'

export const LINE_FIELDS = [
  { name: 'failuresInARow', min: 1, max: 100, optional: false },
  { name: 'leastYield', min: 0, max: 100, optional: true },
  { name: 'yieldAfter', min: 1, max: 1_000, optional: false },
  { name: 'socketInsertions', min: 100, max: 1_000_000, optional: true },
] as const

export type LineField = (typeof LINE_FIELDS)[number]

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] }
export interface LineForm extends Mutable<
  Pick<LineSettings, 'start' | 'retries' | 'fixture' | 'shifts' | 'scanner' | 'kiosk'>
> {
  /** As typed. */
  readonly numbers: Record<LineField['name'], string>
}

/** Percents have at most this many decimals, so that text and ratio are the same value. */
const PERCENT = 100

export const formOf = (settings: LineSettings): LineForm => ({
  start: { ...settings.start },
  retries: structuredClone(settings.retries),
  fixture: settings.fixture && { ...settings.fixture, gaps: [...settings.fixture.gaps] },
  shifts: settings.shifts.map((shift) => ({ ...shift })),
  scanner: settings.scanner && { ...settings.scanner },
  kiosk: settings.kiosk,
  numbers: {
    failuresInARow: String(settings.failuresInARow),
    leastYield: settings.leastYield === null ? '' : String(Math.round(settings.leastYield * PERCENT)),
    yieldAfter: String(settings.yieldAfter),
    socketInsertions: settings.socketInsertions === null ? '' : String(settings.socketInsertions),
  },
})

export const isFit = (field: LineField, text: string): boolean => {
  const value = text.trim()
  if (value === '') return field.optional
  return /^\d+$/.test(value) && Number(value) >= field.min && Number(value) <= field.max
}

export const isStartCode = (text: string): boolean => StartSettings.shape.code.safeParse(text).success

export const isFormFit = (form: LineForm): boolean =>
  isStartCode(form.start.code) &&
  (form.fixture === null || FixtureGrid.safeParse(form.fixture).success) &&
  Shifts.safeParse(form.shifts).success &&
  (form.scanner === null || ScannerSettings.safeParse(form.scanner).success) &&
  LINE_FIELDS.every((field) => isFit(field, form.numbers[field.name]))

const orNull = (text: string): number | null => (text.trim() === '' ? null : Number(text))

/** Only meaningful where every field is fit. */
export const settingsOf = ({ start, retries, fixture, shifts, scanner, kiosk, numbers }: LineForm): LineSettings => {
  const leastYield = orNull(numbers.leastYield)
  return {
    start: { ...start, code: start.code.trim() },
    retries,
    failuresInARow: Number(numbers.failuresInARow),
    leastYield: leastYield === null ? null : leastYield / PERCENT,
    yieldAfter: Number(numbers.yieldAfter),
    socketInsertions: orNull(numbers.socketInsertions),
    fixture,
    scanner: scanner && { ...scanner, port: scanner.port.trim() },
    kiosk,
    shifts: shifts.map(({ name, from }) => ({ name: name.trim(), from })),
  }
}
