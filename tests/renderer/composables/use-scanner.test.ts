/** Scans are told from typing by their speed, whatever has the focus; a person never loses a key. */
import fc from 'fast-check'
import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  learnKeys,
  US_KEYS,
  useScanner,
  type Scan,
  type ScannerKeys,
} from '../../../src/renderer/composables/useScanner/index.ts'

const STROKE_OF = new Map(
  Object.entries(US_KEYS)
    .filter(([stroke]) => !stroke.includes('Numpad'))
    .map(([stroke, character]) => [character, stroke]),
)

let scope: EffectScope
let scans: Scan[]
let reached: string[]
let keys: ScannerKeys | null

const key = (type: 'keydown' | 'keyup', code: string, at: number, options: KeyboardEventInit = {}): void => {
  const event = new KeyboardEvent(type, { code, bubbles: true, cancelable: true, ...options })
  Object.defineProperty(event, 'timeStamp', { value: at })
  ;(document.activeElement ?? document.body).dispatchEvent(event)
  // What a browser does with a key that nobody took: it types, or presses the control that has the focus.
  const focused = document.activeElement
  if (type !== 'keydown' || event.defaultPrevented) return
  if (focused instanceof HTMLInputElement && (options.key?.length ?? 0) === 1)
    focused.setRangeText(options.key ?? '', focused.selectionStart ?? 0, focused.selectionEnd ?? 0, 'end')
  if (focused instanceof HTMLButtonElement && (code === 'Enter' || code === 'Space')) focused.click()
}

/** Presses the keys of `text`, `gap` milliseconds apart, then `end`. */
const press = (text: string, gap: number, end: string | null = 'Enter', options: KeyboardEventInit = {}): void => {
  let at = 1_000
  for (const character of text) {
    const stroke = STROKE_OF.get(character) ?? ''
    const code = stroke.replace('+', '')
    key('keydown', code, at, { key: character, shiftKey: stroke.startsWith('+'), ...options })
    key('keyup', code, at + 1)
    at += gap
  }
  if (end) {
    key('keydown', end, at, { key: end })
    key('keyup', end, at + 1)
  }
}

const focus = <K extends 'input' | 'button'>(tag: K): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag)
  document.body.append(element)
  element.focus()
  return element
}

beforeEach(() => {
  vi.useFakeTimers()
  document.body.innerHTML = ''
  ;(document.activeElement as HTMLElement | null)?.blur()
  scans = []
  reached = []
  keys = null
  scope = effectScope()
  scope.run(() => useScanner({ onScan: (scan) => scans.push(scan), keys: () => keys }))
  document.body.onkeydown = (event) => reached.push(event.code)
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

const texts = (): string[] => scans.map(({ text }) => text)

it('takes a fast run of keys that ends in Enter or Tab', () => {
  press('MT:Y.K9042C00KA0648G00', 8)
  press('AL-2611-000306', 20, 'Tab')
  expect(texts()).toEqual(['MT:Y.K9042C00KA0648G00', 'AL-2611-000306'])
})

it('takes every text of more than three characters, at any speed of a scanner', () => {
  const character = fc.constantFrom(...[...STROKE_OF.keys()].filter((one) => one !== ' '))
  fc.assert(
    fc.property(fc.array(character, { minLength: 4, maxLength: 80 }), fc.integer({ min: 1, max: 34 }), (text, gap) => {
      scans = []
      press(text.join(''), gap)
      expect(texts()).toEqual([text.join('')])
    }),
  )
})

it('never takes what a person types, at any speed of a person', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{1,20}$/), fc.integer({ min: 35, max: 400 }), (text, gap) => {
      const input = focus('input')
      press(text, gap)
      expect(scans).toEqual([])
      expect(input.value).toBe(text)
      input.remove()
    }),
  )
})

it('reads physical keys, so that Caps Lock and the layout do not matter', () => {
  press('abc-1', 8, 'Enter', { key: 'Ä' })
  expect(texts()).toEqual(['abc-1'])
})

