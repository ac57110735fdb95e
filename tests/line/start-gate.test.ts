/** When boards begin: for every way of starting and every order of events, only what waits begins, and nothing early. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StartSettings } from '../../src/contract/index.ts'
import { createStartGate, type StartGate, type Trigger } from '../../src/main/line/start-gate.ts'

const SLOTS = 4

interface Bench {
  readonly gate: StartGate
  put(slot: number): Promise<void>
  remove(slot: number): Promise<void>
  /** Slots whose boards began, in order. */
  readonly began: number[]
  readonly waits: Set<number>
}

const bench = (settings: StartSettings, wanted = SLOTS): Bench => {
  const gate = createStartGate(
    SLOTS,
    () => settings,
    () => wanted,
  )
  const began: number[] = []
  const waits = new Set<number>()
  const overs = new Map<number, AbortController>()
  return {
    gate,
    began,
    waits,
    async put(slot) {
      if (waits.has(slot)) return
      const over = new AbortController()
      overs.set(slot, over)
      waits.add(slot)
      void gate.wait(slot, over.signal).then((go) => {
        waits.delete(slot)
        if (go) began.push(slot)
      })
      await Promise.resolve()
    },
    async remove(slot) {
      overs.get(slot)?.abort()
      await Promise.resolve()
    },
  }
}

type Step =
  | { readonly kind: 'put'; readonly slot: number }
  | { readonly kind: 'remove'; readonly slot: number }
  | { readonly kind: 'start'; readonly by: Trigger }

const slot = fc.integer({ min: 1, max: SLOTS })
const by: fc.Arbitrary<Trigger> = fc.oneof(
  fc.constant({ kind: 'key' } as const),
  fc.record({ kind: fc.constant('touch' as const), slot: fc.option(slot) }),
  fc.record({
    kind: fc.constant('scan' as const),
    text: fc.constantFrom('GO-ON', 'go-on', 'GO-ON-2', 'GO-ON-9', 'other'),
  }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('start' as const), by }) },
)
const settings = fc.record({
  trigger: fc.constantFrom('insertion' as const, 'scan' as const, 'key' as const),
  together: fc.boolean(),
  code: fc.constant('GO-ON'),
})

test('only a board that waits begins, each once; the gate knows who waits; an incomplete panel begins by touch alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      fc.integer({ min: 1, max: SLOTS }),
      fc.array(step, { maxLength: 40 }),
      async (chosen, wanted, steps) => {
        const { gate, put, remove, began, waits } = bench(chosen, wanted)
        for (const one of steps) {
          const before = new Set(waits)
          const beganBefore = began.length
          const panel = Math.min(SLOTS, wanted)
          if (one.kind === 'put') await put(one.slot)
          else if (one.kind === 'remove') await remove(one.slot)
          else {
            const started = gate.start(one.by)
            await Promise.resolve()
            const now = began.slice(beganBefore)
            expect(started.kind === 'started' ? started.slots : []).toEqual(now)
            for (const each of now) expect(before.has(each)).toBe(true)
            if (started.kind === 'started' && chosen.together && one.by.kind !== 'touch')
              expect(before.size).toBeGreaterThanOrEqual(panel)
            if (one.by.kind === 'key' && chosen.trigger !== 'key') expect(now).toEqual([])
            if (one.by.kind === 'scan' && chosen.trigger !== 'scan') expect(started.kind).toBe('no-start-code')
          }
          await Promise.resolve()
          expect(gate.waiting()).toEqual([...waits].toSorted((a, b) => a - b))
          // By itself nothing begins but by insertion: at once, or when the panel is complete.
          if (one.kind !== 'start' && began.length > beganBefore) {
            expect(chosen.trigger).toBe('insertion')
            if (chosen.together) expect(before.size + 1).toBeGreaterThanOrEqual(panel)
          }
          if (chosen.trigger === 'insertion' && !chosen.together) expect(waits.size).toBe(0)
          if (chosen.together) expect(gate.missing()).toBe(Math.max(0, panel - waits.size))
          else expect(gate.missing()).toBe(0)
        }
      },
    ),
    { numRuns: 300 },
  )
})

describe('the start code', () => {
  test('of the fixture starts all that are ready, that of a slot only it', async () => {
    const { gate, put, began } = bench({ trigger: 'scan', together: false, code: 'FIX-7' })
    for (const each of [1, 2, 3]) await put(each)
    expect(gate.start({ kind: 'scan', text: ' fix-7-2 ' })).toEqual({ kind: 'started', slots: [2] })
    expect(gate.start({ kind: 'scan', text: 'FIX-7-4' })).toEqual({ kind: 'refused', why: 'no-board-ready' })
    expect(gate.start({ kind: 'scan', text: 'FIX-7' })).toEqual({ kind: 'started', slots: [1, 3] })
    await Promise.resolve()
    expect(began).toEqual([2, 1, 3])
    expect(gate.start({ kind: 'scan', text: 'MT:Y.K9042C00KA0648G00' })).toEqual({ kind: 'no-start-code' })
  })
})

test('the last panel of an order begins with as many boards as are still wanted', async () => {
  const { put, began } = bench({ trigger: 'insertion', together: true, code: 'START' }, 2)
  await put(1)
  expect(began).toEqual([])
  await put(4)
  expect(began.toSorted()).toEqual([1, 4])
})

test('what waits begins when the settings no longer ask for a start', async () => {
  let chosen: StartSettings = { trigger: 'key', together: false, code: 'START' }
  const gate = createStartGate(
    SLOTS,
    () => chosen,
    () => SLOTS,
  )
  const waited = gate.wait(2, new AbortController().signal)
  chosen = StartSettings.parse({})
  gate.look()
  expect(await waited).toBe(true)
})
