import { onScopeDispose } from 'vue'

/** Nothing has focus, or something that keys mean nothing to. */
const noControlHasFocus = (): boolean => document.activeElement === null || document.activeElement === document.body

const somethingIsOpen = (): boolean =>
  document.querySelector('[aria-modal="true"], .v-overlay--active:not(.v-snackbar):not(.v-tooltip)') !== null

/** Space starts, but only when no control has focus and no dialog or menu is open. */
export const useStartKey = (start: () => void): void => {
  const onKey = (event: KeyboardEvent): void => {
    if (event.code !== 'Space' || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return
    if (!noControlHasFocus() || somethingIsOpen()) return
    event.preventDefault()
    start()
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}
