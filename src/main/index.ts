/** The Electron host: a window, its own protocol for the renderer's files, and the contract over two channels. */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, ipcMain, protocol, type IpcMainInvokeEvent } from 'electron'
import { Call, CHANNEL_CALL, CHANNEL_PUSH } from '../contract/index.ts'
import { createSystemPrinters } from './electron/system-printers.ts'
import { isOwnPage, PAGE, SCHEME, windowOptions } from './electron/window.ts'
import { FolderLockedError } from './folder-lock.ts'
import { missingFromHost } from './host-needs.ts'
import { builtRenderer, rendererFiles } from './loopback/renderer-files.ts'
import { REHEARSAL_OPTIONS, rehearsalOf } from './rehearsal.ts'
import { parsePace } from './simulator/pace.ts'
import { openStations, type Stations } from './station/stations.ts'

const EXIT_LOCKED = 3

const { values } = parseArgs({
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  options: {
    data: { type: 'string' },
    production: { type: 'boolean', default: false },
    pace: { type: 'string', default: 'wire' },
    ...REHEARSAL_OPTIONS,
  },
  strict: false,
})
const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

/** Only our own window, showing our own page, is answered. */
const isOurs = (event: IpcMainInvokeEvent, window: BrowserWindow): boolean =>
  event.sender === window.webContents && event.senderFrame !== null && isOwnPage(event.senderFrame.url)

let quitting = false
let shown: BrowserWindow | undefined

const openWindow = async (stations: Stations): Promise<void> => {
  const files = rendererFiles(builtRenderer(), '')
  protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url)
    const file = url.host === 'app' ? await files(url.pathname) : undefined
    return file
      ? new Response(Buffer.from(file.body), { status: file.status, headers: { ...file.headers } })
      : new Response('not found', { status: 404 })
  })
  const window = new BrowserWindow(windowOptions(fileURLToPath(new URL('../preload/index.cjs', import.meta.url))))
  shown = window
  window.on('closed', () => {
    shown = undefined
  })
  ipcMain.handle(CHANNEL_CALL, async (event, frame: unknown) => {
    const call = Call.safeParse(frame)
    if (!isOurs(event, window) || !call.success)
      return { ok: false, error: { code: 'invalid', message: 'This request is not understood.' } }
    return stations.call(call.data.name, call.data.params)
  })
  const stopListening = stations.onPatch((patch) => {
    if (!window.isDestroyed()) window.webContents.send(CHANNEL_PUSH, patch)
  })
  window.on('closed', stopListening)
  const isKiosk = (): boolean => stations.view().station.kiosk === true
  const showKiosk = (): void => {
    if (!window.isDestroyed() && window.isKiosk() !== isKiosk()) window.setKiosk(isKiosk())
  }
  showKiosk()
  const stopKiosk = stations.onPatch(({ station }) => {
    if (station) showKiosk()
  })
  window.on('closed', stopKiosk)
  // An engineer ends it from the menu; the system may still end the program.
  window.on('close', (event) => {
    if (isKiosk() && !quitting) event.preventDefault()
  })
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  window.webContents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  window.webContents.session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === 'fullscreen'),
  )
  window.once('ready-to-show', () => window.show())
  await window.loadURL(PAGE)
}

const main = async (): Promise<void> => {
  const missing = missingFromHost()
  if (missing.length > 0) throw new Error(`this Electron lacks what Imprint needs: ${missing.join(', ')}`)
  await app.whenReady()
  const stations = await openStations({
    host: 'electron',
    mode: values.production ? 'production' : 'demo',
    folder: text(values.data),
    where: 'the Imprint window',
    systemPrinters: createSystemPrinters(
      (options) => new BrowserWindow(options),
      () => shown,
    ),
    pace: parsePace(text(values.pace) ?? 'wire'),
    rehearsal: rehearsalOf(values),
  })
  let closed: Promise<void> | undefined
  app.on('window-all-closed', () => app.quit())
  // Ports and records are closed before the process goes.
  app.on('before-quit', (event) => {
    quitting = true
    if (closed) return
    event.preventDefault()
    closed = stations.close().finally(() => app.quit())
  })
  await openWindow(stations)
}

main().catch((error: unknown) => {
  process.stderr.write(`imprint: ${error instanceof Error ? error.message : String(error)}\n`)
  app.exit(error instanceof FolderLockedError ? EXIT_LOCKED : 1)
})
