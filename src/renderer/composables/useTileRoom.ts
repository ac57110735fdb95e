import { onMounted, onScopeDispose, watch, type Ref } from 'vue'

/** How much a tile has room for; more than one may be true. */
type Room = 'low' | 'wide' | 'small' | 'flat' | 'narrow' | 'tight'

/** Widths and heights in pixels at which a tile is arranged otherwise; without any it is tall. */
const roomOf = (width: number, height: number): Room[] => {
  const rooms: Room[] = []
  if (height <= 330 || width <= 230) rooms.push('low')
  // A fixture of many rows: number, sign and word alone, in one line or in two.
  if (height <= 112) rooms.push('flat', ...(width < 200 ? (['small', 'tight'] as const) : []))
  else if (height <= 240) rooms.push(width >= 290 ? 'wide' : 'small')
  if (height <= 112 && width <= 260) rooms.push('narrow')
  return rooms
}

/**
 * Tells the grid how large its tiles are, all of one size: hundredths of their width, height and lesser side as `--cqw`, `--cqh`, `--cqmin`
 * (pixels), and the room as `data-room`. What container queries would do, but those are answered anew by every one of 32 tiles whenever
 * anything on the page is laid out, which took more than half of the page's time.
 *
 * @param tiles their number and arrangement: what makes all of them another size
 */
export const useTileRoom = (grid: Readonly<Ref<HTMLElement | null>>, tiles: () => string): void => {
  const measure = (): void => {
    const list = grid.value
    const tile = list?.firstElementChild
    if (!list || !tile) return
    const { width, height } = tile.getBoundingClientRect()
    list.style.setProperty('--cqw', `${width / 100}px`)
    list.style.setProperty('--cqh', `${height / 100}px`)
    list.style.setProperty('--cqmin', `${Math.min(width, height) / 100}px`)
    list.dataset['room'] = roomOf(width, height).join(' ')
  }
  const observer = new ResizeObserver(measure)
  onMounted(() => {
    watch(
      tiles,
      () => {
        observer.disconnect()
        const tile = grid.value?.firstElementChild
        if (tile) observer.observe(tile)
        measure()
      },
      { flush: 'post', immediate: true },
    )
  })
  onScopeDispose(() => observer.disconnect())
}
