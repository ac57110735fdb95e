/** The application's window: the renderer alone, sandboxed, with the contract as its only way out. */
import type { BrowserWindowConstructorOptions } from 'electron'

/** @param preload path of the built preload script */
export const windowOptions = (preload: string): BrowserWindowConstructorOptions => ({
  width: 1920,
  height: 1080,
  minWidth: 1024,
  minHeight: 700,
  show: false,
  autoHideMenuBar: true,
  title: 'Imprint',
  webPreferences: {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
  },
})

/** The scheme that serves the renderer: a page from file:// could not carry the nonce of its style sheets. */
export const SCHEME = 'imprint'
export const PAGE = `${SCHEME}://app/index.html`

/** May the window go there? Only to our own page. */
export const isOwnPage = (url: string): boolean => {
  const parsed = URL.parse(url)
  return parsed?.protocol === `${SCHEME}:` && parsed.host === 'app'
}
