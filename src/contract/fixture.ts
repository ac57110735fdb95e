/** How the slots lie in the fixture, seen from above: a grid with gaps, and the way in which its places are numbered. */
import { z } from 'zod'

/** Left to right, or there and back; the first row is the upper or the lower one. */
export const NUMBERINGS = ['rows', 'snake', 'rows-from-below', 'snake-from-below'] as const
export const MOST_COLUMNS = 8
export const MOST_ROWS = 8
export const MOST_SLOTS = 32
/** Places and gaps together: tiles are still to be read when there are so many. */
export const MOST_CELLS = 40

export const FixtureGrid = z
  .object({
    columns: z.number().int().min(1).max(MOST_COLUMNS),
    rows: z.number().int().min(1).max(MOST_ROWS),
    numbering: z.enum(NUMBERINGS),
    /** Cells without a slot: row by row from above, from 0. */
    gaps: z.array(z.number().int().min(0)),
  })
  .refine(
    ({ columns, rows, gaps }) => new Set(gaps).size === gaps.length && gaps.every((gap) => gap < columns * rows),
    {
      message: 'a gap stands twice, or outside of the grid',
      path: ['gaps'],
    },
  )
  .refine(({ columns, rows }) => columns * rows <= MOST_CELLS, {
    message: `columns times rows is at most ${MOST_CELLS}`,
    path: ['rows'],
  })
  .refine(
    ({ columns, rows, gaps }) => columns * rows - gaps.length >= 1 && columns * rows - gaps.length <= MOST_SLOTS,
    { message: `a fixture has 1 to ${MOST_SLOTS} places`, path: ['gaps'] },
  )
export type FixtureGrid = z.infer<typeof FixtureGrid>

/** A place in the grid: row and column from 1, from above and from the left. */
export interface Place {
  readonly row: number
  readonly column: number
}

const steps = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** The place of slot 1, 2, …. */
export const placesOf = ({ columns, rows, numbering, gaps }: FixtureGrid): Place[] => {
  const isGap = new Set(gaps)
  const down = steps(rows)
  const inTurn = numbering.endsWith('from-below') ? down.toReversed() : down
  return inTurn.flatMap((row, nth) => {
    const right = steps(columns)
    const along = numbering.startsWith('snake') && nth % 2 === 1 ? right.toReversed() : right
    return along
      .filter((column) => !isGap.has(row * columns + column))
      .map((column) => ({ row: row + 1, column: column + 1 }))
  })
}
