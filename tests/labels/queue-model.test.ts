/**
 * The label queue against a printer that misbehaves in every way it can, in any order, with restarts in between and a person who
 * answers what they see. However it goes: one whole label a unit in the end, and a record that is true.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layOutLabel, type Layout } from '../../src/main/labels/layout.ts'
import { PrinterError, type Printer, type PrinterSight } from '../../src/main/labels/printer.ts'
import { createLabelQueue, type LabelQueue } from '../../src/main/labels/queue.ts'
import type { QueueClock } from '../../src/main/labels/queue-clock.ts'
import { templateByName } from '../../src/main/labels/templates.ts'
import { createMemoryStore } from './memory-store.ts'
import { SAMPLE } from './sample.ts'

const LAYOUT: Layout = layOutLabel(templateByName('unit-40x20'), SAMPLE, 203)
const TIMING = { quick: 5, busy: 10, faulty: 10, idle: 10, patience: 60, fill: 30 }
const LABEL_TIME = 25
const PRINTER = 'tcp://printer:9100'

type Condition = 'paper-out' | 'ribbon-out' | 'head-open' | 'paused'
type Trouble =
  | { readonly kind: 'condition'; readonly condition: Condition; readonly silent: boolean }
  /** The buffer takes nothing more: what is sent waits outside. */
  | { readonly kind: 'full' }
  | { readonly kind: 'power' }
  | { readonly kind: 'connection' }
  /** The next label's bytes go nowhere, or arrive and the connection breaks. */
  | { readonly kind: 'lose-next'; readonly arrives: boolean }
  | { readonly kind: 'restart' }
  | { readonly kind: 'nothing' }

/** A printer and its world in a time of their own: what comes out is what is on the table. */
const createWorld = (counts: boolean) => {
  let now = 0
  let buffer: string[] = []
  let outside: string[] | undefined
  let current: { row: string; ends: number } | undefined
  let condition: { name: Condition; silent: boolean } | undefined
  let loseNext: { arrives: boolean } | undefined
  let session = 1
  let count = 1000
  const table: { serial: string; whole: boolean }[] = []

  const advance = (milliseconds: number): void => {
    for (const end = now + milliseconds; now < end; now++) {
      if (condition) {
        // A label under the head is begun anew.
        if (current) current.ends = now + 1 + LABEL_TIME
        continue
      }
      if (!current) {
        const row = buffer.shift()
        if (row !== undefined) current = { row, ends: now + LABEL_TIME }
      }
      if (current && now >= current.ends) {
        for (const serial of current.row.split(', ')) table.push({ serial, whole: true })
        count++
        current = undefined
      }
    }
  }
  /** What waits outside the buffer is lost with its connection. */
  const newConnection = (): void => {
    session++
    if (outside) outside = []
  }
  const clock: QueueClock = {
    now: () => now,
    async sleep(milliseconds) {
      // A turn of the loop, so that the person and the troubles get theirs.
      await new Promise((resolve) => setImmediate(resolve))
      advance(milliseconds)
    },
  }
  const printer = (): Printer => ({
    name: PRINTER,
    confirms: true,
    repeatable: false,
    look(): Promise<PrinterSight> {
      if (condition?.silent) return Promise.resolve({ state: 'not-answering', pending: null, count: null, session })
      const pending = buffer.length + (current ? 1 : 0)
      const full = outside !== undefined
      const state = condition?.name ?? (pending > 0 || full ? 'printing' : 'ready')
      return Promise.resolve({ state, pending, full, count: counts ? count : null, session })
    },
    send({ name }, allowedIn) {
      if (allowedIn !== session) return Promise.reject(new PrinterError('nothing', 'another connection'))
      const lose = loseNext
      loseNext = undefined
      if (!lose || lose.arrives) (outside ?? buffer).push(name)
      if (!lose) return Promise.resolve()
      newConnection()
      return Promise.reject(new PrinterError('unknown', 'the connection broke'))
    },
    close: () => Promise.resolve(),
  })
  return {
    clock,
    printer,
    table,
    /** What a person at the printer does before answering: makes it work, and waits until it stands still. */
    tend() {
      condition = undefined
      buffer.push(...(outside ?? []))
      outside = undefined
      advance(LABEL_TIME * 20)
    },
    cameOut: (serial: string): boolean => table.some((label) => label.whole && label.serial === serial),
    strike(trouble: Trouble) {
      if (trouble.kind === 'condition') condition = { name: trouble.condition, silent: trouble.silent }
      if (trouble.kind === 'connection') newConnection()
      if (trouble.kind === 'full') outside ??= []
      if (trouble.kind === 'lose-next') loseNext = { arrives: trouble.arrives }
      if (trouble.kind === 'power') {
        if (current) table.push({ serial: current.row, whole: false })
        current = undefined
        buffer = []
        outside = undefined
        session++
      }
    },
  }
}

const anyTrouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({
    kind: fc.constant('condition' as const),
    condition: fc.constantFrom<Condition>('paper-out', 'ribbon-out', 'head-open', 'paused'),
    silent: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('lose-next' as const), arrives: fc.boolean() }),
  fc.constantFrom<Trouble>(
    { kind: 'full' },
    { kind: 'power' },
    { kind: 'connection' },
    { kind: 'restart' },
    { kind: 'nothing' },
  ),
)

const anyStory = fc.record({
  counts: fc.boolean(),
  /** Does the person see to the printer before answering, or answer at once? */
  tends: fc.boolean(),
  /** Labels side by side. */
  across: fc.constantFrom(1, 1, 2),
  units: fc.integer({ min: 1, max: 7 }),
  troubles: fc.array(fc.record({ trouble: anyTrouble, turns: fc.integer({ min: 0, max: 12 }) }), { maxLength: 8 }),
})

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('whatever a printer does', () => {
  test('every unit ends with one whole label, and the record is true', async () => {
    await fc.assert(
      fc.asyncProperty(anyStory, async ({ counts, tends, across, units, troubles }) => {
        const world = createWorld(counts)
        const store = createMemoryStore()
        const serials = Array.from({ length: units }, (_, index) => `UNIT-${index + 1}`)
        for (const serial of serials) store.add(serial)
        let most = 0
        const start = (): LabelQueue => {
          const queue = createLabelQueue({
            store,
            printer: world.printer(),
            render: () => Promise.resolve(LAYOUT),
            onChange: (change) => {
              if (change.type === 'trouble') throw change.error
              most = Math.max(most, store.inState('sent').length)
            },
            clock: world.clock,
            stock: { across, pitch: 43 },
            timing: TIMING,
          })
          queue.start()
          return queue
        }
        let queue = start()
        const asked: string[] = []
        /** The person looks at the table once the printer stands still, and says what is there. */
        const answerDoubts = async (): Promise<void> => {
          for (const label of store.inState('in-doubt')) {
            if (tends) world.tend()
            const cameOut = world.cameOut(label.serial)
            asked.push(label.id)
            await queue.answer(label.id, cameOut, 'operator')
          }
        }
        for (const { trouble, turns: before } of troubles) {
          await turns(before)
          await answerDoubts()
          if (trouble.kind === 'restart') {
            await queue.stop()
            queue = start()
          } else world.strike(trouble)
        }
        for (let round = 0; store.inState('printed').length < units; round++) {
          expect(round).toBeLessThan(3000)
          await turns(1)
          if (round % 40 === 0) world.tend()
          await answerDoubts()
        }
        await queue.stop()

        const whole = world.table.filter((label) => label.whole).map((label) => label.serial)
        expect(whole.toSorted()).toEqual(serials)
        expect(store.all().every((label) => label.state === 'printed')).toBe(true)
        expect(most).toBeLessThanOrEqual(2 * across)
        // A person is asked only where nothing can prove it.
        if (counts) expect(asked).toEqual([])
      }),
      { numRuns: 1000 },
    )
  }, 60_000)
})
