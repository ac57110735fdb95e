import { onMounted, onScopeDispose, ref, type Ref } from 'vue'
import type { PortView } from '../../contract/index.ts'
import { useStation } from '../stores/station.ts'

interface Ports {
  readonly ports: Readonly<Ref<readonly PortView[]>>
  /** Looks at once. */
  look(): Promise<void>
}

/** Looks for the computer's serial ports every `interval` milliseconds; `onNew` gets each that was not there the time before. */
export const usePorts = (interval: number, onNew: (port: PortView) => void): Ports => {
  const station = useStation()
  const ports = ref<readonly PortView[]>([])
  let known: ReadonlySet<string> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false

  const look = async (): Promise<void> => {
    try {
      const { ports: found } = await station.request('setUp.ports', {})
      const before = known
      known = new Set(found.map(({ path }) => path))
      ports.value = found
      if (before) found.filter(({ path }) => !before.has(path)).forEach(onNew)
    } catch (error) {
      // The band at the top says that the connection is lost; the next look finds out whether it is back.
      console.error('The ports could not be listed:', error)
    }
  }
  const lookAgain = async (): Promise<void> => {
    await look()
    if (!isOver) timer = setTimeout(lookAgain, interval)
  }
  onMounted(lookAgain)
  onScopeDispose(() => {
    isOver = true
    clearTimeout(timer)
  })
  return { ports, look }
}
