/** The station's labels: the queue over the records, its printer, and what the screens see and ask of them. */
import type { LabelsView } from '../../contract/index.ts'

export const NO_LABELS: LabelsView = {
  printer: null,
  currentId: null,
  counts: { waiting: 0, sent: 0, 'in-doubt': 0, printed: 0, confirmed: 0, failed: 0, superseded: 0 },
  queue: [],
}
