/** Shifts follow each other without a gap, over midnight and the change of clocks. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shiftAt, Shifts } from '../../src/contract/index.ts'

const THREE = [
  { name: 'Late', from: '14:00' },
  { name: 'Early', from: '06:00' },
  { name: 'Night', from: '22:00' },
]
const at = (hour: number, minute = 0): number => new Date(2026, 10, 24, hour, minute).getTime()

test.each([
  [at(6), 'Early'],
  [at(13, 59), 'Early'],
  [at(14), 'Late'],
  [at(23), 'Night'],
  [at(3), 'Night'],
])('at %d it is %s', (moment, name) => {
  const shift = shiftAt(THREE, moment)
  expect(shift?.name).toBe(name)
  expect(shift?.from).toBeLessThanOrEqual(moment)
  expect(shift?.to).toBeGreaterThan(moment)
})

test('the shift before ends where this one begins', () => {
  const now = shiftAt(THREE, at(7))
  expect(shiftAt(THREE, at(7), 1)).toMatchObject({ name: 'Night', to: now?.from })
  expect(shiftAt([], at(7))).toBeNull()
})

const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => {
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
})
const shifts = fc.uniqueArray(fc.record({ name: fc.constant('S'), from: time }), {
  selector: ({ from }) => from,
  minLength: 1,
  maxLength: 6,
})

test('every moment of every year has its shift, and shifts lie end to end', () => {
  fc.assert(
    fc.property(
      shifts,
      fc.date({ min: new Date(2024, 0, 1), max: new Date(2034, 0, 1), noInvalidDate: true }),
      (all, date) => {
        expect(Shifts.safeParse(all).success).toBe(true)
        const moment = date.getTime()
        const now = shiftAt(all, moment)
        if (!now) throw new Error('there is a shift')
        expect(now.from <= moment && moment < now.to).toBe(true)
        expect(shiftAt(all, now.from - 1)?.to).toBe(now.from)
        expect(shiftAt(all, moment, 1)).toEqual(shiftAt(all, now.from - 1))
      },
    ),
  )
})

test('two that begin together are refused', () => {
  expect(
    Shifts.safeParse([
      { name: 'A', from: '06:00' },
      { name: 'B', from: '06:00' },
    ]).success,
  ).toBe(false)
})
