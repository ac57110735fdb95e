/** What the main thread and a flash worker say to each other. Plain data; release blocks travel as shared memory. */
import type { MessagePort } from 'node:worker_threads'
import type { BoardAction, RunStep } from '../../../contract/index.ts'
import type { FailureData } from '../failure.ts'
import type { Reset } from '../loader/reset.ts'
import type { BlockKind, PreparedRegion, Region } from '../images/prepare.ts'
import type { IdentifiedBoard, SessionPlan, SessionResult } from '../session/session.ts'
import type { Timing } from '../timing.ts'

/** Where the serial ports come from: the system, or a simulated bench at the other end of a message port. */
export type BindingSource = { readonly kind: 'native' } | { readonly kind: 'simulated'; readonly bench: MessagePort }

export interface FlashWorkerData {
  /** The other end is with whoever owns the ports. */
  readonly ports: MessagePort
  readonly timing: Timing
}

/** Blocks for every way of writing of the regions that are common to all units. */
export type CommonBlocks = Readonly<Record<BlockKind, readonly PreparedRegion[]>>

export type ToFlashWorker =
  | { readonly type: 'release'; readonly id: string; readonly blocks: CommonBlocks }
  /** Waits for a board on this port, identifies it and asks for its regions. */
  | {
      readonly type: 'run'
      readonly job: number
      readonly port: string
      readonly plan: SessionPlan
      readonly releaseId: string
    }
  | { readonly type: 'give'; readonly job: number; readonly own: readonly Region[] }
  | { readonly type: 'refuse'; readonly job: number; readonly failure: FailureData }
  /** Watches until the board with this MAC no longer answers, or another does. */
  | {
      readonly type: 'await-removal'
      readonly job: number
      readonly port: string
      readonly mac: string | null
      readonly reset?: Reset
    }
  | { readonly type: 'cancel'; readonly job: number }
  | { readonly type: 'close' }

export type FromFlashWorker =
  | { readonly type: 'waiting'; readonly job: number }
  | { readonly type: 'found'; readonly job: number }
  | { readonly type: 'step'; readonly job: number; readonly step: RunStep }
  | { readonly type: 'progress'; readonly job: number; readonly ratio: number }
  | { readonly type: 'log'; readonly job: number; readonly at: number; readonly text: string }
  /** The board is looked at; it may still be refused. */
  | { readonly type: 'known'; readonly job: number; readonly board: IdentifiedBoard }
  /** It is the one that is meant: what shall be written to it? */
  | { readonly type: 'identified'; readonly job: number; readonly board: IdentifiedBoard }
  | { readonly type: 'done'; readonly job: number; readonly result: SessionResult }
  | { readonly type: 'failed'; readonly job: number; readonly failure: FailureData; readonly board: BoardAction }
  | { readonly type: 'removed'; readonly job: number }
  | { readonly type: 'closed' }
