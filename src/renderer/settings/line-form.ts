/** The line's settings as text fields, and back. The limits are those of the contract's LineSettings. */
import type { LineSettings } from '../../contract/index.ts'

export const LINE_FIELDS = [
  { name: 'tries', min: 1, max: 5, optional: false },
  { name: 'failuresInARow', min: 1, max: 100, optional: false },
  { name: 'leastYield', min: 0, max: 100, optional: true },
  { name: 'yieldAfter', min: 1, max: 1_000, optional: false },
  { name: 'socketInsertions', min: 100, max: 1_000_000, optional: true },
  { name: 'columns', min: 1, max: 32, optional: true },
] as const

export type LineField = (typeof LINE_FIELDS)[number]
export type LineForm = Record<LineField['name'], string>

/** Percents have at most this many decimals, so that text and ratio are the same value. */
const PERCENT = 100

export const formOf = (settings: LineSettings): LineForm => ({
  tries: String(settings.tries),
  failuresInARow: String(settings.failuresInARow),
  leastYield: settings.leastYield === null ? '' : String(Math.round(settings.leastYield * PERCENT)),
  yieldAfter: String(settings.yieldAfter),
  socketInsertions: settings.socketInsertions === null ? '' : String(settings.socketInsertions),
  columns: settings.columns === null ? '' : String(settings.columns),
})

export const isFit = (field: LineField, text: string): boolean => {
  const value = text.trim()
  if (value === '') return field.optional
  return /^\d+$/.test(value) && Number(value) >= field.min && Number(value) <= field.max
}

const orNull = (text: string): number | null => (text.trim() === '' ? null : Number(text))

/** Only meaningful where every field is fit. */
export const settingsOf = (form: LineForm): LineSettings => {
  const leastYield = orNull(form.leastYield)
  return {
    tries: Number(form.tries),
    failuresInARow: Number(form.failuresInARow),
    leastYield: leastYield === null ? null : leastYield / PERCENT,
    yieldAfter: Number(form.yieldAfter),
    socketInsertions: orNull(form.socketInsertions),
    columns: orNull(form.columns),
  }
}
