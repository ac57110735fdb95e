/** The dialogs that are open, the topmost last. Closing takes the topmost. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Disposition, OrderFields } from '../../contract/index.ts'

/** What the path that is looked for may lead to. */
export type WantedPath = 'file' | 'folder' | 'either'

export type Dialog =
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'reprint'; readonly labelId: string; readonly serial: string }
  | { readonly kind: 'doubt'; readonly labelId: string; readonly serial: string }
  | { readonly kind: 'void' }
  | { readonly kind: 'release' }
  | {
      readonly kind: 'carton'
      readonly what:
        | { readonly do: 'reopen'; readonly cartonId: string; readonly name: string }
        | { readonly do: 'unpack'; readonly mac: string; readonly name: string }
      /** It was done: what is shown is fetched anew. */
      done(): void
    }
  | { readonly kind: 'teach-scanner' }
  | { readonly kind: 'sign-in' }
  /** A new order; what is known of it already. */
  | { readonly kind: 'order-form'; readonly fields: OrderFields }
  | { readonly kind: 'close-order'; readonly id: string; readonly number: string }
  | { readonly kind: 'approve'; readonly id: string; readonly serial: string }
  | { readonly kind: 'reject'; readonly id: string; readonly serial: string }
  /** Null for a new product. */
  | { readonly kind: 'product-form'; readonly id: string | null; readonly from: string | null }
  | { readonly kind: 'release-form' }
  | { readonly kind: 'manifest-form' }
  /** A path of the station's computer, for a field. */
  | {
      readonly kind: 'choose-path'
      readonly title: string
      readonly want: WantedPath
      readonly at: string
      chosen(path: string): void
    }
  | { readonly kind: 'dispose'; readonly slot: number; readonly disposition: Disposition }

export const useDialogs = defineStore('dialogs', () => {
  const stack = ref<Dialog[]>([])

  const open = (dialog: Dialog): void => {
    stack.value = [...stack.value.filter(({ kind }) => kind !== dialog.kind), dialog]
  }
  const close = (kind: Dialog['kind']): void => {
    stack.value = stack.value.filter((dialog) => dialog.kind !== kind)
  }
  return { stack, open, close, top: computed(() => stack.value.at(-1) ?? null) }
})
