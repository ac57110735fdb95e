/**
 * When a board that is in its slot may begin: by itself, by a scanned code, or by a key; each slot on its own, or the whole panel
 * together. A touch on the screen always starts, an incomplete panel too: whoever touches sees it.
 */
import type { StartSettings } from '../../contract/index.ts'

export type Trigger =
  | { readonly kind: 'key' }
  /** A slot, or every slot that is ready. */
  | { readonly kind: 'touch'; readonly slot: number | null }
  | { readonly kind: 'scan'; readonly text: string }

export type Started =
  | { readonly kind: 'started'; readonly slots: readonly number[] }
  /** What was scanned starts nothing on this line. */
  | { readonly kind: 'no-start-code' }
  | { readonly kind: 'refused'; readonly why: 'no-board-ready' | 'panel-incomplete' | 'starts-otherwise' }

export interface StartGate {
  /** Does a board that is found have to wait? */
  holds(): boolean
  /** Resolves with true when the board in this slot may begin, with false when the signal calls it off. */
  wait(slot: number, over: AbortSignal): Promise<boolean>
  start(by: Trigger): Started
  /** Slots whose boards wait. */
  waiting(): number[]
  /** Boards that the panel still lacks; 0 where slots begin on their own. */
  missing(): number
  /** The settings changed: what may begin now begins. */
  look(): void
}

/**
 * @param slots how many the fixture has
 * @param wanted units that may still be begun: the last panel needs no more boards than that
 */
export const createStartGate = (slots: number, settings: () => StartSettings, wanted: () => number): StartGate => {
  const waiting = new Map<number, (go: boolean) => void>()

  const missing = (): number => (settings().together ? Math.max(0, Math.min(slots, wanted()) - waiting.size) : 0)

  const release = (which: readonly number[]): number[] => {
    for (const slot of which) {
      const go = waiting.get(slot)
      waiting.delete(slot)
      go?.(true)
    }
    return [...which]
  }
  const all = (): number[] => [...waiting.keys()].toSorted((a, b) => a - b)

  const look = (): void => {
    if (settings().trigger === 'insertion' && waiting.size > 0 && missing() === 0) release(all())
  }

  const startAll = (): Started => {
    if (waiting.size === 0) return { kind: 'refused', why: 'no-board-ready' }
    if (missing() > 0) return { kind: 'refused', why: 'panel-incomplete' }
    return { kind: 'started', slots: release(all()) }
  }
  const startOne = (slot: number): Started =>
    waiting.has(slot) ? { kind: 'started', slots: release([slot]) } : { kind: 'refused', why: 'no-board-ready' }

  const scanned = (text: string): Started => {
    const { trigger, together, code } = settings()
    const said = text.trim().toUpperCase()
    const own = code.toUpperCase()
    const slot = said.startsWith(`${own}-`) ? said.slice(own.length + 1) : null
    if (trigger !== 'scan' || (said !== own && (slot === null || !/^\d{1,2}$/u.test(slot))))
      return { kind: 'no-start-code' }
    if (slot === null) return startAll()
    return together ? { kind: 'refused', why: 'starts-otherwise' } : startOne(Number(slot))
  }

  return {
    holds: () => settings().trigger !== 'insertion' || settings().together,
    wait: (slot, over) =>
      new Promise((resolve) => {
        if (over.aborted) {
          resolve(false)
          return
        }
        waiting.set(slot, resolve)
        over.addEventListener('abort', () => {
          if (waiting.get(slot) !== resolve) return
          waiting.delete(slot)
          resolve(false)
        })
        look()
      }),
    start(by) {
      if (by.kind === 'scan') return scanned(by.text)
      if (by.kind === 'key')
        return settings().trigger === 'key' ? startAll() : { kind: 'refused', why: 'starts-otherwise' }
      if (by.slot !== null) return startOne(by.slot)
      return waiting.size === 0
        ? { kind: 'refused', why: 'no-board-ready' }
        : { kind: 'started', slots: release(all()) }
    },
    waiting: all,
    missing,
    look,
  }
}
