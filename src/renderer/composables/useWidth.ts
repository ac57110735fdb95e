import { onScopeDispose, ref, type Ref } from 'vue'

/** The width of the window in CSS pixels. */
export const useWidth = (): Readonly<Ref<number>> => {
  const width = ref(window.innerWidth)
  const measure = (): void => {
    width.value = window.innerWidth
  }
  window.addEventListener('resize', measure)
  onScopeDispose(() => window.removeEventListener('resize', measure))
  return width
}
