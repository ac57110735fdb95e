import { expect, test } from 'vitest'
import { FAILURE_CODES } from '../../src/contract/index.ts'
import { soak } from '../../scripts/soak.ts'

test('60 units with random faults on 32 slots: each ends in a defined state, and nothing is left behind', async () => {
  const result = await soak({ units: 60, slots: 32, seed: 7, pace: 100 })
  const states = new Set<string>(['pass', ...FAILURE_CODES])
  expect(Object.keys(result.ends).filter((state) => !states.has(state))).toEqual([])
  expect(Object.keys(result.ends)).not.toContain('internal')
  expect(Object.values(result.ends).reduce((sum, count) => sum + count, 0)).toBe(60)
  expect(result.ends.pass).toBeGreaterThanOrEqual(40)
  expect(result.wrong).toEqual([])
  expect(result.openPorts).toBe(0)
  expect(result.leaked).toEqual([])
})
