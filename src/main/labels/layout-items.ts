/** What a layout is made of: pieces in whole printer dots, and what is to be said about them. */
import type { ModuleMatrix } from './codes/module-matrix.ts'
import type { QrLevel } from './codes/qr-code.ts'
import type { Weight } from './fonts.ts'

export interface TextItem {
  readonly kind: 'text'
  readonly element: string
  readonly text: string
  /** Left end and base line. */
  readonly x: number
  readonly baseline: number
  /** The em. */
  readonly size: number
  readonly width: number
  readonly weight: Weight
  /** What the line is aligned in, for a printer that sets it in a face of its own. */
  readonly field: { readonly x: number; readonly width: number; readonly align: 'left' | 'center' | 'right' }
}

export interface MatrixItem {
  readonly kind: 'qr' | 'data-matrix'
  readonly element: string
  readonly text: string
  /** Upper left corner of the first module; the quiet zone lies outside. */
  readonly x: number
  readonly y: number
  /** Side of a module. */
  readonly module: number
  readonly matrix: ModuleMatrix
  /** Error correction of a QR code; null for a Data Matrix, which has one only. */
  readonly level: QrLevel | null
}

export interface BarsItem {
  readonly kind: 'code-128'
  readonly element: string
  readonly text: string
  readonly x: number
  readonly y: number
  readonly height: number
  readonly module: number
  /** Bars and spaces in modules, a bar first. */
  readonly widths: readonly number[]
}

export interface BoxItem {
  readonly kind: 'box'
  readonly element: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Line width, within the box; null fills it. */
  readonly stroke: number | null
}

export type LayoutItem = TextItem | MatrixItem | BarsItem | BoxItem

export type LayoutWarning =
  /** moduleMm: side of a module, mm. */
  | { readonly code: 'small-module'; readonly element: string; readonly moduleMm: number }
  /** Something is printed where a code needs blank paper around it. */
  | { readonly code: 'quiet-zone'; readonly element: string; readonly other: string }
