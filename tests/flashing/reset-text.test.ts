import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RESET_SEQUENCES } from '../../src/main/flashing/loader/reset.ts'
import { parseReset } from '../../src/main/flashing/loader/reset-text.ts'
import { macOf, openLine } from './simulated-line.ts'

describe("a fixture's own reset", () => {
  test('a known name stands for its sequence', () => {
    for (const name of Object.keys(RESET_SEQUENCES)) expect(parseReset(name)).toBe(name)
  })

  test('steps set one line, the other or both, and waits belong to the step before', () => {
    expect(parseReset('D0|R1|W0.1|D1|R0|W0.05|W1|U0,0')).toEqual([
      { dtr: false, rts: false, hold: 0 },
      { dtr: false, rts: true, hold: 100 },
      { dtr: true, rts: true, hold: 0 },
      { dtr: true, rts: false, hold: 1050 },
      { dtr: false, rts: false, hold: 0 },
    ])
  })

  test.each([
    ['', /the step '' is not known/u],
    ['D0|X1', /the step 'X1' is not known/u],
    ['D2', /one of classic, .* is, or steps such as/u],
    ['W11', /longer than 10 s/u],
  ])("'%s' is refused with a sentence", (text, sentence) => {
    expect(() => parseReset(text)).toThrow(sentence)
  })

  test('whatever is typed is taken or refused, and no wait is longer than it may be', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[DRUW01.,|9]{0,24}$/), (text) => {
        try {
          const reset = parseReset(text)
          if (typeof reset !== 'string') expect(reset.every(({ hold }) => hold <= 10_000 * 24)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })

  test('puts a board into its loader', async () => {
    const own = { name: 'fctry', offset: 0x3e0000, bytes: new Uint8Array(0x1000).fill(7) }
    const line = await openLine({ slots: 1, chip: 'esp32c3', pace: 20 }, [])
    try {
      await line.bench.insert(1, { mac: macOf(1), faults: [] })
      const reset = parseReset('U0,0|U1,1|U0,1|W0.1|U1,0|W0.05|U0,0')
      expect(await line.runNow(1, own, { connectPlan: [reset] }).ended).toMatchObject({ ok: true })
    } finally {
      await line.close()
    }
  })
})
