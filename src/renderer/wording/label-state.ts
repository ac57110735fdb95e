/** How a label's state looks and reads, and what a person can do with it. */
import {
  mdiAlertCircle,
  mdiBarcodeScan,
  mdiCheckCircle,
  mdiClockOutline,
  mdiCloseCircle,
  mdiHelpCircle,
  mdiPrinter,
  mdiPrinterCheck,
} from '@mdi/js'
import type { LabelState, LabelView, LabelsView } from '../../contract/index.ts'
import { en } from '../locales/en.ts'
import type { Translate } from './failure.ts'
import type { ShownLabelState } from './shown-label-state.ts'
import type { Tone } from './slot-state.ts'

const LOOKS: Record<ShownLabelState, { readonly tone: Tone; readonly sign: string }> = {
  waiting: { tone: 'idle', sign: mdiClockOutline },
  sent: { tone: 'working', sign: mdiPrinter },
  'in-doubt': { tone: 'doubt', sign: mdiHelpCircle },
  printed: { tone: 'pass', sign: mdiPrinterCheck },
  'to-scan': { tone: 'working', sign: mdiBarcodeScan },
  confirmed: { tone: 'pass', sign: mdiCheckCircle },
  failed: { tone: 'fail', sign: mdiCloseCircle },
  superseded: { tone: 'idle', sign: mdiAlertCircle },
}

export const labelLook = (state: ShownLabelState): { readonly tone: Tone; readonly sign: string } => LOOKS[state]

/** Why a label is not out, or not known to be; a fault without a sentence of its own is told in general. */
export const faultSentence = (fault: string, t: Translate): string =>
  t(`printer.fault.${Object.hasOwn(en.printer.fault, fault) ? fault : 'unknown'}`)

/** What touching a label leads to: the question whether it came out, a reprint, or nothing while it is on its way. */
export const labelTask = (label: Pick<LabelView, 'state'>): 'doubt' | 'reprint' | null => {
  if (label.state === 'in-doubt') return 'doubt'
  return label.state === 'printed' || label.state === 'confirmed' || label.state === 'failed' ? 'reprint' : null
}

const RANK: Record<LabelState, number> = {
  'in-doubt': 0,
  failed: 0,
  sent: 1,
  waiting: 2,
  printed: 3,
  confirmed: 3,
  superseded: 4,
}

/** What needs a person first, then what prints, then what waits (the next one first), then what is done (the latest first). */
export const inOrderOfUse = (queue: LabelsView['queue']): LabelView[] =>
  queue.toSorted((a, b) => {
    const rank = RANK[a.state] - RANK[b.state]
    if (rank !== 0) return rank
    if (RANK[a.state] >= 3) return b.updatedAt - a.updatedAt
    return Number(a.held) - Number(b.held) || a.rank - b.rank || a.createdAt - b.createdAt
  })
