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

const formatsOf = (locale: string): Formats => {
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const integers = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const dayAndTime = new Intl.DateTimeFormat(locale, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const second = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  // Making a formatter costs far more than using it, and these are used in every tile ten times a second.
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
    integer: (value) => integers.format(value),
    number: (value) => numbers.format(value),
    percent: (ratio, digits = 1) => percents(digits).format(ratio),
    duration(milliseconds, digits = 1) {
      const whole = Math.max(0, milliseconds) / 1000
      return whole < 120
        ? seconds(digits).format(whole)
        : `${Math.floor(whole / 60)}:${String(Math.floor(whole % 60)).padStart(2, '0')}`
    },
    clock: (at) =>
      new Date(at).toDateString() === new Date().toDateString() ? time.format(at) : dayAndTime.format(at),
    clockToSecond: (at) => second.format(at),
    dayAndTime: (at) => dayAndTime.format(at),
    dateTime: (at) => full.format(at),
    day: (date) => days.format(new Date(`${date}T00:00:00Z`)),
  }
}

/** Numbers, durations and times as the language writes them. */
export const useFormats = (): ComputedRef<Formats> => {
  const { locale } = useI18n()
  return computed(() => formatsOf(locale.value))
}
