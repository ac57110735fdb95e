/** The newcomer's way in a real browser: `npm start`, the demo runs, a failure is read, a label is printed again, the page reloaded. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseSync } from 'node:sqlite'
import { hasChromium } from './fixtures-renderer/browser.ts'
import { openPage, type Opened } from './fixtures-renderer/opened.ts'
import { startImprint, type Started } from './fixtures-renderer/started.ts'

const FOREVER = 120_000

describe.runIf(hasChromium())('the demo in a browser', () => {
  let folder = ''
  let imprint: Started
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'imprint-demo-'))
    imprint = await startImprint(folder, '--data', folder, '--pace', '4x', '--app-size', '200000')
    opened = await openPage(imprint.address, { width: 1920, height: 1080 }, FOREVER)
    page = opened.page
  })
  afterAll(async () => {
    await opened?.browser.close()
    await imprint.end()
    rmSync(folder, { recursive: true })
  })

  const text = (): Promise<string> => page.locator('body').innerText()

  it('signs in with the printed address and takes the token out of it', async () => {
    expect(imprint.said()).toMatch(/Imprint opens in the browser/u)
    await page.getByText('Demo: simulated boards').waitFor()
    expect(page.url()).not.toContain('token')
  })

  it('shows boards being written, and goes on after a reload in the middle', async () => {
    await page.locator('.tile.working').first().waitFor()
    await page.locator('.tile.pass').first().waitFor()
    await page.reload()
    await page.locator('.tile').nth(7).waitFor()
    expect(await page.locator('.tile').count()).toBe(8)
    expect(await text()).toContain('DEMO-001')
  })

  it('the failed slot says what happened and what to do with the board', async () => {
    const tile = page.locator('.tile.fail')
    await tile.waitFor()
    await tile.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('What was read back differs').first().waitFor()
    expect(await dialog.innerText()).toMatch(/red bin/iu)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })

  it('the order finishes, with a label printed for each pass', async () => {
    await page.getByRole('button', { name: 'Run again' }).waitFor()
    await page.getByText('24 / 24').waitFor()
    const database = new DatabaseSync(join(folder, 'records.db'), { readOnly: true })
    const printed = (): unknown =>
      database.prepare(`SELECT count(*) AS count FROM labels WHERE state = 'printed'`).get()?.['count']
    for (let waited = 0; waited < FOREVER && printed() !== 24; waited += 200)
      await new Promise((resolve) => setTimeout(resolve, 200))
    expect(printed()).toBe(24)
    database.close()
  })

  it('a label is printed again with a reason, and the first is superseded', async () => {
    await page.getByRole('button', { name: 'All labels' }).click()
    await page
      .getByRole('button', { name: /reprint/iu })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('The first one was smudged')
    await dialog.getByRole('button', { name: /print/iu }).last().click()
    await dialog.waitFor({ state: 'hidden' })
    const database = new DatabaseSync(join(folder, 'records.db'), { readOnly: true })
    const states = (): unknown =>
      database
        .prepare(
          `SELECT new.state AS now, old.state AS before, new.reason FROM labels new JOIN labels old ON old.id = new.supersedes`,
        )
        .get()
    const wanted = { now: 'printed', before: 'superseded', reason: 'The first one was smudged' }
    for (let waited = 0; waited < FOREVER && JSON.stringify(states()) !== JSON.stringify(wanted); waited += 200)
      await new Promise((resolve) => setTimeout(resolve, 200))
    expect({ ...(states() as object) }).toEqual(wanted)
    database.close()
  })

  it('an address that was used is refused with a way to a new one', async () => {
    const other = await (await opened.browser.newContext()).newPage()
    await other.goto(imprint.address)
    await other.getByText('npm start').first().waitFor()
    await other.close()
  })

  it('no page reported an error', () => expect(opened.errors).toEqual([]))
})
