/**
 * How the serial numbers of a product are written: prefix, date code, running number, check character. Pure: the day is passed in, the
 * running number is the records'.
 */
import { z } from 'zod'

export const DATE_CODES = ['none', 'YYMM', 'YYWW', 'YYMMDD'] as const
export const CHECK_KINDS = ['none', 'luhn', 'mod37-36'] as const

export const SerialScheme = z.object({
  prefix: z.string().regex(/^[A-Z0-9-]{0,10}$/u, 'capital letters, digits and hyphens, at most 10'),
  /** YYWW: year and week as in ISO 8601. The running number begins anew with each date code. */
  date: z.enum(DATE_CODES),
  /** Between the date code and the running number. */
  separator: z.enum(['', '-']),
  /** Of the running number. */
  digits: z.number().int().min(3).max(10),
  /** Last character of the serial. Luhn: over its digits. mod37-36: ISO 7064 MOD 37,36, over its letters and digits. */
  check: z.enum(CHECK_KINDS),
})
export type SerialScheme = z.infer<typeof SerialScheme>

/** Serials of stations that know a prefix only. */
export const plainScheme = (prefix: string): SerialScheme => ({
  prefix,
  date: 'none',
  separator: '',
  digits: 6,
  check: 'none',
})

/** The running number does not fit its digits any more. */
export class SerialError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SerialError'
  }
}

const DAY = 86_400_000
const twoDigits = (value: number): string => String(value % 100).padStart(2, '0')

/** Year and week by ISO 8601: the week of a day is that of its Thursday. */
const isoWeek = (day: Date): string => {
  const atNoon = Date.UTC(day.getFullYear(), day.getMonth(), day.getDate(), 12)
  const weekday = (new Date(atNoon).getUTCDay() + 6) % 7
  const thursday = new Date(atNoon + (3 - weekday) * DAY)
  const week = Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * DAY)) + 1
  return twoDigits(thursday.getUTCFullYear()) + twoDigits(week)
}

const DATES: Record<SerialScheme['date'], (day: Date) => string> = {
  none: () => '',
  YYMM: (day) => twoDigits(day.getFullYear()) + twoDigits(day.getMonth() + 1),
  YYWW: isoWeek,
  YYMMDD: (day) => twoDigits(day.getFullYear()) + twoDigits(day.getMonth() + 1) + twoDigits(day.getDate()),
}

/** Everything before the running number; each stem counts for itself. @param day in the station's own time zone */
export const serialStem = ({ prefix, date, separator }: SerialScheme, day: Date): string =>
  `${prefix}${DATES[date](day)}${separator}`

/** The Luhn digit (ISO/IEC 7812-1, annex B) of the digits in a text. */
export const luhnDigit = (text: string): string => {
  const digits = [...text.replace(/\D/gu, '')].map(Number).toReversed()
  const sum = digits.reduce((total, digit, index) => {
    const weighed = index % 2 === 0 ? digit * 2 : digit
    return total + (weighed > 9 ? weighed - 9 : weighed)
  }, 0)
  return String((10 - (sum % 10)) % 10)
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const MODULUS = ALPHABET.length

/** The check character by ISO 7064 MOD 37,36 of the capital letters and digits in a text. */
export const mod3736Character = (text: string): string => {
  const values = [...text].map((character) => ALPHABET.indexOf(character)).filter((value) => value >= 0)
  const product = values.reduce((carried, value) => {
    const sum = (carried + value) % MODULUS || MODULUS
    return (sum * 2) % (MODULUS + 1)
  }, MODULUS)
  return ALPHABET[(MODULUS + 1 - product) % MODULUS] ?? ''
}

const CHECKS: Record<SerialScheme['check'], (text: string) => string> = {
  none: () => '',
  luhn: luhnDigit,
  'mod37-36': mod3736Character,
}

/**
 * @param stem of `serialStem`
 * @param number running number, from 1
 * @throws SerialError when it has more digits than the scheme
 */
export const serialOf = ({ digits, check }: SerialScheme, stem: string, number: number): string => {
  const running = String(number).padStart(digits, '0')
  if (running.length > digits)
    throw new SerialError(
      `the serial numbers '${stem}' are used up: ${digits} digits end at ${'9'.repeat(digits)}; give the product more digits or another prefix`,
    )
  return `${stem}${running}${CHECKS[check](stem + running)}`
}

/** As long and as wide as a serial of the scheme can get, for trying labels and partitions. */
export const widestSerial = (scheme: SerialScheme, day: Date): string =>
  `${serialStem(scheme, day).replace(/\d/gu, '8')}${'8'.repeat(scheme.digits)}${scheme.check === 'none' ? '' : scheme.check === 'luhn' ? '8' : 'W'}`
