import { onBeforeUnmount, onMounted, type Ref } from 'vue'
import { useRouter } from 'vue-router'

/** Where dialogs lie: over the drawer of the labels, under the lists that their own fields open (`theme/vuetify.ts`). */
const DIALOGS = 2400

const CONTROLS = 'a[href], button, input, select, textarea, summary, [tabindex]'

const controlsIn = (frame: HTMLElement): HTMLElement[] =>
  [...frame.querySelectorAll<HTMLElement>(CONTROLS)].filter(
    (control) => control.tabIndex >= 0 && !control.matches(':disabled') && control.checkVisibility(),
  )

/** A list that a field of the dialog has opened. */
const somethingLiesAbove = (): boolean =>
  [...document.querySelectorAll<HTMLElement>('.v-overlay--active')].some(({ style }) => Number(style.zIndex) > DIALOGS)

interface ModalOptions {
  readonly isTopmost: () => boolean
  readonly close: () => void
}

/**
 * What makes an element a modal dialog: the focus goes into it and stays there, and Esc and the browser's way back close it, the topmost
 * one only. Vuetify's own dialog does the same, but takes longer to draw than a frame may last.
 */
export const useModal = (frame: Readonly<Ref<HTMLElement | null>>, { isTopmost, close }: ModalOptions): void => {
  const router = useRouter()
  let opener: HTMLElement | null = null
  let isWayBack = false

  const keepFocus = (event: KeyboardEvent): void => {
    const controls = frame.value ? controlsIn(frame.value) : []
    const [first] = controls
    const last = controls.at(-1)
    if (!first || !last) return event.preventDefault()
    const { activeElement } = document
    const isInside = controls.some((control) => control === activeElement)
    if (isInside && activeElement !== (event.shiftKey ? first : last)) return
    // The next one of what has the focus, without being a control, is found by the browser itself.
    if (!isInside && !event.shiftKey && frame.value !== activeElement && frame.value?.contains(activeElement)) return
    event.preventDefault()
    ;(event.shiftKey ? last : first).focus()
  }

  const onKey = (event: KeyboardEvent): void => {
    if (!isTopmost() || event.isComposing || somethingLiesAbove()) return
    if (event.key === 'Tab') keepFocus(event)
    if (event.key !== 'Escape') return
    event.preventDefault()
    // Whatever is open below stays open.
    event.stopImmediatePropagation()
    close()
  }
  const onWayBack = (): void => {
    isWayBack = true
    setTimeout(() => (isWayBack = false))
  }

  const leave = router.beforeEach(() => {
    if (!isWayBack || !isTopmost()) return true
    close()
    return false
  })
  onMounted(() => {
    const { activeElement } = document
    // Who came by the keyboard goes on from there; after a touch Space is to start the line, and not to press the tile again.
    if (activeElement instanceof HTMLElement && activeElement.matches(':focus-visible')) opener = activeElement
    frame.value?.focus({ preventScroll: true })
    window.addEventListener('keydown', onKey, { capture: true })
    window.addEventListener('popstate', onWayBack, { capture: true })
  })
  onBeforeUnmount(() => {
    leave()
    window.removeEventListener('keydown', onKey, { capture: true })
    window.removeEventListener('popstate', onWayBack, { capture: true })
    if (opener?.isConnected) opener.focus({ preventScroll: true })
  })
}
