/** The connection inside Electron: the preload script's bridge, which is open as long as the window is. */
import { type ImprintBridge, ViewPatch } from '../../contract/index.ts'
import type { Connection } from './connection.ts'
import { listeners } from './listeners.ts'

export const bridgeConnection = (bridge: ImprintBridge): Connection => {
  const pushes = listeners<ViewPatch>()
  const stop = bridge.onPush((patch) => {
    const parsed = ViewPatch.safeParse(patch)
    if (parsed.success) pushes.tell(parsed.data)
    else console.error('A push of the station does not fit the contract:', parsed.error.message)
  })
  return {
    call: (name, params) => bridge.call(name, params),
    onState(listener) {
      listener({ kind: 'open' })
      return () => undefined
    },
    onPush: pushes.add,
    close: stop,
  }
}
