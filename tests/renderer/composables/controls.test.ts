/** The line is started by a bare Space only when nothing else could be meant, and stopped only by a held button. */
import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useHold } from '../../../src/renderer/composables/useHold.ts'
import { useStartKey } from '../../../src/renderer/composables/useStartKey.ts'

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  document.body.innerHTML = ''
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

describe('useHold', () => {
  const held = (duration = 1_000) => {
    const act = vi.fn()
    const hold = scope.run(() => useHold(duration, act))
    if (!hold) throw new Error('the scope is active')
    const send = (type: string, init: KeyboardEventInit = {}): void =>
      hold.on[type]?.(type.startsWith('key') ? new KeyboardEvent(type, init) : new Event(type))
    return { act, send, holding: hold.holding }
  }

  it('acts after the whole time, once', () => {
    const { act, send, holding } = held()
    send('pointerdown')
    vi.advanceTimersByTime(999)
    expect(act).not.toHaveBeenCalled()
    expect(holding.value).toBe(true)
    vi.advanceTimersByTime(1)
    expect(act).toHaveBeenCalledOnce()
    expect(holding.value).toBe(false)
    vi.advanceTimersByTime(5_000)
    expect(act).toHaveBeenCalledOnce()
  })

  it.each(['pointerup', 'pointerleave', 'pointercancel', 'blur'])('does not act when %s comes before', (type) => {
    const { act, send } = held()
    send('pointerdown')
    vi.advanceTimersByTime(900)
    send(type)
    vi.advanceTimersByTime(5_000)
    expect(act).not.toHaveBeenCalled()
  })

  it('is held by key too, and a key that repeats does not begin anew', () => {
    const { act, send } = held()
    send('keydown', { key: 'Enter' })
    vi.advanceTimersByTime(600)
    send('keydown', { key: 'Enter', repeat: true })
    vi.advanceTimersByTime(400)
    expect(act).toHaveBeenCalledOnce()
  })

  it('does nothing after it is gone', () => {
    const { act, send } = held()
    send('pointerdown')
    scope.stop()
    vi.advanceTimersByTime(5_000)
    expect(act).not.toHaveBeenCalled()
  })
})

describe('useStartKey', () => {
  const press = (init: KeyboardEventInit = {}): void => {
    ;(document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent('keydown', { code: 'Space', key: ' ', bubbles: true, cancelable: true, ...init }),
    )
  }
  const start = vi.fn()
  beforeEach(() => {
    start.mockReset()
    scope.run(() => useStartKey(start))
  })

  it('starts when nothing has the focus', () => {
    press()
    expect(start).toHaveBeenCalledOnce()
  })

  it('does not start when a control has the focus', () => {
    const button = document.createElement('button')
    document.body.append(button)
    button.focus()
    press()
    expect(start).not.toHaveBeenCalled()
  })

  it('does not start while a dialog or a menu is open', () => {
    document.body.innerHTML = '<div class="v-overlay v-overlay--active"></div>'
    press()
    expect(start).not.toHaveBeenCalled()
  })

  it('does not start by a held key, another key, or with Ctrl', () => {
    press({ repeat: true })
    press({ code: 'Enter' })
    press({ ctrlKey: true })
    expect(start).not.toHaveBeenCalled()
  })

  it('is gone with its scope', () => {
    scope.stop()
    press()
    expect(start).not.toHaveBeenCalled()
  })
})
