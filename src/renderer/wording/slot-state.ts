/** How a slot's state looks and reads: tone (colour), sign (icon) and word, always the three together. */
import {
  mdiAlertCircleOutline,
  mdiCheckBold,
  mdiCircleOutline,
  mdiCloseThick,
  mdiDatabaseArrowDown,
  mdiFileDocumentEdit,
  mdiFlash,
  mdiMagnifyScan,
  mdiPowerPlugOffOutline,
  mdiPlayCircleOutline,
  mdiShieldOffOutline,
  mdiTagOutline,
  mdiTimerSand,
  mdiConnection,
  mdiTrayArrowDown,
} from '@mdi/js'
import type { RunStep, SlotState, SlotView } from '../../contract/index.ts'

export type Tone = 'pass' | 'unverified' | 'fail' | 'working' | 'ready' | 'doubt' | 'idle'

const TONES: Record<SlotState, Tone> = {
  offline: 'idle',
  empty: 'idle',
  ready: 'ready',
  waiting: 'idle',
  working: 'working',
  pass: 'pass',
  unverified: 'unverified',
  fail: 'fail',
  'made-before': 'doubt',
}

const SIGNS: Record<SlotState, string> = {
  offline: mdiPowerPlugOffOutline,
  empty: mdiCircleOutline,
  ready: mdiPlayCircleOutline,
  waiting: mdiTimerSand,
  working: mdiFlash,
  pass: mdiCheckBold,
  unverified: mdiShieldOffOutline,
  fail: mdiCloseThick,
  'made-before': mdiAlertCircleOutline,
}

const STEP_SIGNS: Record<RunStep, string> = {
  connect: mdiConnection,
  identify: mdiMagnifyScan,
  bind: mdiTagOutline,
  prepare: mdiTrayArrowDown,
  write: mdiFlash,
  verify: mdiDatabaseArrowDown,
  record: mdiFileDocumentEdit,
}

export interface SlotLook {
  readonly tone: Tone
  /** SVG path. */
  readonly sign: string
  /** Key of the locales. */
  readonly word: string
}

export const slotLook = ({ state, step }: Pick<SlotView, 'state' | 'step'>): SlotLook =>
  state === 'working' && step !== null
    ? { tone: 'working', sign: STEP_SIGNS[step], word: `slots.step.${step}` }
    : { tone: TONES[state], sign: SIGNS[state], word: `slots.state.${state}` }

/** The last three bytes of a MAC address: what tells boards of one batch apart. */
export const macTail = (mac: string): string => mac.slice(-8).toUpperCase()
