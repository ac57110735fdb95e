import { useNotices } from '../stores/notices.ts'
import { useAction } from './useAction.ts'

/** Confirms a scanned label, at a slot where one was chosen, and says whose it is. */
export const useConfirmLabel = (): ((scanned: string, slot: number | null) => Promise<void>) => {
  const notices = useNotices()
  const { ask } = useAction()
  return async (scanned, slot) => {
    const found = await ask('label.confirm', slot === null ? { scanned } : { scanned, slot })
    // A label at the wrong slot holds the line: the bottom line says so, and stays.
    if (!found || found.held) return
    if (found.labelId === null) notices.show('bad', 'labels.scannedUnknown', {}, scanned)
    else notices.show('good', 'labels.scannedConfirmed', { serial: found.serial ?? scanned })
  }
}
