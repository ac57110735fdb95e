/** Stands in for the module `electron` in tests: records what the host asks of it, and lets the test play Electron's part. */
type Handler = (...args: unknown[]) => unknown

export const calls: { what: string; args: unknown[] }[] = []
const note =
  (what: string) =>
  (...args: unknown[]): void => {
    calls.push({ what, args })
  }

const emitter = () => {
  const handlers = new Map<string, Handler[]>()
  const add = (event: string, handler: Handler): void => {
    handlers.set(event, [...(handlers.get(event) ?? []), handler])
  }
  return {
    on: add,
    once: add,
    emit: (event: string, ...args: unknown[]): void => {
      for (const handler of handlers.get(event) ?? []) handler(...args)
    },
  }
}

const appEvents = emitter()
export const quit = { done: false }
export const app = {
  ...appEvents,
  isPackaged: false,
  whenReady: () => Promise.resolve(),
  exit: note('app.exit'),
  quit() {
    let prevented = false
    appEvents.emit('before-quit', { preventDefault: () => (prevented = true) })
    if (!prevented) quit.done = true
  },
}

export const protocolHandlers = new Map<string, (request: { url: string }) => Promise<Response>>()
export const protocol = {
  registerSchemesAsPrivileged: note('protocol.registerSchemesAsPrivileged'),
  handle: (scheme: string, handler: (request: { url: string }) => Promise<Response>) =>
    void protocolHandlers.set(scheme, handler),
}

export const ipcHandlers = new Map<string, Handler>()
export const ipcMain = { handle: (channel: string, handler: Handler) => void ipcHandlers.set(channel, handler) }

/** What the system knows as printers, and how it takes what is printed. */
export const system = {
  printers: [
    { name: 'Zebra_ZD421', displayName: 'Zebra ZD421', description: 'by the door', options: {} },
    { name: 'Office', displayName: 'Office', description: '', options: {} },
  ],
  take: (answer: (isTaken: boolean, why: string) => void): void => answer(true, ''),
}

export const windows: BrowserWindow[] = []
export class BrowserWindow {
  readonly events = emitter()
  readonly on = this.events.on
  readonly once = this.events.once
  readonly sent: { channel: string; value: unknown }[] = []
  openHandler: Handler | undefined
  permission: Handler | undefined
  readonly printed: Record<string, unknown>[] = []
  destroyed = false
  loaded = ''
  shown = false
  readonly webContents = {
    ...emitter(),
    getPrintersAsync: () => Promise.resolve(system.printers),
    print: (options: Record<string, unknown>, answer: (isTaken: boolean, why: string) => void) => {
      this.printed.push(options)
      system.take(answer)
    },
    send: (channel: string, value: unknown) => this.sent.push({ channel, value }),
    setWindowOpenHandler: (handler: Handler) => {
      this.openHandler = handler
    },
    session: {
      setPermissionRequestHandler: (handler: Handler) => {
        this.permission = handler
      },
    },
  }
  readonly options: { webPreferences: Record<string, unknown> }
  constructor(options: { webPreferences: Record<string, unknown> }) {
    this.options = options
    windows.push(this)
  }
  kiosk = false
  isKiosk(): boolean {
    return this.kiosk
  }
  setKiosk(on: boolean): void {
    this.kiosk = on
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  destroy(): void {
    this.destroyed = true
  }
  show(): void {
    this.shown = true
  }
  loadURL(url: string): Promise<void> {
    this.loaded = url
    this.events.emit('ready-to-show')
    return Promise.resolve()
  }
}
