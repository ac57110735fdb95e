/** The real Electron, where its binary and a display are; elsewhere, that `npm start` says why it goes to the browser. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../scripts/build.mjs'
import { electronBinary, tryElectronOnce } from '../../scripts/electron-fetch.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
const binary = hasDisplay ? electronBinary() : undefined

describe('Electron', () => {
  if (binary)
    it('opens the window with the demo', async () => {
      ensureBuilt()
      const folder = mkdtempSync(join(tmpdir(), 'imprint-window-'))
      const running = await _electron.launch({
        executablePath: binary,
        args: [root, '--data', folder, '--pace', '10x', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      })
      const page = await running.firstWindow()
      await page.getByText('Demo: simulated boards').waitFor()
      await page.locator('.tile').nth(7).waitFor()
      await running.close()
      rmSync(folder, { recursive: true, force: true })
    })

  it.each([
    [['--web'], {}, /--web/u],
    [[], { CI: '1' }, /CI/u],
    [[], { CI: '', IMPRINT_NO_ELECTRON: '1' }, /IMPRINT_NO_ELECTRON/u],
  ])('is never fetched with %j and %j', async (args, env, why) => {
    const before = { ...process.env }
    Object.assign(process.env, env)
    try {
      expect((await tryElectronOnce(args)).why).toMatch(why)
    } finally {
      process.env = before
    }
  })
})
