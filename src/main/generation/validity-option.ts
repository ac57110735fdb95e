/** `--valid-from` and `--lifetime`. */
import type { ValidityWish } from '../matter/certificate-validity.ts'
import { refuse, wholeNumber } from './option-value.ts'

/** A hundred years, as the incumbent has it; a lifetime of 0 means the same. */
const DEFAULT_DAYS = 36_500
const MOST_DAYS = 3_650_000
const NO_EXPIRY_WORDS = ['none', 'no-expiry']

/** `2026-12-01`, `2026-12-01 08:30:00`, `2026-12-01T08:30:00`, each with or without Z: always UTC. */
export const validFromOf = (text: string): Date => {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?Z?$/u.exec(text.trim())
  const iso = `${match?.[1]}T${match?.[2] ?? '00:00:00'}.000Z`
  const date = new Date(iso)
  // A date that does not exist, such as 30 February, would be moved on silently.
  if (!match || Number.isNaN(date.getTime()) || date.toISOString() !== iso)
    return refuse('--valid-from', text, "'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS' (UTC) is")
  return date
}

export const validityWish = (
  options: { readonly validFrom?: string | undefined; readonly lifetime?: string | undefined },
  now: Date,
): ValidityWish => {
  const { lifetime } = options
  const days =
    lifetime === undefined || NO_EXPIRY_WORDS.includes(lifetime)
      ? undefined
      : wholeNumber('--lifetime', lifetime, 0, MOST_DAYS)
  return {
    from: options.validFrom === undefined ? now : validFromOf(options.validFrom),
    days: lifetime === undefined || days === 0 ? DEFAULT_DAYS : days,
  }
}
