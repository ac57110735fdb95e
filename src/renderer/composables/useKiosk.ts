import { computed, onScopeDispose } from 'vue'
import { useStation } from '../stores/station.ts'

/** Chromium's way to let a page have Esc while it fills the screen; other browsers have none. */
interface KeyboardLock {
  lock?(codes: readonly string[]): Promise<void>
}

const fill = async (): Promise<void> => {
  await document.documentElement.requestFullscreen()
  const { keyboard } = navigator as Navigator & { readonly keyboard?: KeyboardLock }
  await keyboard?.lock?.(['Escape'])
}

/**
 * A kiosk in the browser fills the screen with the next touch or key, as a browser only allows on behalf of a person, and does so again
 * whenever it was left. The Electron window is a kiosk by itself.
 */
export const useKiosk = (): void => {
  const station = useStation()
  const wants = computed(() => station.view?.station.kiosk === true && station.view.station.host === 'web')
  const onGesture = (): void => {
    if (!wants.value || document.fullscreenElement !== null) return
    // Refused where the browser forbids it: the line works all the same.
    fill().catch((error: unknown) => console.info('The screen could not be filled:', error))
  }
  window.addEventListener('pointerup', onGesture)
  window.addEventListener('keyup', onGesture)
  onScopeDispose(() => {
    window.removeEventListener('pointerup', onGesture)
    window.removeEventListener('keyup', onGesture)
  })
}
