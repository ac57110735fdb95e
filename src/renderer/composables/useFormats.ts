import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

export interface Formats {
  /** 1234 → '1,234' */
  integer(value: number): string
  /** With at most two decimals. */
  number(value: number): string
  /** Ratio 0.978 → '97.8%' */
  percent(ratio: number, digits?: number): string
  /** Milliseconds 7130 → '7.1 s'; from two minutes on '2:07'. */
  duration(milliseconds: number, digits?: number): string
  /** Time of day, with the day where it is not today. */
  clock(time: number): string
  /** Time of day with its second. */
  clockToSecond(time: number): string
  /** Day and time of day. */
  dayAndTime(time: number): string
  dateTime(time: number): string
  /** '2026-12-24' → '24 Dec 2026' */
  day(date: string): string
}

/** Making a formatter costs far more than using it, up to a millisecond: each is made once, at its first use. */
const atFirstUse = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

const formatsOf = (locale: string): Formats => {
  const numbers = atFirstUse(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }))
  const integers = atFirstUse(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }))
  const dates = (options: Intl.DateTimeFormatOptions) =>
    atFirstUse(() => new Intl.DateTimeFormat(locale, { ...options, hourCycle: 'h23' }))
  const time = dates({ hour: '2-digit', minute: '2-digit' })
  const dayAndTime = dates({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
  const second = dates({ timeStyle: 'medium' })
  const full = dates({ dateStyle: 'medium', timeStyle: 'medium' })
  const days = atFirstUse(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }))
  const fixed = (options: Intl.NumberFormatOptions) => {
    const made = new Map<number, Intl.NumberFormat>()
    return (digits: number): Intl.NumberFormat => {
      const known = made.get(digits)
      if (known) return known
      const format = new Intl.NumberFormat(locale, {
        ...options,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      })
      made.set(digits, format)
      return format
    }
  }
  const percents = fixed({ style: 'percent' })
  // A running clock never shows a second that has not passed.
  const seconds = fixed({ style: 'unit', unit: 'second', unitDisplay: 'narrow', roundingMode: 'floor' })
  return {
    integer: (value) => integers().format(value),
    number: (value) => numbers().format(value),
    percent: (ratio, digits = 1) => percents(digits).format(ratio),
    duration(milliseconds, digits = 1) {
      const whole = Math.max(0, milliseconds) / 1000
      return whole < 120
        ? seconds(digits).format(whole)
        : `${Math.floor(whole / 60)}:${String(Math.floor(whole % 60)).padStart(2, '0')}`
    },
    clock: (at) =>
      new Date(at).toDateString() === new Date().toDateString() ? time().format(at) : dayAndTime().format(at),
    clockToSecond: (at) => second().format(at),
    dayAndTime: (at) => dayAndTime().format(at),
    dateTime: (at) => full().format(at),
    day: (date) => days().format(new Date(`${date}T00:00:00Z`)),
  }
}

/** By locale, for all components: they come and go with every board and label. */
const known = new Map<string, Formats>()

/** Numbers, durations and times as the language writes them. */
export const useFormats = (): ComputedRef<Formats> => {
  const { locale } = useI18n()
  return computed(() => {
    const formats = known.get(locale.value) ?? formatsOf(locale.value)
    known.set(locale.value, formats)
    return formats
  })
}