describe('what has the focus', () => {
  it('is never pressed by a scan: not by its Enter, nor by a space in it', () => {
    const button = focus('button')
    const pressed = vi.fn()
    button.onclick = pressed
    press('WO 48213', 8)
    expect(pressed).not.toHaveBeenCalled()
    expect(texts()).toEqual(['WO 48213'])
  })

  it('sees no key after the first, nor their releases', () => {
    const released: string[] = []
    document.body.onkeyup = (event) => released.push(event.code)
    press('1234', 8)
    expect(reached).toEqual(['Digit1'])
    expect(released).toEqual(['Digit1'])
  })

  it('gets its text back when it is a field', () => {
    const input = focus('input')
    input.value = 'half a reason'
    input.setSelectionRange(4, 4)
    const seen: string[] = []
    input.oninput = () => seen.push(input.value)
    press('AL-2611-000306', 8)
    expect(input.value).toBe('half a reason')
    expect(input.selectionStart).toBe(4)
    expect(seen).toEqual(['half a reason'])
  })

  it('keeps no trace of a scan whose keys a busy computer delivers late', () => {
    const input = focus('input')
    press('AL-2611', 8, null)
    vi.runAllTimers()
    expect(input.value).toBe('AL-2611')
    // The stamps go on where the keys before ended.
    let at = 1_000 + 7 * 8
    for (const character of '-306') {
      const stroke = STROKE_OF.get(character) ?? ''
      key('keydown', stroke, at, { key: character })
      at += 8
    }
    key('keydown', 'Enter', at)
    expect(texts()).toEqual(['AL-2611-306'])
    expect(input.value).toBe('')
  })

  it('gets the keys of a person who presses two at once', () => {
    const input = focus('input')
    press('er', 10, null)
    vi.runAllTimers()
    expect(input.value).toBe('er')
    press('ror', 200, null)
    expect(input.value).toBe('error')
  })

  it('gets the keys of a person who presses two at once and goes on', () => {
    const input = focus('input')
    press('er', 10, null)
    key('keydown', 'KeyR', 1_300, { key: 'r' })
    expect(input.value).toBe('err')
  })

  it('is pressed by Enter as ever', () => {
    const button = focus('button')
    const pressed = vi.fn()
    button.onclick = pressed
    key('keydown', 'Enter', 1_000, { key: 'Enter' })
    expect(pressed).toHaveBeenCalledOnce()
  })
})

it('leaves shortcuts and held keys alone', () => {
  key('keydown', 'KeyC', 1_000, { key: 'c', ctrlKey: true })
  for (let at = 1_100; at < 1_400; at += 30) key('keydown', 'ArrowDown', at, { key: 'ArrowDown', repeat: true })
  expect(reached.filter((code) => code === 'KeyC')).toHaveLength(1)
  expect(reached.filter((code) => code === 'ArrowDown')).toHaveLength(10)
})

it('lets go of the keyboard with its scope', () => {
  scope.stop()
  press('AL-2611-000306', 8)
  expect(scans).toEqual([])
})

describe('a scanner of another layout', () => {
  /** A German scanner on a computer of whatever layout: Y and Z change places, the hyphen is elsewhere. */
  const german = (text: string): string[] =>
    [...text].map((character) => {
      const swapped = { y: 'z', z: 'y', Y: 'Z', Z: 'Y', '-': '/' }[character] ?? character
      return STROKE_OF.get(swapped) ?? ''
    })

  it('is understood once it has scanned a text that is known', () => {
    keys = learnKeys(german('YZyz-0'), 'YZyz-0')
    let at = 1_000
    for (const stroke of german('ZY-00z'))
      key('keydown', stroke.replace('+', ''), (at += 5), { shiftKey: stroke.startsWith('+'), key: 'x' })
    key('keydown', 'Enter', at + 5)
    expect(texts()).toEqual(['ZY-00z'])
  })

  it('is not learnt from strokes that cannot be the text', () => {
    expect(learnKeys(['KeyA', 'KeyB'], 'abc')).toBeNull()
    expect(learnKeys(['KeyA', 'KeyA'], 'ab')).toBeNull()
    expect(learnKeys(['KeyA', 'KeyA'], 'aa')).toEqual({ KeyA: 'a' })
  })
})
