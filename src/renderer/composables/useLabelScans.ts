import { onScopeDispose } from 'vue'
import { useNotices } from '../stores/notices.ts'
import { usePreferences } from '../stores/preferences.ts'
import { useScans } from '../stores/scans.ts'
import { useAction } from './useAction.ts'
import { useScanner } from './useScanner/index.ts'

/** Scans on every page: a scanned label is confirmed, and the screen says which one it was. */
export const useLabelScans = (): void => {
  const scans = useScans()
  const notices = useNotices()
  const preferences = usePreferences()
  const { ask } = useAction()

  const release = scans.take(async ({ text }) => {
    const found = await ask('label.confirm', { scanned: text })
    if (!found) return
    if (found.labelId === null) notices.show('bad', 'labels.scannedUnknown', {}, text)
    else notices.show('good', 'labels.scannedConfirmed', { serial: found.serial ?? text })
  })
  onScopeDispose(release)

  useScanner({ onScan: scans.deliver, keys: () => preferences.scannerKeys })
}
