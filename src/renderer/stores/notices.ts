/** The one short message that is shown for a moment: the latest replaces the one before. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface Notice {
  readonly id: number
  readonly tone: 'good' | 'bad'
  /** Key of the locales. */
  readonly key: string
  readonly params: Readonly<Record<string, string | number>>
  /** A second sentence, in the language of the screen. */
  readonly detail: string | null
}

export const useNotices = defineStore('notices', () => {
  const current = ref<Notice | null>(null)
  let lastId = 0

  const show = (
    tone: Notice['tone'],
    key: string,
    params: Notice['params'] = {},
    detail: string | null = null,
  ): void => {
    current.value = { id: ++lastId, tone, key, params, detail }
  }
  const dismiss = (): void => {
    current.value = null
  }
  return { current, show, dismiss }
})
