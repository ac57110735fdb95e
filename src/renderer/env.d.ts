import type { ImprintBridge } from '../contract/index.ts'

declare global {
  interface Window {
    /** Exposed by the preload script in Electron; absent in a browser. */
    imprint?: ImprintBridge
  }
}
