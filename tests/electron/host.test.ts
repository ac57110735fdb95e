/** The Electron host against a stand-in of the module: what the window may do, who is answered, and that quitting closes the station. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { FolderLockedError, lockFolder } from '../../src/main/folder-lock.ts'
import * as electron from './electron-stand-in.ts'

vi.mock('electron', () => import('./electron-stand-in.ts'))

let folder = ''
const argv = process.argv
const until = async (what: () => boolean): Promise<void> => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 50))
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-electron-'))
  process.argv = ['electron', '.', '--data', folder, '--pace', '10x']
  await import('../../src/main/index.ts')
  await until(() => electron.windows[0]?.loaded !== undefined && electron.windows[0].loaded !== '')
})
afterAll(() => {
  process.argv = argv
  rmSync(folder, { recursive: true, force: true })
})

const window = (): electron.BrowserWindow => {
  const [first] = electron.windows
  if (!first) throw new Error('no window was opened')
  return first
}
const call = (frame: unknown, event?: object): unknown =>
  electron.ipcHandlers.get('imprint:call')?.(
    event ?? { sender: window().webContents, senderFrame: { url: 'imprint://app/index.html' } },
    frame,
  )

test('the window is sandboxed and isolated, and shows our own page only', () => {
  expect(window().options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  })
  expect(window().options.webPreferences['preload']).toMatch(/preload[\\/]index\.cjs$/u)
  expect(window().loaded).toBe('imprint://app/index.html')
  expect(window().shown).toBe(true)
  expect(window().openHandler?.({ url: 'https://example.com' })).toEqual({ action: 'deny' })
  let prevented = 0
  for (const url of ['https://example.com', 'file:///etc/passwd', 'imprint://other/index.html'])
    window().webContents.emit('will-navigate', { url, preventDefault: () => prevented++ })
  expect(prevented).toBe(3)
  window().webContents.emit('will-navigate', { url: 'imprint://app/index.html', preventDefault: () => prevented++ })
  expect(prevented).toBe(3)
})

test('permissions are refused, but for full screen', () => {
  const answers: boolean[] = []
  for (const permission of ['media', 'geolocation', 'serial', 'fullscreen'])
    window().permission?.({}, permission, (answer: boolean) => answers.push(answer))
  expect(answers).toEqual([false, false, false, true])
})

test('our own page is answered; another sender, another page or a malformed frame is not', async () => {
  const frame = { type: 'call', id: 1, name: 'view.get', params: {} }
  expect(await call(frame)).toMatchObject({ ok: true, result: { station: { host: 'electron', mode: 'demo' } } })
  const refused = { ok: false, error: { code: 'invalid' } }
  expect(await call(frame, { sender: {}, senderFrame: { url: 'imprint://app/index.html' } })).toMatchObject(refused)
  expect(
    await call(frame, { sender: window().webContents, senderFrame: { url: 'https://example.com' } }),
  ).toMatchObject(refused)
  expect(await call(frame, { sender: window().webContents, senderFrame: null })).toMatchObject(refused)
  for (const bad of [undefined, 'view.get', { ...frame, name: 3 }]) expect(await call(bad)).toMatchObject(refused)
  expect(await call({ ...frame, name: 'no.such' })).toMatchObject(refused)
})

test('the printers of the system are listed through the window', async () => {
  expect(await call({ type: 'call', id: 3, name: 'setUp.printers', params: {} })).toEqual({
    ok: true,
    result: {
      printers: [
        { name: 'Zebra_ZD421', about: 'Zebra ZD421 · by the door' },
        { name: 'Office', about: '' },
      ],
    },
  })
  const printer = async (address: string) =>
    call({ type: 'call', id: 4, name: 'setUp.check', params: { printer: address } })
  expect(await printer('system:Office')).toMatchObject({ result: { findings: [{ said: 'system-printer-there' }] } })
  expect(await printer('system:Cellar')).toMatchObject({ result: { findings: [{ said: 'system-printer-missing' }] } })
})

test('changes of the view are pushed to the window', async () => {
  await until(() => window().sent.some(({ channel }) => channel === 'imprint:push'))
})

test('the renderer is served through our own scheme, and nothing else is', async () => {
  const handler = electron.protocolHandlers.get('imprint')
  expect((await handler?.({ url: 'imprint://other/index.html' }))?.status).toBe(404)
  expect((await handler?.({ url: 'imprint://app/../../package.json' }))?.status).toBe(404)
})

test('the kiosk is the window’s, and is not closed until it is ended', async () => {
  const set = (on: boolean) => call({ type: 'call', id: 2, name: 'kiosk.set', params: { on } })
  const closes = (): boolean => {
    let prevented = false
    window().events.emit('close', { preventDefault: () => (prevented = true) })
    return !prevented
  }
  expect(await set(true)).toMatchObject({ ok: true })
  await until(() => window().kiosk)
  expect(closes()).toBe(false)
  expect(await set(false)).toMatchObject({ ok: true })
  await until(() => !window().kiosk)
  expect(closes()).toBe(true)
})

test('quitting closes the station first', async () => {
  expect(() => lockFolder(folder, 'too early')).toThrow(FolderLockedError)
  electron.app.quit()
  expect(electron.quit.done).toBe(false)
  await until(() => electron.quit.done)
  lockFolder(folder, 'after').release()
})
