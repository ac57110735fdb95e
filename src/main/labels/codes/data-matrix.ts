/**
 * Data Matrix ECC 200 (ISO/IEC 16022), square symbols of up to 52 modules in ASCII encodation: pairs of digits in one codeword.
 */
import type { ModuleMatrix } from './module-matrix.ts'

/** Light modules around the symbol: one is the standard's least (section 7.1); two, since labels are cut and glued. */
export const DATA_MATRIX_QUIET_ZONE = 2

/** Side with finder patterns, data regions a side, data and error codewords (table 7). One Reed–Solomon block each. */
const SIZES: readonly {
  readonly side: number
  readonly regions: number
  readonly data: number
  readonly error: number
}[] = [
  { side: 10, regions: 1, data: 3, error: 5 },
  { side: 12, regions: 1, data: 5, error: 7 },
  { side: 14, regions: 1, data: 8, error: 10 },
  { side: 16, regions: 1, data: 12, error: 12 },
  { side: 18, regions: 1, data: 18, error: 14 },
  { side: 20, regions: 1, data: 22, error: 18 },
  { side: 22, regions: 1, data: 30, error: 20 },
  { side: 24, regions: 1, data: 36, error: 24 },
  { side: 26, regions: 1, data: 44, error: 28 },
  { side: 32, regions: 2, data: 62, error: 36 },
  { side: 36, regions: 2, data: 86, error: 42 },
  { side: 40, regions: 2, data: 114, error: 48 },
  { side: 44, regions: 2, data: 144, error: 56 },
  { side: 48, regions: 2, data: 174, error: 68 },
]

const PAD = 129

/** Section 5.2.3. */
const asciiCodewords = (text: string): number[] => {
  const words: number[] = []
  for (let at = 0; at < text.length;)
    if (/^\d\d/u.test(text.slice(at))) {
      words.push(130 + Number(text.slice(at, at + 2)))
      at += 2
    } else {
      words.push((text.codePointAt(at) ?? 0) + 1)
      at++
    }
  return words
}

/** Fills up; all but the first pad are scrambled by their place (section 5.2.3, annex B.1). */
const padded = (words: readonly number[], length: number): number[] => {
  const filled = [...words]
  if (filled.length < length) filled.push(PAD)
  while (filled.length < length) {
    const value = PAD + (((149 * (filled.length + 1)) % 253) + 1)
    filled.push(value > 254 ? value - 254 : value)
  }
  return filled
}

/** The field of 256 elements with x⁸ + x⁵ + x³ + x² + 1 (annex E). */
const EXP = new Uint8Array(255)
const LOG = new Uint8Array(256)
for (let power = 0, value = 1; power < 255; power++) {
  EXP[power] = value
  LOG[value] = power
  value <<= 1
  if (value > 255) value ^= 0x12d
}
const multiply = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (EXP[((LOG[a] ?? 0) + (LOG[b] ?? 0)) % 255] ?? 0)

/** The remainder of the data by (x − 2)(x − 2²)…, highest power first. */
const errorCodewords = (data: readonly number[], count: number): number[] => {
  let generator = [1]
  for (let root = 1; root <= count; root++) {
    const factor = EXP[root % 255] ?? 0
    const next = [...generator, 0]
    generator.forEach((term, index) => {
      next[index + 1] = (next[index + 1] ?? 0) ^ multiply(term, factor)
    })
    generator = next
  }
  const remainder = new Array<number>(count).fill(0)
  for (const word of data) {
    const lead = word ^ (remainder.shift() ?? 0)
    remainder.push(0)
    for (let index = 0; index < count; index++)
      remainder[index] = (remainder[index] ?? 0) ^ multiply(lead, generator[index + 1] ?? 0)
  }
  return remainder
}

/** Where the eight bits of a codeword lie around its corner, highest bit first (figure F.1). */
const UTAH = [
  [-2, -2],
  [-2, -1],
  [-1, -2],
  [-1, -1],
  [-1, 0],
  [0, -2],
  [0, -1],
  [0, 0],
] as const

