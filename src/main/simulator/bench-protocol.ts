/** What a bench and its handle in the main thread say to each other. */
import type { ChipName } from '../espressif/chips.ts'
import type { OwnUsb } from '../flashing/ports/found-port.ts'
import type { FaultSpec } from './faults.ts'
import type { Pace } from './pace.ts'

export interface BenchOptions {
  readonly slots: number
  readonly chip: ChipName
  readonly pace: Pace
  /** Where boards keep their flash; in memory without. */
  readonly directory?: string
  /** Bytes, a power of two. */
  readonly flashSize?: number
  /** The boards are plugged in by their own USB; behind serial adapters without. */
  readonly ownUsb?: OwnUsb
}

export interface Board {
  /** `AA:BB:CC:DD:EE:FF` */
  readonly mac: string
  readonly faults: readonly FaultSpec[]
}

/** How a board in a slot stands at this moment. */
export interface BoardState {
  readonly mac: string
  readonly mode: 'rom' | 'stub' | 'application' | 'off'
  /** How often it was reset since it was inserted, its power-on included. */
  readonly resets: number
}

/** Path of the serial adapter of a slot. */
export const slotPath = (slot: number): string => `sim:slot-${slot}`

export type BenchCall =
  | { readonly type: 'insert'; readonly slot: number; readonly board: Board }
  | { readonly type: 'remove'; readonly slot: number }
  | { readonly type: 'flash'; readonly mac: string }
  | { readonly type: 'state'; readonly slot: number }
  | { readonly type: 'open-ports' }
  | { readonly type: 'close' }
