/** Another try, or which bin: by the rule of the failure's class, whatever that is set to. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BINS,
  FAILURE_CLASS,
  FAILURE_CLASSES,
  FAILURE_CODES,
  NEVER_AGAIN,
  RetryRules,
} from '../../src/contract/index.ts'
import { verdictOn } from '../../src/main/line/retry-rules.ts'

const USUAL = RetryRules.parse({})

test('without other rules a board of bad contact is tried twice and then inserted again', () => {
  expect(verdictOn(USUAL, 'no-answer', 'reinsert', 1)).toEqual({ retry: true, board: 'reinsert' })
  expect(verdictOn(USUAL, 'no-answer', 'reinsert', 2)).toEqual({ retry: false, board: 'reinsert' })
  expect(verdictOn(USUAL, 'wrong-chip', 'remove', 1)).toEqual({ retry: false, board: 'remove' })
})

test('the bin of the class is that of the rule', () => {
  const rules = RetryRules.parse({ verify: { tries: 1, board: 'rework' } })
  expect(verdictOn(rules, 'digest-mismatch', 'red-bin', 1)).toEqual({ retry: false, board: 'rework' })
  expect(verdictOn(rules, 'write-refused', 'red-bin', 2)).toEqual({ retry: false, board: 'red-bin' })
})

const rules = fc
  .array(fc.record({ tries: fc.integer({ min: 1, max: 5 }), board: fc.constantFrom(...BINS) }), {
    minLength: FAILURE_CLASSES.length,
    maxLength: FAILURE_CLASSES.length,
  })
  .map((all) => RetryRules.parse(Object.fromEntries(FAILURE_CLASSES.map((name, index) => [name, all[index]]))))

test('no board is tried more often than its rule says, and none whose nature does not change', () => {
  fc.assert(
    fc.property(rules, fc.constantFrom(...FAILURE_CODES), fc.integer({ min: 1, max: 9 }), (chosen, code, nth) => {
      const name = FAILURE_CLASS[code]
      const { retry, board } = verdictOn(chosen, code, 'remove', nth)
      if (name === null) expect({ retry, board }).toEqual({ retry: false, board: 'remove' })
      else {
        if (retry) expect(nth).toBeLessThan(chosen[name].tries)
        if (NEVER_AGAIN.has(name)) expect(retry).toBe(false)
        expect(board).toBe(chosen[name].board === 'usual' ? 'remove' : chosen[name].board)
      }
    }),
  )
})