/** The four shapes that a codeword takes at a corner, as rows and columns; negative counts from the far side (figures F.3–F.6). */
const CORNERS = [
  [
    [-1, 0],
    [-1, 1],
    [-1, 2],
    [0, -2],
    [0, -1],
    [1, -1],
    [2, -1],
    [3, -1],
  ],
  [
    [-3, 0],
    [-2, 0],
    [-1, 0],
    [0, -4],
    [0, -3],
    [0, -2],
    [0, -1],
    [1, -1],
  ],
  [
    [-3, 0],
    [-2, 0],
    [-1, 0],
    [0, -2],
    [0, -1],
    [1, -1],
    [2, -1],
    [3, -1],
  ],
  [
    [-1, 0],
    [-1, -1],
    [0, -3],
    [0, -2],
    [0, -1],
    [1, -3],
    [1, -2],
    [1, -1],
  ],
] as const

/** Places the codewords' bits in the mapping matrix of n × n modules (annex F). */
const place = (words: readonly number[], n: number): Uint8Array => {
  const EMPTY = 2
  const modules = new Uint8Array(n * n).fill(EMPTY)
  let next = 0
  const set = (row: number, column: number, bit: number): void => {
    // A shape that leaves the square comes in on the other side, shifted (section F.3).
    if (row < 0) {
      row += n
      column += 4 - ((n + 4) % 8)
    }
    if (column < 0) {
      column += n
      row += 4 - ((n + 4) % 8)
    }
    modules[row * n + column] = ((words[next] ?? 0) >> (7 - bit)) & 1
  }
  const utah = (row: number, column: number): void => {
    UTAH.forEach(([down, right], bit) => set(row + down, column + right, bit))
    next++
  }
  const corner = (shape: (typeof CORNERS)[number]): void => {
    shape.forEach(([row, column], bit) => set(row < 0 ? row + n : row, column < 0 ? column + n : column, bit))
    next++
  }
  const empty = (row: number, column: number): boolean => modules[row * n + column] === EMPTY

  let row = 4
  let column = 0
  do {
    if (row === n && column === 0) corner(CORNERS[0])
    if (row === n - 2 && column === 0 && n % 4 !== 0) corner(CORNERS[1])
    if (row === n - 2 && column === 0 && n % 8 === 4) corner(CORNERS[2])
    if (row === n + 4 && column === 2 && n % 8 === 0) corner(CORNERS[3])
    do {
      if (row < n && column >= 0 && empty(row, column)) utah(row, column)
      row -= 2
      column += 2
    } while (row >= 0 && column < n)
    row += 1
    column += 3
    do {
      if (row >= 0 && column < n && empty(row, column)) utah(row, column)
      row += 2
      column -= 2
    } while (row < n && column >= 0)
    row += 3
    column += 1
  } while (row < n || column < n)
  if (empty(n - 1, n - 1)) {
    // What no codeword reaches in the last corner is a fixed pattern.
    modules.set([1, 0], (n - 2) * n + n - 2)
    modules.set([0, 1], (n - 1) * n + n - 2)
  }
  return modules
}

/**
 * @throws RangeError for a text with other than ASCII characters, an empty one, or one that is too long
 */
export const encodeDataMatrix = (text: string): ModuleMatrix => {
  // eslint-disable-next-line no-control-regex -- ASCII is meant, all of it
  if (!/^[\x00-\x7f]+$/u.test(text)) throw new RangeError('a Data Matrix carries ASCII characters, at least one')
  const words = asciiCodewords(text)
  const form = SIZES.find(({ data }) => data >= words.length)
  if (!form)
    throw new RangeError(`a Data Matrix carries ${SIZES.at(-1)?.data} codewords here; the text needs ${words.length}`)
  const data = padded(words, form.data)
  const region = form.side / form.regions
  const inner = region - 2
  const mapped = place([...data, ...errorCodewords(data, form.error)], inner * form.regions)
  const dark = new Uint8Array(form.side * form.side)
  for (let row = 0; row < form.side; row++)
    for (let column = 0; column < form.side; column++) {
      const down = row % region
      const right = column % region
      // Each region: solid to the left and below, alternating above and to the right.
      let bit: number
      if (right === 0 || down === region - 1) bit = 1
      else if (down === 0) bit = right % 2 === 0 ? 1 : 0
      else if (right === region - 1) bit = down % 2
      else {
        const y = Math.floor(row / region) * inner + down - 1
        const x = Math.floor(column / region) * inner + right - 1
        bit = mapped[y * inner * form.regions + x] ?? 0
      }
      dark[row * form.side + column] = bit
    }
  return { size: form.side, dark }
}
