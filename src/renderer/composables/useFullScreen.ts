import { onScopeDispose, ref, type Ref } from 'vue'

/** Full-screen (kiosk) mode of the page. */
export const useFullScreen = (): { readonly isFull: Readonly<Ref<boolean>>; toggle(): Promise<void> } => {
  const isFull = ref(document.fullscreenElement !== null)
  const onChange = (): void => {
    isFull.value = document.fullscreenElement !== null
  }
  document.addEventListener('fullscreenchange', onChange)
  onScopeDispose(() => document.removeEventListener('fullscreenchange', onChange))
  return {
    isFull,
    toggle: () => (isFull.value ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  }
}
