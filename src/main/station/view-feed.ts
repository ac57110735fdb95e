/** The view of a station, pushed section by section as it changes, at most ten times a second. */
import type { View, ViewPatch } from '../../contract/index.ts'

export interface ViewFeed {
  view(): View
  /** Something may have changed. */
  touch(): void
  /** Tells this at once, once. */
  tell(patch: ViewPatch): void
  onPatch(listener: (patch: ViewPatch) => void): () => void
  close(): void
}

const LEAST_PAUSE = 100
const SECTIONS = ['station', 'order', 'slots', 'sockets', 'labels', 'next'] as const

export const createViewFeed = (read: () => View): ViewFeed => {
  const listeners = new Set<(patch: ViewPatch) => void>()
  const told = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  let toldAt = 0

  const push = (): void => {
    timer = undefined
    toldAt = Date.now()
    const view = read()
    const patch: ViewPatch = {}
    for (const section of SECTIONS) {
      const text = JSON.stringify(view[section])
      if (told.get(section) === text) continue
      told.set(section, text)
      Object.assign(patch, { [section]: view[section] })
    }
    if (Object.keys(patch).length > 0) for (const listener of listeners) listener(patch)
  }

  return {
    view: read,
    touch() {
      timer ??= setTimeout(push, Math.max(0, LEAST_PAUSE - (Date.now() - toldAt)))
    },
    tell(patch) {
      for (const listener of listeners) listener(patch)
    },
    onPatch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      clearTimeout(timer)
      listeners.clear()
    },
  }
}
