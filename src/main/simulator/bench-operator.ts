/**
 * A simulated person at a simulated bench: puts a new board into each empty slot while units are wanted, takes finished ones out, and
 * puts those aside that failed or do not answer. Which board is where is written down first, so that a bench that was killed is found
 * as it stood.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { SlotView } from '../../contract/index.ts'
import type { Bench } from './bench.ts'
import type { FaultSpec } from './faults.ts'

export interface BenchOperatorOptions {
  readonly bench: Bench
  readonly faults: readonly FaultSpec[]
  /** Where it is written down. */
  readonly file: string
  /** Our milliseconds in one of the bench. */
  readonly factor: number
  /** Passed units still missing, those in slots included; 0 while the line takes none. */
  readonly wanted: () => number
  /** Takes out what an order before this one left in the slots. */
  readonly startsClear: boolean
  /** Leaves failed boards where they are, for a person to see them, until one is scrapped. */
  readonly keepsFailed: boolean
  /** There is a board in this slot, but it is not found. */
  readonly giveUp: (slot: number) => void
}

export interface BenchOperator {
  /** Puts boards back that were in slots when the bench was killed. */
  begin(): Promise<void>
  /** What the line shows of its slots. */
  see(slots: readonly SlotView[]): void
  /** Acts no more. */
  end(): void
}

const Written = z.object({
  next: z.number().int().positive(),
  boards: z.record(z.string(), z.object({ mac: z.string(), nth: z.number().int().positive() })),
})
type Written = z.infer<typeof Written>

/** Milliseconds of the bench. */
const INSERT_PAUSE = 900
const REMOVE_PAUSE = 1_500
const PATIENCE = 12_000
/** However fast the bench, a busy host needs this long to be sure that nothing answers, milliseconds of ours. */
const LEAST_PATIENCE = 5_000
/** Boards do not go into all slots in one moment. */
const SLOT_PAUSE = 250

/** Of the bench's nth board, from 1. */
export const macOfBoard = (nth: number): string => {
  const low = 0xc3d400 + nth * 3
  return ['58', 'CF', '79', low >> 16, (low >> 8) & 0xff, low & 0xff]
    .map((part) => (typeof part === 'string' ? part : part.toString(16).toUpperCase().padStart(2, '0')))
    .join(':')
}

const read = (file: string): Written =>
  existsSync(file) ? Written.parse(JSON.parse(readFileSync(file, 'utf8'))) : { next: 1, boards: {} }

const OVER: ReadonlySet<SlotView['state']> = new Set(['pass', 'unverified', 'fail', 'made-before'])

export const createBenchOperator = (options: BenchOperatorOptions): BenchOperator => {
  const { bench, faults, file, factor, wanted, keepsFailed, startsClear, giveUp } = options
  let written = read(file)
  let ended = false
  /** What is on its way in a slot, so that it is not begun twice. */
  const acting = new Map<number, NodeJS.Timeout>()
  const inserting = new Set<number>()
  const seen = new Map<number, SlotView['state']>()
  let last: readonly SlotView[] = []

  const write = (next: Written): void => {
    written = next
    writeFileSync(`${file}.new`, JSON.stringify(next))
    renameSync(`${file}.new`, file)
  }
  const boardIn = (slot: number): Written['boards'][string] | undefined => written.boards[String(slot)]

  const perform = async (slot: number, action: () => void | Promise<void>): Promise<void> => {
    acting.delete(slot)
    try {
      await action()
    } catch (error) {
      if (!ended) process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
    }
    // What was done may make room elsewhere, and the line need not say anything new about it.
    if (!ended) for (const view of last) seeSlot(view)
  }

  const act = (slot: number, real: number, action: () => void | Promise<void>): void => {
    clearTimeout(acting.get(slot))
    acting.set(
      slot,
      setTimeout(() => void perform(slot, action), Math.max(1, real)),
    )
  }

  const insert = async (slot: number, board: { mac: string; nth: number }): Promise<void> => {
    await bench.insert(slot, { mac: board.mac, faults: faults.filter((fault) => fault.unit === board.nth) })
    act(slot, Math.max(LEAST_PATIENCE, PATIENCE * factor), () => {
      if (seen.get(slot) === 'empty' || seen.get(slot) === undefined) giveUp(slot)
    })
  }

  const inSlots = (): number =>
    Object.keys(written.boards).filter((slot) => !OVER.has(seen.get(Number(slot)) ?? 'empty')).length

  const takeNew = (slot: number): { mac: string; nth: number } => {
    const board = { mac: macOfBoard(written.next), nth: written.next }
    write({ next: written.next + 1, boards: { ...written.boards, [slot]: board } })
    return board
  }

  const takeOut = async (slot: number): Promise<void> => {
    const { [String(slot)]: gone, ...boards } = written.boards
    if (gone) write({ ...written, boards })
    await bench.remove(slot)
  }

  /** Boards that are still needed besides those in work. */
  const missing = (): number => wanted() - inSlots() - inserting.size

  /** A finished board makes room for the next; when none comes, it stays for all to see, and a failed one for somebody to look at. */
  const comesOut = ({ state, disposition }: SlotView): boolean => {
    if (state === 'fail') return !keepsFailed || disposition === 'scrap'
    return state === 'made-before' || missing() > 0
  }

  const seeSlot = (view: SlotView): void => {
    const { slot, state } = view
    seen.set(slot, state)
    const board = boardIn(slot)
    if (state === 'working') {
      clearTimeout(acting.get(slot))
      acting.delete(slot)
    } else if (acting.has(slot)) return
    else if (OVER.has(state) && board) {
      // What was missing at first may have passed elsewhere by then.
      if (comesOut(view)) act(slot, REMOVE_PAUSE * factor, () => (comesOut(view) ? takeOut(slot) : undefined))
    } else if (state === 'empty' && !board && missing() > 0) {
      inserting.add(slot)
      act(slot, (INSERT_PAUSE + SLOT_PAUSE * slot) * factor, async () => {
        inserting.delete(slot)
        if (!boardIn(slot) && inSlots() < wanted()) await insert(slot, takeNew(slot))
      })
    }
  }

  return {
    async begin() {
      if (startsClear) for (const slot of Object.keys(written.boards)) await takeOut(Number(slot))
      for (const [slot, board] of Object.entries(written.boards)) await insert(Number(slot), board)
    },
    see(slots) {
      last = slots
      if (!ended) for (const view of slots) seeSlot(view)
    },
    end() {
      ended = true
      for (const timer of acting.values()) clearTimeout(timer)
      acting.clear()
    },
  }
}
