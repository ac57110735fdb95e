/** The arrangement of slots on the screen: the fixture's own where the station tells it, else rows that fill a wide screen. */
export type Density = 'roomy' | 'medium' | 'dense'

/** Slots in a row, for `count` slots. */
export const fixtureColumns = (count: number): number => {
  if (count <= 3) return Math.max(count, 1)
  if (count === 4) return 2
  if (count <= 6) return 3
  if (count <= 16) return 4
  if (count <= 24) return 6
  return 8
}

export const fixtureDensity = (count: number): Density => (count <= 8 ? 'roomy' : count <= 16 ? 'medium' : 'dense')

/** As many slots as would give tiles as small as those of such a grid. */
export const densestCount = (columns: number, rows: number): number => {
  if (columns <= 4 && rows <= 2) return columns * rows
  return columns <= 4 && rows <= 4 ? 16 : 32
}
