/** A square code's dark and light modules, without its quiet zone. */
export interface ModuleMatrix {
  /** Modules a side. */
  readonly size: number
  /** Row by row, 1 is dark. */
  readonly dark: Uint8Array
}

export const isDark = (matrix: ModuleMatrix, column: number, row: number): boolean =>
  matrix.dark[row * matrix.size + column] === 1

/** Horizontal stretches of dark modules, so that a row is a few rectangles. */
export const darkRuns = (matrix: ModuleMatrix): { column: number; row: number; length: number }[] => {
  const runs: { column: number; row: number; length: number }[] = []
  for (let row = 0; row < matrix.size; row++)
    for (let column = 0; column < matrix.size; column++) {
      if (!isDark(matrix, column, row)) continue
      let end = column
      while (end < matrix.size && isDark(matrix, end, row)) end++
      runs.push({ column, row, length: end - column })
      column = end
    }
  return runs
}
