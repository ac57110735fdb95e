import { onScopeDispose } from 'vue'
import { focusedField, restoreField, typeInto, type FieldBefore } from './field.ts'
import { strokeOf, textOf, type ScannerKeys, type Stroke } from './keys.ts'

export { learnKeys, US_KEYS, type ScannerKeys, type Stroke } from './keys.ts'

export interface Scan {
  readonly text: string
  readonly strokes: readonly Stroke[]
}

interface ScannerOptions {
  onScan(scan: Scan): void
  /** What the scanner's keys mean where that was learnt; null for a scanner that acts as a US keyboard. */
  keys?: () => ScannerKeys | null
  /** Keys closer together than this, in milliseconds, come from a scanner. */
  gap?: number
  /** A scan has at least this many characters; fewer fast keys are a person's. */
  shortest?: number
}

interface Burst {
  readonly strokes: Stroke[]
  /** What a person would have typed with the keys that were held back. */
  readonly held: string[]
  readonly before: FieldBefore | null
  last: number
  composing: boolean
}

const MODIFIERS = /^(Shift|Control|Alt|Meta|OS|CapsLock)/
const ENDS = ['Enter', 'NumpadEnter', 'Tab']
/** How long held keys wait in a text field for the rest of a scan, in milliseconds. */
const PATIENCE = 120

const swallow = (event: KeyboardEvent): void => {
  event.preventDefault()
  event.stopImmediatePropagation()
}

/** Recognises scans of a keyboard-wedge scanner anywhere on the page by their speed; see index.md. */
export const useScanner = (options: ScannerOptions): void => {
  const { onScan, keys = () => null, gap = 35, shortest = 4 } = options
  let burst: Burst | null = null
  let patience: ReturnType<typeof setTimeout> | undefined
  const swallowed = new Set<string>()

  /** Keys that were held back go into the field: a person's, as it seems. A late rest of a scan still takes them out again. */
  const release = (): void => {
    clearTimeout(patience)
    if (burst?.before && burst.held.length > 0) typeInto(burst.before, burst.held.splice(0).join(''))
  }

  /** Fast keys that were no scan. */
  const giveBack = (): void => {
    release()
    burst = null
  }

  const begin = (event: KeyboardEvent): void => {
    giveBack()
    burst = {
      strokes: [strokeOf(event)],
      held: [],
      before: focusedField(),
      last: event.timeStamp,
      composing: event.isComposing,
    }
  }

  const hold = (running: Burst, event: KeyboardEvent): void => {
    swallow(event)
    swallowed.add(event.code)
    running.strokes.push(strokeOf(event))
    if (event.key.length === 1) running.held.push(event.key)
    running.last = event.timeStamp
    running.composing ||= event.isComposing
    clearTimeout(patience)
    if (running.before) patience = setTimeout(release, PATIENCE)
  }

  const finish = (running: Burst, event: KeyboardEvent): void => {
    clearTimeout(patience)
    burst = null
    swallow(event)
    swallowed.add(event.code)
    if (running.before) restoreField(running.before, running.composing)
    const text = textOf(running.strokes, keys())
    if (text !== null) onScan({ text, strokes: running.strokes })
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (MODIFIERS.test(event.code)) return
    const isFast = burst !== null && event.timeStamp - burst.last < gap
    if (event.ctrlKey || event.altKey || event.metaKey || event.code === '' || event.repeat) return giveBack()
    if (ENDS.includes(event.code)) {
      if (burst && isFast && burst.strokes.length >= shortest) finish(burst, event)
      else giveBack()
    } else if (burst && isFast) hold(burst, event)
    else begin(event)
  }

  const onKeyUp = (event: KeyboardEvent): void => {
    if (swallowed.delete(event.code)) swallow(event)
  }

  window.addEventListener('keydown', onKeyDown, { capture: true })
  window.addEventListener('keyup', onKeyUp, { capture: true })
  onScopeDispose(() => {
    clearTimeout(patience)
    window.removeEventListener('keydown', onKeyDown, { capture: true })
    window.removeEventListener('keyup', onKeyUp, { capture: true })
  })
}
