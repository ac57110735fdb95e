/** The fixture's places: each slot has its own, no gap has one, and the numbering goes as it says. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FixtureGrid, NUMBERINGS, placesOf } from '../../src/contract/index.ts'

const numbers = (grid: FixtureGrid): string => {
  const lines = Array.from({ length: grid.rows }, () => Array<string>(grid.columns).fill('.'))
  placesOf(grid).forEach(({ row, column }, index) => {
    const line = lines[row - 1]
    if (line) line[column - 1] = String(index + 1)
  })
  return lines.map((line) => line.join(' ')).join(' / ')
}

test.each([
  ['rows', '1 2 3 / 4 5 6'],
  ['snake', '1 2 3 / 6 5 4'],
  ['rows-from-below', '4 5 6 / 1 2 3'],
  ['snake-from-below', '6 5 4 / 1 2 3'],
] as const)('%s', (numbering, expected) => {
  expect(numbers({ columns: 3, rows: 2, numbering, gaps: [] })).toBe(expected)
})

test('gaps are left out', () => {
  expect(numbers({ columns: 3, rows: 2, numbering: 'snake', gaps: [1, 3] })).toBe('1 . 2 / . 4 3')
})

test('every place is within the grid, no two are the same, and there are as many as the grid has without gaps', () => {
  const grid = fc
    .record({
      columns: fc.integer({ min: 1, max: 8 }),
      rows: fc.integer({ min: 1, max: 8 }),
      numbering: fc.constantFrom(...NUMBERINGS),
      gaps: fc.uniqueArray(fc.integer({ min: 0, max: 63 })),
    })
    .map((any) => ({ ...any, gaps: any.gaps.filter((gap) => gap < any.columns * any.rows) }))
  fc.assert(
    fc.property(grid, (any) => {
      const places = placesOf(any)
      expect(places).toHaveLength(any.columns * any.rows - any.gaps.length)
      expect(new Set(places.map(({ row, column }) => (row - 1) * any.columns + column - 1)).size).toBe(places.length)
      for (const { row, column } of places) expect(any.gaps).not.toContain((row - 1) * any.columns + column - 1)
      expect(FixtureGrid.safeParse(any).success).toBe(
        places.length >= 1 && places.length <= 32 && any.columns * any.rows <= 40,
      )
    }),
  )
})

test('a gap outside of the grid, or twice, is refused', () => {
  const grid = { columns: 2, rows: 2, numbering: 'rows' }
  expect(FixtureGrid.safeParse({ ...grid, gaps: [4] }).success).toBe(false)
  expect(FixtureGrid.safeParse({ ...grid, gaps: [1, 1] }).success).toBe(false)
})
