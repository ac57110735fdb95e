/** A patch changes what it names, and what stays equal stays the same object. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { View, ViewPatch } from '../../../src/contract/index.ts'
import { mergeView } from '../../../src/renderer/stores/view-merge.ts'
import { mixedSlots, viewOf } from '../../e2e/fixtures-renderer/views.ts'

const before = viewOf(mixedSlots(8))
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

it('keeps every object that is equal in the patch', () => {
  const merged = mergeView(before, copy(before))
  expect(merged.station).toBe(before.station)
  expect(merged.order).toBe(before.order)
  expect(merged.next).toBe(before.next)
  merged.slots.forEach((slot, index) => expect(slot).toBe(before.slots[index]))
  merged.labels.queue.forEach((label, index) => expect(label).toBe(before.labels.queue[index]))
})

it('replaces only the slot that changed', () => {
  const slots = copy(before.slots).map((slot) => (slot.slot === 2 ? { ...slot, progress: 0.7 } : slot))
  const merged = mergeView(before, { slots })
  expect(merged.slots.map((slot, index) => slot === before.slots[index])).toEqual(slots.map(({ slot }) => slot !== 2))
})

it('takes away an order', () => {
  expect(mergeView(before, { order: null }).order).toBeNull()
})

it('has the value of the view with the patch over it, for every patch', () => {
  const other = viewOf(mixedSlots(5), { order: null, next: { code: 'finished', params: { passed: 3 } } })
  const sections = Object.keys(before) as (keyof View)[]
  fc.assert(
    fc.property(fc.subarray(sections), fc.boolean(), (names, isOther) => {
      const source = isOther ? other : before
      const patch = copy(Object.fromEntries(names.map((name) => [name, source[name]]))) as ViewPatch
      expect(mergeView(before, patch)).toEqual({ ...before, ...patch })
    }),
  )
})
