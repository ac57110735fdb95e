/** What is shown of a label: its state, and whether it is to be scanned. */
import type { LabelState, LabelView, ScanBackView } from '../../contract/index.ts'

/** A printed label is done, or waits for a scan: where the station wants one after printing, and not that of a carton. */
export type ShownLabelState = LabelState | 'to-scan'

export const shownLabelState = (
  { state, cartonId = null }: Pick<LabelView, 'state'> & Partial<Pick<LabelView, 'cartonId'>>,
  mode: ScanBackView['mode'] | undefined,
): ShownLabelState =>
  state === 'printed' && cartonId === null && mode !== undefined && mode !== 'off' ? 'to-scan' : state
