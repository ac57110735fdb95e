/** The keyboard of a page, as a person or a keyboard-wedge scanner uses it: each key carries its own time stamp. */
import type { Page } from 'playwright-core'

/** Key events as a US keyboard makes them. */
const keyOf = (character: string): { code: string; key: string; shift: boolean } => {
  if (/[a-z]/i.test(character))
    return { code: `Key${character.toUpperCase()}`, key: character, shift: /[A-Z]/.test(character) }
  if (/\d/.test(character)) return { code: `Digit${character}`, key: character, shift: false }
  const signs: Record<string, [string, boolean]> = {
    '-': ['Minus', false],
    '.': ['Period', false],
    ':': ['Semicolon', true],
    ' ': ['Space', false],
  }
  const [code, shift] = signs[character] ?? [character, false]
  return { code, key: character, shift }
}

/** Windows' own codes; of Enter else. */
const VIRTUAL: Readonly<Record<string, number>> = { Tab: 9, Escape: 27 }

/** The keys of `text` and `end`, `gap` milliseconds apart by their time stamps, however slow this machine is. */
export type Press = (text: string, gap: number, end?: string | null) => Promise<void>

export const keyboardOf = async (page: Page): Promise<Press> => {
  const cdp = await page.context().newCDPSession(page)
  /** Seconds since the Unix epoch, of the last key. */
  let time = 0
  return async (text, gap, end = 'Enter') => {
    const keys = [...text].map(keyOf)
    if (end) keys.push({ code: end, key: end, shift: false })
    // A stamp before the page's own beginning would be cut to it.
    time = Math.max(time + 0.5, Date.now() / 1000)
    for (const { code, key, shift } of keys) {
      time += gap / 1000
      const virtual = key.length === 1 ? key.toUpperCase().charCodeAt(0) : (VIRTUAL[key] ?? 13)
      const event = { code, key, modifiers: shift ? 8 : 0, timestamp: time, windowsVirtualKeyCode: virtual }
      const typed = key.length === 1 ? { text: key } : key === 'Enter' ? { text: '\r' } : {}
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event, ...typed })
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event, timestamp: time + 0.001 })
    }
  }
}
