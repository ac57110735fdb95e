/**
 * `npm run screenshots`: the pages as they are, in both languages and themes, into docs/screenshots. Needs Chromium (CHROMIUM_PATH or
 * /usr/bin/chromium); drives the built application's demo.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'docs', 'screenshots')
const LANGUAGES = ['en', 'zh-Hans'] as const
const THEMES = ['light', 'dark'] as const
/** What the demo shows once boards are in work and one has failed. */
const OF_THE_DEMO = {
  dashboard: '',
  labels: 'labels',
  cartons: 'cartons',
  templates: 'templates',
  order: 'order',
  orders: 'orders',
  products: 'products',
  reports: 'reports',
  'spot-check': 'spot-check',
  settings: 'settings',
}

mkdirSync(out, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})

const shoot = async (
  how: readonly string[],
  pages: Readonly<Record<string, string>>,
  ready: (page: Page) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'imprint-shots-'))
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), '--web', '--data', folder, ...how], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const address = async (): Promise<string> => {
    for (;;) {
      const found = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/u.exec(said)?.[0]
      if (found) return found
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  // Each station has its own sign-in, so a browser context of its own.
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
  const page = await context.newPage()
  const first = await address()
  const { origin } = new URL(first)
  await page.goto(first)
  await ready(page)
  for (const language of LANGUAGES)
    for (const theme of THEMES)
      for (const [name, path] of Object.entries(pages)) {
        await page.evaluate(
          ([key, value]) => globalThis.localStorage.setItem(key ?? '', value ?? ''),
          ['imprint.preferences', JSON.stringify({ language, appearance: theme })],
        )
        await page.goto(`${origin}/#/${path}`)
        await page.reload()
        await page.waitForTimeout(1200)
        await page.screenshot({ path: join(out, `${name}-${theme}-${language}.png`) })
      }
  await context.close()
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
  rmSync(folder, { recursive: true })
}

await shoot(['--pace', '3x'], OF_THE_DEMO, async (page) => {
  await page.locator('.tile.fail').waitFor({ timeout: 120_000 })
  await page.locator('.tile.working').nth(2).waitFor({ timeout: 120_000 })
})
await shoot(['--production'], { 'set-up': 'set-up' }, (page) => page.locator('.step').first().waitFor())
await browser.close()
