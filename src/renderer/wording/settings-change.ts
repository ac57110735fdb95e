/** A change of settings in words: which field, and its value before and after. */
import { BINS, FAILURE_CLASSES, FixtureGrid, ScannerSettings, Shifts, START_TRIGGERS } from '../../contract/index.ts'
import type { Formats } from '../composables/useFormats.ts'
import type { Translate } from './failure.ts'

const isOneOf = <T extends string>(all: readonly T[], value: unknown): value is T => all.some((each) => each === value)

export const changedField = (field: string, t: Translate): string => {
  const [section = '', name = '', part] = field.split('.')
  if (section === 'retries' && isOneOf(FAILURE_CLASSES, name)) {
    const what = t(`settings.failureClass.${name}`)
    return part === 'tries' ? t('settings.triesOf', { what }) : t('settings.binOf', { what })
  }
  if (section === 'start') return t(`settings.changed.start-${name}`)
  return t(`settings.changed.${section}`)
}

const PERCENT_FIELD = 'leastYield'

export const changedValue = (field: string, value: unknown, t: Translate, formats: Formats): string => {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return t('settings.none')
  if (typeof value === 'boolean') return t(value ? 'settings.yes' : 'settings.no')
  if (typeof value === 'number') return field === PERCENT_FIELD ? formats.percent(value, 0) : formats.integer(value)
  if (field === 'start.trigger' && isOneOf(START_TRIGGERS, value)) return t(`settings.triggers.${value}`)
  if (field.endsWith('.board') && isOneOf(BINS, value)) return t(`settings.bins.${value}`)
  const grid = FixtureGrid.safeParse(value)
  if (grid.success) {
    const { columns, rows, numbering, gaps } = grid.data
    const numbered = t(`settings.numbering.${numbering}`)
    return t('settings.fixtureIs', { columns, rows, gaps: gaps.length, numbering: numbered })
  }
  const scanner = ScannerSettings.safeParse(value)
  if (scanner.success) return t('settings.scannerIs', { ...scanner.data })
  const shifts = Shifts.safeParse(value)
  if (shifts.success) return shifts.data.map(({ name, from }) => t('settings.shiftIs', { name, from })).join(' · ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
