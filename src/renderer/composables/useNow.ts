import { onScopeDispose, ref, type Ref } from 'vue'

/** The time in milliseconds since the Unix epoch, anew every `interval` milliseconds for as long as the scope lives. */
export const useNow = (interval: number): Readonly<Ref<number>> => {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), interval)
  onScopeDispose(() => clearInterval(timer))
  return now
}
