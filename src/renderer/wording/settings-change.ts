/** A change of settings in words: which field, and its value before and after. */
import {
  BINS,
  FAILURE_CLASSES,
  FixtureGrid,
  QUEUE_ORDERS,
  ROLES,
  SCAN_BACK_MODES,
  ScannerSettings,
  type SettingsChange,
  Shifts,
  START_TRIGGERS,
} from '../../contract/index.ts'
import type { Formats } from '../composables/useFormats.ts'
import type { Translate } from './failure.ts'

const isOneOf = <T extends string>(all: readonly T[], value: unknown): value is T => all.some((each) => each === value)

/** Fields of a product that have a name of their own on its form, as the locales have it. */
const PRODUCT_FIELDS: ReadonlySet<string> = new Set([
  'vendorName',
  'vendorId',
  'productId',
  'hardwareVersion',
  'hardwareVersionString',
  'chips',
  'serial',
  'attestation',
  'certificationDeclaration',
  'labels',
  'boards',
  'testBuild',
])

/** @param subject whose field it is, where there are several */
export const changedField = (field: string, t: Translate, subject = ''): string => {
  const [section = '', name = '', part] = field.split('.')
  if (section === 'retries' && isOneOf(FAILURE_CLASSES, name)) {
    const what = t(`settings.failureClass.${name}`)
    return part === 'tries' ? t('settings.triesOf', { what }) : t('settings.binOf', { what })
  }
  if (section === 'product' && PRODUCT_FIELDS.has(name))
    return t('settings.changedOf', { subject, what: t(`settings.productFields.${name}`) })
  if (section === 'product' || section === 'template' || section === 'person')
    return t(name === 'badge' ? 'settings.changedBadge' : `settings.changedSubject.${section}`, { subject })
  if (section === 'printing' || section === 'place') return t(`settings.changed.${section}-${name}`)
  if (section === 'start') return t(`settings.changed.start-${name}`)
  return t(`settings.changed.${section}`)
}

const hex = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')

const PERCENT_FIELD = 'leastYield'

export const changedValue = (field: string, value: unknown, t: Translate, formats: Formats): string => {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return t('settings.none')
  if (typeof value === 'boolean' && (field === 'product' || field === 'person.badge'))
    return t(value ? 'settings.asInFile' : 'settings.asHere')
  if (field.endsWith('.vendorId') || field.endsWith('.productId')) return hex(Number(value))
  if (typeof value === 'boolean') return t(value ? 'settings.yes' : 'settings.no')
  if (typeof value === 'number') return field === PERCENT_FIELD ? formats.percent(value, 0) : formats.integer(value)
  if (field === 'start.trigger' && isOneOf(START_TRIGGERS, value)) return t(`settings.triggers.${value}`)
  if (field.endsWith('.board') && isOneOf(BINS, value)) return t(`settings.bins.${value}`)
  if (field === 'printing.scanBack' && isOneOf(SCAN_BACK_MODES, value)) return t(`labelSettings.scanBack.${value}`)
  if (field === 'printing.order' && isOneOf(QUEUE_ORDERS, value)) return t(`labelSettings.order.${value}`)
  if (field === 'person' && isOneOf(ROLES, value)) return t(`people.role.${value}`)
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ')
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

/** What a field was and what it becomes; parts of a product that are no short values only by whose they are. */
export const changedText = ({ field, before, after }: SettingsChange, t: Translate, formats: Formats): string => {
  const isWhole = field.startsWith('product.') && typeof after === 'object' && !Array.isArray(after)
  return t('settings.fromTo', {
    before: isWhole ? t('settings.asHere') : changedValue(field, before, t, formats),
    after: isWhole ? t('settings.asInFile') : changedValue(field, after, t, formats),
  })
}
