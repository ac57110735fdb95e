import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

export interface Formats {
  /** 1234 → '1,234' */
  integer(value: number): string
  /** Ratio 0.978 → '97.8%' */
  percent(ratio: number, digits?: number): string
  /** Milliseconds 7130 → '7.1 s'; from two minutes on '2:07'. */
  duration(milliseconds: number, digits?: number): string
  /** Time of day, with the day where it is not today. */
  clock(time: number): string
  /** Time of day with its second. */
  clockToSecond(time: number): string
  dateTime(time: number): string
}

const formatsOf = (locale: string): Formats => {
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
  return {
    integer: (value) => integers.format(value),
    percent: (ratio, digits = 1) =>
      new Intl.NumberFormat(locale, {
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(ratio),
    duration(milliseconds, digits = 1) {
      const seconds = Math.max(0, milliseconds) / 1000
      if (seconds >= 120) return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: 'second',
        unitDisplay: 'narrow',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        // A running clock never shows a second that has not passed.
        roundingMode: 'floor',
      }).format(seconds)
    },
    clock: (at) =>
      new Date(at).toDateString() === new Date().toDateString() ? time.format(at) : dayAndTime.format(at),
    clockToSecond: (at) => second.format(at),
    dateTime: (at) => full.format(at),
  }
}

/** Numbers, durations and times as the language writes them. */
export const useFormats = (): ComputedRef<Formats> => {
  const { locale } = useI18n()
  return computed(() => formatsOf(locale.value))
}
