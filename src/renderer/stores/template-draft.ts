/** The label template that is being edited. It outlives the page, so that a look at the line loses nothing. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { LabelElement, LabelTemplate } from '../../contract/index.ts'
import { added, moved, replaced, resized, without, type ElementType } from '../templates/editing.ts'
import { begun, pushed, redone, undone, type History } from '../templates/history.ts'

interface Draft {
  readonly template: LabelTemplate
  /** Name of the element that is chosen. */
  readonly chosen: string | null
  /** Name of the template that comes with Imprint and that this is a copy of, until it is saved. */
  readonly copyOf: string | null
}

export const useTemplateDraft = defineStore('template-draft', () => {
  const history = shallowRef<History<Draft> | null>(null)
  /** During a drag: shown, but no step of the history until it ends. */
  const dragged = shallowRef<LabelTemplate | null>(null)

  const now = computed(() => history.value?.values[history.value.at] ?? null)
  const template = computed(() => dragged.value ?? now.value?.template ?? null)
  const chosen = computed(() => template.value?.elements.find(({ name }) => name === now.value?.chosen) ?? null)

  const push = (
    next: LabelTemplate,
    name: string | null = now.value?.chosen ?? null,
    copyOf: string | null = now.value?.copyOf ?? null,
  ): void => {
    const draft = { template: next, chosen: name, copyOf }
    history.value = history.value ? pushed(history.value, draft) : begun(draft)
  }
  /** Choosing is no step of its own. */
  const choose = (name: string | null): void => {
    if (!history.value) return
    const { values, at } = history.value
    history.value = { at, values: values.map((each, index) => (index === at ? { ...each, chosen: name } : each)) }
  }
  const change = (element: LabelElement): void => {
    const before = now.value?.chosen
    if (template.value && before !== null && before !== undefined)
      push(replaced(template.value, before, element), element.name)
  }
  const changeChosen = (by: (template: LabelTemplate, element: LabelElement) => LabelElement): void => {
    if (template.value && chosen.value) change(by(template.value, chosen.value))
  }

  return {
    template,
    chosen,
    copyOf: computed(() => now.value?.copyOf ?? null),
    canUndo: computed(() => (history.value?.at ?? 0) > 0),
    canRedo: computed(() => history.value !== null && history.value.at < history.value.values.length - 1),
    /** Opening another is a step as well: undo leads back to what was not saved. */
    open: (next: LabelTemplate, copyOf: string | null = null) => push(next, next.elements[0]?.name ?? null, copyOf),
    set: (next: LabelTemplate) => push(next),
    /** It is kept now, under its own name. */
    saved: (next: LabelTemplate) => push(next, now.value?.chosen ?? null, null),
    choose,
    change,
    move: (dx: number, dy: number) => changeChosen((label, element) => moved(label, element, dx, dy)),
    resize: (dx: number, dy: number) => changeChosen((label, element) => resized(label, element, dx, dy)),
    add(type: ElementType) {
      if (!template.value) return
      const next = added(template.value, type)
      push(next.template, next.name)
    },
    remove() {
      if (template.value && chosen.value && template.value.elements.length > 1)
        push(without(template.value, chosen.value.name), null)
    },
    /** Shows what a drag would make of it. */
    drag(how: 'move' | 'resize', dx: number, dy: number) {
      const [label, name] = [now.value?.template, now.value?.chosen]
      const element = label?.elements.find((each) => each.name === name)
      if (label && element)
        dragged.value = replaced(label, element.name, (how === 'move' ? moved : resized)(label, element, dx, dy))
    },
    drop() {
      if (dragged.value) push(dragged.value)
      dragged.value = null
    },
    undo() {
      if (history.value) history.value = undone(history.value)
    },
    redo() {
      if (history.value) history.value = redone(history.value)
    },
  }
})
