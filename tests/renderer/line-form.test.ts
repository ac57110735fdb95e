/** The line's settings are the same thing as text and as the contract's value. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  BINS,
  FAILURE_CLASSES,
  LineSettings,
  NUMBERINGS,
  RetryRules,
  SCANNER_RATES,
  START_TRIGGERS,
} from '../../src/contract/index.ts'
import { formOf, isFit, isFormFit, LINE_FIELDS, settingsOf } from '../../src/renderer/settings/line-form.ts'

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const rule = fc.record({ tries: fc.integer({ min: 1, max: 5 }), board: fc.constantFrom(...BINS) })
const settings = fc.record({
  start: fc.record({
    trigger: fc.constantFrom(...START_TRIGGERS),
    together: fc.boolean(),
    code: fc.stringMatching(/^[A-Z0-9.:/-]{4,40}$/),
  }),
  retries: fc
    .array(rule, { minLength: FAILURE_CLASSES.length, maxLength: FAILURE_CLASSES.length })
    .map((rules) => RetryRules.parse(Object.fromEntries(FAILURE_CLASSES.map((name, index) => [name, rules[index]])))),
  failuresInARow: fc.integer({ min: 1, max: 100 }),
  leastYield: orNull(fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100)),
  yieldAfter: fc.integer({ min: 1, max: 1000 }),
  socketInsertions: orNull(fc.integer({ min: 100, max: 1_000_000 })),
  fixture: orNull(
    fc.record({
      columns: fc.integer({ min: 1, max: 8 }),
      rows: fc.integer({ min: 1, max: 4 }),
      numbering: fc.constantFrom(...NUMBERINGS),
      gaps: fc.constant<number[]>([]),
    }),
  ),
  scanner: orNull(
    fc.record({ port: fc.constantFrom('COM7', '/dev/ttyACM0'), baud: fc.constantFrom(...SCANNER_RATES) }),
  ),
  kiosk: fc.boolean(),
  shifts: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('Early', 'Late', '夜班'),
      from: fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:30`),
    }),
    { selector: ({ from }) => from, maxLength: 6 },
  ),
})

it('gives back every settings, and finds every field fit', () => {
  fc.assert(
    fc.property(settings, (value) => {
      const form = formOf(value)
      expect(settingsOf(form)).toEqual(value)
      expect(isFormFit(form)).toBe(true)
      expect(LineSettings.parse(value)).toEqual(value)
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
        const form = formOf(value)
        form.numbers[field.name] = typed
        if (isFormFit(form)) expect(LineSettings.safeParse(settingsOf(form)).success).toBe(true)
      },
    ),
  )
})

it.each([
  ['failuresInARow', '0', false],
  ['failuresInARow', '', false],
  ['failuresInARow', '1.5', false],
  ['socketInsertions', '', true],
  ['socketInsertions', '99', false],
  ['leastYield', '100', true],
] as const)('%s as %j: %s', (name, typed, fit) => {
  const field = LINE_FIELDS.find((one) => one.name === name)
  if (!field) throw new Error(`there is a field ${name}`)
  expect(isFit(field, typed)).toBe(fit)
})
