/** Walks through a working day in a real browser, on the demo: a failed board, the fixture, the language, the way of starting. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium } from './fixtures-renderer/browser.ts'
import { openPage, type Opened } from './fixtures-renderer/opened.ts'
import { startImprint, type Started } from './fixtures-renderer/started.ts'

const FOREVER = 120_000

describe.runIf(hasChromium())('a working day', () => {
  let folder = ''
  let imprint: Started
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'imprint-walks-'))
    // At the speed of the wire: the order must not be finished before the failed board is tried again, however busy this computer is.
    imprint = await startImprint(folder, '--data', folder, '--pace', 'wire', '--app-size', '1200000')
    opened = await openPage(imprint.address, { width: 1920, height: 1080 }, FOREVER)
    page = opened.page
  })
  afterAll(async () => {
    await opened?.browser.close()
    await imprint.end()
    rmSync(folder, { recursive: true })
  })

  it('a failed board is sent to rework with a reason, tried once more, and passes', async () => {
    const tile = page.locator('.tile.fail')
    await tile.waitFor()
    const number = await tile.locator('.number').innerText()
    await tile.click()
    await page.getByRole('button', { name: 'Send to rework…' }).click()
    await page.getByRole('button', { name: 'Soldering fault' }).click()
    await page.getByRole('button', { name: 'Send to rework', exact: true }).click()
    await page.getByText(/Kept for the board of slot/u).waitFor()
    await tile.click()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.tile.pass', { hasText: number.trim() }).first().waitFor()
    await page.locator('.tile.fail').waitFor({ state: 'detached' })
  })

  it('the engineer arranges the fixture, and the slots lie as it does', async () => {
    await opened.goTo('/settings')
    await page.getByLabel('The slots lie on the screen as they do in the fixture').check()
    await page.getByRole('button', { name: 'Place of slot 8' }).waitFor()
    await page.getByRole('button', { name: 'Save the settings' }).click()
    await page.getByText('The settings are saved.').waitFor()
    await opened.goTo('/')
    const eighth = page.locator('.grid li').nth(7)
    expect(await eighth.evaluate((item) => [item.style.gridRow, item.style.gridColumn])).toEqual(['2', '4'])

    await opened.goTo('/settings')
    await page.getByRole('button', { name: 'Place of slot 8' }).click()
    await page.getByText('The fixture has 7 places, but the line has 8 slots.').waitFor()
    await page.getByRole('button', { name: 'Save the settings' }).click()
    // The station refuses what the page warns of.
    await page.getByText('The station does not accept this.').waitFor()
  })

  it('each save is a version that can be had again', async () => {
    await page.reload()
    await page.getByLabel('Failed boards in a row that stop the line').fill('5')
    await page.getByRole('button', { name: 'Save the settings' }).click()
    await page.getByText('8 → 5').waitFor()
    await page.getByRole('button', { name: 'Restore' }).first().click()
    await page.getByText('The earlier settings hold again.').waitFor()
    await page.getByText('5 → 8').waitFor()
  })

  it('the language is another at once, on every page', async () => {
    await opened.goTo('/')
    await page.locator('.station [aria-haspopup="menu"]').click()
    await page.getByRole('menuitemradio', { name: '简体中文' }).click()
    await page.getByText('演示：模拟电路板').waitFor()
    await opened.goTo('/settings')
    await page.getByText('电路板如何启动').waitFor()
    await page.locator('[aria-haspopup="menu"]').click()
    await page.getByRole('menuitemradio', { name: 'English' }).click()
    await page.getByText('How boards start').waitFor()
  })

  it('no page reported an error', () => expect(opened.errors).toEqual([]))
})
