/** Serial numbers: every scheme writes what it says, and a check character finds a misread one. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CHECK_KINDS,
  DATE_CODES,
  luhnDigit,
  mod3736Character,
  plainScheme,
  SerialError,
  serialOf,
  SerialScheme,
  serialStem,
  widestSerial,
} from '../../src/contract/index.ts'

const day = fc.date({ min: new Date(2000, 0, 1), max: new Date(2099, 11, 31), noInvalidDate: true })
const scheme: fc.Arbitrary<SerialScheme> = fc.record({
  prefix: fc.stringMatching(/^[A-Z0-9-]{0,10}$/u),
  date: fc.constantFrom(...DATE_CODES),
  separator: fc.constantFrom('' as const, '-' as const),
  digits: fc.integer({ min: 3, max: 10 }),
  check: fc.constantFrom(...CHECK_KINDS),
})
const running = fc.integer({ min: 1, max: 999 })
const serial = (of: SerialScheme, when: Date, number: number): string => serialOf(of, serialStem(of, when), number)

describe('check characters', () => {
  test('agree with published examples', () => {
    expect(luhnDigit('7992739871')).toBe('3')
    // Of the Global Release Identifier standard, which uses MOD 37,36.
    expect(mod3736Character('A12425GABC1234002')).toBe('M')
  })

  test('find any one digit that was misread', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,20}$/u), fc.nat(), fc.integer({ min: 1, max: 9 }), (text, at, by) => {
        const index = at % text.length
        const misread = [...text].map((digit, i) => (i === index ? String((Number(digit) + by) % 10) : digit)).join('')
        expect(luhnDigit(misread)).not.toBe(luhnDigit(text))
        expect(mod3736Character(misread)).not.toBe(mod3736Character(text))
      }),
    )
  })

  test('MOD 37,36 finds any one letter that was misread, and leaves hyphens out', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z0-9]{1,20}$/u),
        fc.nat(),
        fc.stringMatching(/^[A-Z]$/u),
        (text, at, letter) => {
          const index = at % text.length
          fc.pre(text[index] !== letter)
          const misread = text.slice(0, index) + letter + text.slice(index + 1)
          expect(mod3736Character(misread)).not.toBe(mod3736Character(text))
          expect(mod3736Character(`${text.slice(0, index)}-${text.slice(index)}`)).toBe(mod3736Character(text))
        },
      ),
    )
  })
})

describe('a scheme', () => {
  test.each([
    [plainScheme('AL-2611-'), 'AL-2611-000007'],
    [{ ...plainScheme('AL-'), date: 'YYWW', separator: '-', digits: 5 }, 'AL-2648-00007'],
    [{ ...plainScheme('X'), date: 'YYMMDD', digits: 4, check: 'luhn' }, `X2611240007${luhnDigit('2611240007')}`],
    [{ ...plainScheme(''), date: 'YYMM', digits: 4, check: 'mod37-36' }, `26110007${mod3736Character('26110007')}`],
  ] as [SerialScheme, string][])('%o writes %s', (of, text) => {
    expect(serial(of, new Date(2026, 10, 24), 7)).toBe(text)
  })

  test('weeks are those of ISO 8601, over the turn of the year too', () => {
    const week = (year: number, month: number, date: number): string =>
      serialStem({ ...plainScheme(''), date: 'YYWW' }, new Date(year, month - 1, date))
    expect([week(2027, 1, 1), week(2027, 1, 4), week(2024, 12, 30), week(2020, 12, 31)]).toEqual([
      '2653',
      '2701',
      '2501',
      '2053',
    ])
  })

  test('gives different serials to different numbers, all of one length, none longer than a device takes', () => {
    fc.assert(
      fc.property(scheme, day, running, running, (of, when, a, b) => {
        expect(serial(of, when, a) === serial(of, when, b)).toBe(a === b)
        expect(serial(of, when, a)).toHaveLength(widestSerial(of, when).length)
        expect(serial(of, when, a).length).toBeLessThanOrEqual(32)
      }),
    )
  })

  test('refuses a number that does not fit', () => {
    expect(() => serialOf({ ...plainScheme('A'), digits: 3 }, 'A', 1000)).toThrow(SerialError)
    expect(serialOf({ ...plainScheme('A'), digits: 3 }, 'A', 999)).toBe('A999')
  })
})
