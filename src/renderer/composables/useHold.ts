import { onScopeDispose, ref, type Ref } from 'vue'

interface Hold {
  readonly holding: Readonly<Ref<boolean>>
  /** Listeners for the button, for `v-on`. */
  readonly on: Record<string, (event: Event) => void>
}

const isActivation = (event: Event): boolean =>
  event instanceof KeyboardEvent && (event.key === 'Enter' || event.key === ' ')

/** A button that acts only after it was held, by pointer or by key, for `duration` milliseconds without a break. */
export const useHold = (duration: number, act: () => void): Hold => {
  const holding = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const release = (): void => {
    clearTimeout(timer)
    holding.value = false
  }
  const press = (): void => {
    if (holding.value) return
    holding.value = true
    timer = setTimeout(() => {
      release()
      act()
    }, duration)
  }
  onScopeDispose(release)

  return {
    holding,
    on: {
      pointerdown: press,
      pointerup: release,
      pointerleave: release,
      pointercancel: release,
      blur: release,
      keydown(event) {
        if (!isActivation(event)) return
        event.preventDefault()
        press()
      },
      keyup(event) {
        if (isActivation(event)) release()
      },
      // A long touch opens the context menu on some screens.
      contextmenu: (event) => event.preventDefault(),
    },
  }
}
