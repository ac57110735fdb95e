/** Editing a label: whatever is done, elements stay on the label, names stay unique, and undo leads back. */
import fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { LabelTemplate } from '../../../src/contract/index.ts'
import { useTemplateDraft } from '../../../src/renderer/stores/template-draft.ts'
import { ELEMENT_TYPES } from '../../../src/renderer/templates/editing.ts'

const blank: LabelTemplate = LabelTemplate.parse({
  format: 1,
  name: 'mine',
  version: 1,
  width: 40,
  height: 20,
  elements: [{ type: 'qr', name: 'qr', x: 1, y: 1, size: 17, text: '{qr}' }],
})

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const), type: fc.constantFrom(...ELEMENT_TYPES) }),
    fc.record({
      do: fc.constantFrom('move' as const, 'resize' as const, 'drag' as const, 'stretch' as const),
      dx: fc.double({ min: -90, max: 90, noNaN: true }),
      dy: fc.double({ min: -90, max: 90, noNaN: true }),
    }),
    fc.record({ do: fc.constant('remove' as const) }),
    fc.record({ do: fc.constant('choose' as const), nth: fc.nat(9) }),
  ),
  { maxLength: 25 },
)

beforeEach(() => setActivePinia(createPinia()))

describe('a template that is edited', () => {
  it('is valid after every step, and undo and redo lead through the same templates', () => {
    fc.assert(
      fc.property(steps, (todo) => {
        setActivePinia(createPinia())
        const draft = useTemplateDraft()
        draft.open(blank)
        const seen = [JSON.stringify(draft.template)]
        for (const step of todo) {
          if (step.do === 'add') draft.add(step.type)
          else if (step.do === 'move') draft.move(step.dx, step.dy)
          else if (step.do === 'resize') draft.resize(step.dx, step.dy)
          else if (step.do === 'remove') draft.remove()
          else if (step.do === 'choose') draft.choose(draft.template?.elements[step.nth]?.name ?? null)
          else {
            draft.drag(step.do === 'drag' ? 'move' : 'resize', step.dx / 2, step.dy)
            draft.drag(step.do === 'drag' ? 'move' : 'resize', step.dx, step.dy)
            draft.drop()
          }
          expect(LabelTemplate.safeParse(draft.template)).toMatchObject({ success: true })
          if (JSON.stringify(draft.template) !== seen.at(-1)) seen.push(JSON.stringify(draft.template))
        }
        const back = new Set<string>([JSON.stringify(draft.template)])
        while (draft.canUndo) {
          draft.undo()
          back.add(JSON.stringify(draft.template))
        }
        expect(JSON.stringify(draft.template)).toBe(seen[0])
        for (const each of seen) expect(back.has(each)).toBe(true)
        while (draft.canRedo) draft.redo()
        expect(JSON.stringify(draft.template)).toBe(seen.at(-1))
      }),
    )
  })

  it('a drag is one step, however many moves it has', () => {
    const draft = useTemplateDraft()
    draft.open(blank)
    for (let x = 0; x < 20; x++) draft.drag('move', x / 10, 0)
    draft.drop()
    expect(draft.template?.elements[0]).toMatchObject({ x: 2.9 })
    draft.undo()
    expect(draft.template?.elements[0]).toMatchObject({ x: 1 })
    expect(draft.canUndo).toBe(false)
  })

  it('a template of Imprint is known as the source of its copy until the copy is saved', () => {
    const draft = useTemplateDraft()
    draft.open({ ...blank, name: 'unit-40x20-copy' }, 'unit-40x20')
    draft.add('text')
    draft.set({ ...blank, name: 'ours' })
    expect(draft.copyOf).toBe('unit-40x20')
    draft.saved({ ...blank, name: 'ours', version: 1 })
    expect(draft.copyOf).toBeNull()
    draft.undo()
    expect(draft.copyOf).toBe('unit-40x20')
    draft.open({ ...blank, name: 'other' })
    expect(draft.copyOf).toBeNull()
  })

  it('what was not saved comes back after another was opened', () => {
    const draft = useTemplateDraft()
    draft.open(blank)
    draft.add('text')
    draft.open({ ...blank, name: 'other' })
    draft.undo()
    expect(draft.template).toMatchObject({ name: 'mine', elements: [{ name: 'qr' }, { name: 'text' }] })
  })
})
