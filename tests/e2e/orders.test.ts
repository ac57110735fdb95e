/** Monday morning in a real browser: a product, an order of it, its clone, the first article, and the end; on the demo's bench. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './fixtures-renderer/axe-faults.ts'
import { hasChromium } from './fixtures-renderer/browser.ts'
import { choose, fillIn, press } from './fixtures-renderer/forms.ts'
import { openPage, type Opened } from './fixtures-renderer/opened.ts'
import { startImprint, type Started } from './fixtures-renderer/started.ts'

const FOREVER = 60_000

describe.runIf(hasChromium())('an order', () => {
  let folder = ''
  let imprint: Started
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'imprint-orders-'))
    imprint = await startImprint(folder, '--data', folder, '--pace', '20x', '--app-size', '60000')
    opened = await openPage(imprint.address, { width: 1280, height: 800 }, FOREVER)
    page = opened.page
  })
  afterAll(async () => {
    await opened?.browser.close()
    await imprint.end()
    rmSync(folder, { recursive: true })
  })

  const dialog = () => page.getByRole('dialog')
  const go = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Menu', exact: true }).click()
    await page.getByRole('menuitem', { name, exact: true }).click()
  }

  it('begins with a product, copied from another and changed', async () => {
    await page.locator('.tile.pass').first().waitFor()
    await go('Products')
    await press(page, 'Copy… Aurora Lamp E27')
    await fillIn(dialog(), { 'Name of the product': 'Aurora Lamp E14', Prefix: 'E14-' })
    await dialog()
      .getByText(/For example today: E14-/u)
      .waitFor()
    await dialog().getByRole('button', { name: 'Save the product' }).click()
    await page.getByRole('heading', { name: 'Aurora Lamp E14' }).waitFor()
    expect(await axeFaults(page)).toEqual([])
  })

  it('is made by the form, which says what is missing', async () => {
    await go('Orders')
    await press(page, 'New order')
    await dialog().getByRole('button', { name: 'Create the order' }).click()
    await dialog().getByText('A whole number from 1 to 1,000,000.').waitFor()
    await fillIn(dialog(), { 'Order number': 'WO-48213', Quantity: '3', Lot: 'L7' })
    await choose(dialog(), 'Product', 'Aurora Lamp E14')
    expect(await axeFaults(page)).toEqual([])
    await dialog().getByRole('button', { name: 'Create the order' }).click()
    await page.getByRole('heading', { name: 'Order WO-48213' }).waitFor()
    expect(await page.getByText(/^[0-9a-f]{64}$/u).count()).toBeGreaterThan(5)
    expect(await axeFaults(page)).toEqual([])
  })

  it('is cloned, with its first article to be approved', async () => {
    await press(page, 'Clone…')
    await fillIn(dialog(), { 'Order number': 'WO-48214' })
    await dialog()
      .getByLabel(/^First article/u)
      .check()
    await dialog().getByRole('button', { name: 'Create the order' }).click()
    await page.getByRole('heading', { name: 'Order WO-48214' }).waitFor()
    await page.getByText('The line makes one unit and then waits for its approval.').waitFor()
  })

  it('is opened on the line once the other order is paused', async () => {
    await page.getByRole('button', { name: 'Back to the line' }).click()
    const pause = page.getByRole('button', { name: 'Pause' })
    if (await pause.isVisible()) await pause.click()
    await go('Orders')
    await page.getByRole('link', { name: 'Show the order WO-48214' }).click()
    await press(page, 'Make on this line')
    await page.getByText('Press Start to begin the order.').waitFor()
  })

  it('makes one unit and waits; rejected by the engineer another one; approved it is finished', async () => {
    await page.getByRole('button', { name: /^Start/u }).click()
    await page.getByText(/The first article E14-\d+ is made/u).waitFor()
    expect(await page.getByText('1 / 3').count()).toBe(1)
    await press(page, 'To the order')
    await press(page, 'Reject…')
    await dialog().getByRole('button', { name: 'Label is wrong' }).click()
    expect(await axeFaults(page)).toEqual([])
    await dialog().getByRole('button', { name: 'Reject', exact: true }).click()
    await page.getByText('Rejected before').waitFor()
    await page.getByRole('button', { name: 'Back to the line' }).click()
    await page.getByText('The first article was rejected. Mend the cause').waitFor()
    await page.getByRole('button', { name: /^Go on Space/u }).click()
    await page.getByText(/The first article E14-\d+ is made/u).waitFor()
    await press(page, 'To the order')
    await press(page, 'Approve…')
    await fillIn(dialog(), { Comment: 'label and colour are right' })
    await dialog().getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByText('label and colour are right').waitFor()
    await page.getByRole('button', { name: 'Back to the line' }).click()
    await page.getByText(/The order is finished: 3 units passed/u).waitFor()
  })

  it('has a traveller, and is closed for good', async () => {
    await page.getByRole('link', { name: /WO-48214/u }).click()
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Print the traveller')])
    expect(file.suggestedFilename()).toBe('traveller-WO-48214.pdf')
    await press(page, 'Close…')
    await dialog().getByRole('button', { name: 'Close the order' }).click()
    await go('Orders')
    await page.getByRole('button', { name: /^Finished and closed/u }).click()
    await page.getByRole('row', { name: /WO-48214.*Closed/u }).waitFor()
    expect(await axeFaults(page)).toEqual([])
  })
})
