/** The line's settings are the same thing as text and as the contract's value. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LineSettings } from '../../src/contract/index.ts'
import { formOf, isFit, LINE_FIELDS, settingsOf } from '../../src/renderer/settings/line-form.ts'

const orNull = (value: fc.Arbitrary<number>) => fc.option(value, { nil: null })
const settings = fc.record({
  tries: fc.integer({ min: 1, max: 5 }),
  failuresInARow: fc.integer({ min: 1, max: 100 }),
  leastYield: orNull(fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100)),
  yieldAfter: fc.integer({ min: 1, max: 1000 }),
  socketInsertions: orNull(fc.integer({ min: 100, max: 1_000_000 })),
  columns: orNull(fc.integer({ min: 1, max: 32 })),
})

it('gives back every settings, and finds every field fit', () => {
  fc.assert(
    fc.property(settings, (value) => {
      const form = formOf(value)
      expect(settingsOf(form)).toEqual(value)
      expect(LINE_FIELDS.every((field) => isFit(field, form[field.name]))).toBe(true)
    }),
  )
})

it('finds a field unfit wherever the contract would refuse', () => {
  fc.assert(
    fc.property(
      settings,
      fc.constantFrom(...LINE_FIELDS),
      fc.oneof(fc.string(), fc.integer().map(String)),
      (value, field, typed) => {
        const form = { ...formOf(value), [field.name]: typed }
        if (LINE_FIELDS.every((one) => isFit(one, form[one.name])))
          expect(LineSettings.safeParse(settingsOf(form)).success).toBe(true)
      },
    ),
  )
})

it.each([
  ['tries', '0', false],
  ['tries', '', false],
  ['tries', '1.5', false],
  ['columns', '', true],
  ['columns', '33', false],
  ['leastYield', '100', true],
] as const)('%s as %j: %s', (name, typed, fit) => {
  const field = LINE_FIELDS.find((one) => one.name === name)
  if (!field) throw new Error(`there is a field ${name}`)
  expect(isFit(field, typed)).toBe(fit)
})
