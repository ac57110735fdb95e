import { onScopeDispose } from 'vue'
import { usePreferences } from '../stores/preferences.ts'
import { useScans } from '../stores/scans.ts'
import { useStation } from '../stores/station.ts'
import { useAction } from './useAction.ts'
import { useConfirmLabel } from './useConfirmLabel.ts'
import { useSignIn } from './useSignIn.ts'
import { useScanner } from './useScanner/index.ts'

/**
 * Scans on every page: a start code starts boards, a label is confirmed, and the screen says which one it was; while nobody is signed
 * in, a badge signs in.
 */
export const useLabelScans = (): void => {
  const scans = useScans()
  const preferences = usePreferences()
  const { ask } = useAction()

  const station = useStation()
  const { signIn } = useSignIn()
  const confirm = useConfirmLabel()

  const release = scans.take(async ({ text }) => {
    if (station.person === null) return void signIn({ badge: text })
    if (station.view?.station.start?.trigger === 'scan') {
      const begun = await ask('line.scan', { scanned: text })
      if (begun === null || begun.slots !== null) return
    }
    await confirm(text, null)
  })
  onScopeDispose(release)

  useScanner({ onScan: scans.deliver, keys: () => preferences.scannerKeys })
}
