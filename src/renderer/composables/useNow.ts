import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Milliseconds between two ticks. */
const TICK = 250

const now = ref(Date.now())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

const tick = (): void => {
  now.value = Date.now()
}

/**
 * The time in milliseconds since the Unix epoch, for as long as the scope lives. One clock for the whole page: with one for each slot
 * the page was laid out anew at as many moments as there are slots.
 */
export const useNow = (): Readonly<Ref<number>> => {
  tick()
  watchers++
  timer ??= setInterval(tick, TICK)
  onScopeDispose(() => {
    watchers--
    if (watchers > 0) return
    clearInterval(timer)
    timer = undefined
  })
  return readonly(now)
}
