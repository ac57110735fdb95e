/** From a glyph's outline to dots: a scanline filler with the nonzero rule and exact coverage along the line. */
import type { Glyph } from 'fontkit'
import { createBitmap, fillRect, type Bitmap } from './bitmap.ts'
import type { Slice } from './fonts.ts'

export interface RasterGlyph {
  readonly bitmap: Bitmap
  /** Of its upper left corner, from the glyph's origin on the base line, dots. */
  readonly left: number
  readonly top: number
}

interface Edge {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
  readonly winding: 1 | -1
}

/** Straight pieces a curve: at label sizes a curve is a few dots long. */
const PIECES = 8
/** Lines of coverage in a row of dots. */
const SUBLINES = 5
/**
 * A dot is burnt when this part of it is covered: a little under half, so that a stroke one dot wide that falls between two rows
 * does not vanish.
 */
const THRESHOLD = 0.46

type Point = readonly [number, number]

/** Outline in dots, y down. */
const edgesOf = (glyph: Glyph, scale: number): Edge[] => {
  const edges: Edge[] = []
  let at: Point = [0, 0]
  let start: Point = [0, 0]
  const line = (to: Point): void => {
    if (at[1] !== to[1])
      edges.push(
        at[1] < to[1]
          ? { x0: at[0], y0: at[1], x1: to[0], y1: to[1], winding: 1 }
          : { x0: to[0], y0: to[1], x1: at[0], y1: at[1], winding: -1 },
      )
    at = to
  }
  const curve = (of: (t: number) => Point): void => {
    for (let piece = 1; piece <= PIECES; piece++) line(of(piece / PIECES))
  }
  const mix = (t: number, ...points: readonly Point[]): Point => {
    if (points.length === 1) return points[0] ?? [0, 0]
    const next = points.slice(1).map((point, index): Point => {
      const before = points[index] ?? point
      return [before[0] + (point[0] - before[0]) * t, before[1] + (point[1] - before[1]) * t]
    })
    return mix(t, ...next)
  }
  for (const { command, args } of glyph.path.commands) {
    const points: Point[] = []
    for (let index = 0; index + 1 < args.length; index += 2)
      points.push([(args[index] ?? 0) * scale, -(args[index + 1] ?? 0) * scale])
    const last = points.at(-1) ?? start
    switch (command) {
      case 'moveTo':
        line(start)
        at = start = last
        break
      case 'lineTo':
        line(last)
        break
      case 'quadraticCurveTo':
      case 'bezierCurveTo': {
        const from = at
        curve((t) => mix(t, from, ...points))
        break
      }
      case 'closePath':
        line(start)
        break
    }
  }
  line(start)
  return edges
}

/** Adds what [from, to) covers of each dot. */
const cover = (row: Float64Array, from: number, to: number): void => {
  const first = Math.max(0, Math.floor(from))
  for (let dot = first; dot < Math.min(row.length, Math.ceil(to)); dot++)
    row[dot] = (row[dot] ?? 0) + Math.min(dot + 1, to) - Math.max(dot, from)
}

const fill = (edges: readonly Edge[]): RasterGlyph => {
  const xs = edges.flatMap((edge) => [edge.x0, edge.x1])
  const left = Math.floor(Math.min(...xs))
  const top = Math.floor(Math.min(...edges.map((edge) => edge.y0)))
  const bitmap = createBitmap(
    Math.ceil(Math.max(...xs)) - left,
    Math.ceil(Math.max(...edges.map((edge) => edge.y1))) - top,
  )
  for (let y = 0; y < bitmap.height; y++) {
    const row = new Float64Array(bitmap.width)
    for (let sub = 0; sub < SUBLINES; sub++) {
      const height = top + y + (sub + 0.5) / SUBLINES
      const crossings = edges
        .filter((edge) => edge.y0 <= height && height < edge.y1)
        .map((edge) => ({
          x: edge.x0 + ((height - edge.y0) / (edge.y1 - edge.y0)) * (edge.x1 - edge.x0) - left,
          winding: edge.winding,
        }))
        .sort((a, b) => a.x - b.x)
      let winding = 0
      let from = 0
      for (const crossing of crossings) {
        if (winding === 0) from = crossing.x
        winding += crossing.winding
        if (winding === 0) cover(row, from, crossing.x)
      }
    }
    for (let x = 0; x < bitmap.width; x++) if ((row[x] ?? 0) / SUBLINES >= THRESHOLD) fillRect(bitmap, x, y, 1, 1)
  }
  return { bitmap, left, top }
}

const EMPTY: RasterGlyph = { bitmap: createBitmap(0, 0), left: 0, top: 0 }
const rasters = new Map<string, RasterGlyph>()
/** A line's labels use a few hundred. */
const RASTERS_AT_MOST = 5000

/** @param size of the em, dots */
export const rasterGlyph = (slice: Slice, glyph: Glyph, size: number): RasterGlyph => {
  const key = `${slice.id} ${glyph.id} ${size}`
  const known = rasters.get(key)
  if (known) return known
  const edges = edgesOf(glyph, size / slice.font.unitsPerEm)
  const raster = edges.length === 0 ? EMPTY : fill(edges)
  if (rasters.size >= RASTERS_AT_MOST) rasters.clear()
  rasters.set(key, raster)
  return raster
}
