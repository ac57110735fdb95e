/**
 * Runs sandboxed between the Electron window and main: exposes the contract as `window.imprint`, and nothing else. What passes is
 * validated on both sides, by main on arrival and by the renderer's connection; here it is only carried.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { CHANNEL_CALL, CHANNEL_PUSH } from '../contract/channels.ts'
import type { ImprintBridge } from '../contract/messages.ts'

let lastId = 0

const bridge: ImprintBridge = {
  call: (name, params) => ipcRenderer.invoke(CHANNEL_CALL, { type: 'call', id: ++lastId, name, params }),
  onPush(listener) {
    const forward = (_event: IpcRendererEvent, patch: unknown): void => listener(patch)
    ipcRenderer.on(CHANNEL_PUSH, forward)
    return () => ipcRenderer.removeListener(CHANNEL_PUSH, forward)
  },
}

contextBridge.exposeInMainWorld('imprint', bridge)
