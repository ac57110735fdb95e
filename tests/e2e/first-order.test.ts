/** From the first start of a production station to the first passed panel and its labels, as an engineer and an operator go. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { resource } from '../../src/main/resources.ts'
import { simulate, type Simulation } from '../interop/processes.ts'
import { hasChromium } from './fixtures-renderer/browser.ts'
import { fillIn } from './fixtures-renderer/forms.ts'
import { openPage, type Opened } from './fixtures-renderer/opened.ts'
import { startImprint, type Started } from './fixtures-renderer/started.ts'

const FOREVER = 120_000
const SLOTS = 2

describe.runIf(hasChromium())('the first order', () => {
  let folder = ''
  let boards: Simulation
  let imprint: Started
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'imprint-first-'))
    await writeDemoRelease(join(folder, 'build'), { appSize: 60_000 })
    mkdirSync(join(folder, 'labels'))
    boards = await simulate(['--chip', 'esp32c3', '--rfc2217', '127.0.0.1:0'], SLOTS)
    imprint = await startImprint(folder, '--production', '--data', join(folder, 'data'))
    opened = await openPage(imprint.address, { width: 1280, height: 800 }, FOREVER)
    page = opened.page
  })
  afterAll(async () => {
    await opened?.browser.close()
    await imprint.end()
    await boards.end()
    rmSync(folder, { recursive: true })
  })

  const check = async (found: string): Promise<void> => {
    await page.getByRole('button', { name: 'Check this step' }).click()
    await page.getByText(found).first().waitFor()
    await page.locator('.verdict.good').waitFor()
    await page.getByRole('button', { name: 'Next step' }).click()
  }

  it('is set up step by step, each one checked by itself', async () => {
    await fillIn(page, { 'Name of the station': 'Station B', 'Name of the line': 'Line 2' })
    await check('Checked')
    for (const [index, port] of boards.addresses.entries()) {
      await page.getByRole('button', { name: 'Add a slot' }).click()
      await fillIn(page, { [`Port of slot ${index + 1}`]: port })
    }
    await check('is tried when the line starts')
    // Chosen from what is there: the chooser begins where the field is.
    await fillIn(page, { 'Build folder of the firmware': folder, 'Order number': 'WO-1', Quantity: String(SLOTS) })
    await page.getByRole('button', { name: 'Choose: Build folder of the firmware' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'build', exact: true }).click()
    await page.getByRole('dialog').getByText('flasher_args.json').waitFor()
    await page.getByRole('button', { name: 'Take this folder' }).click()
    const chosen = page.getByLabel('Build folder of the firmware', { exact: true })
    expect(await chosen.inputValue()).toBe(join(folder, 'build'))
    await check('manufacturing partition')
    await fillIn(page, {
      'Name of the product': 'Aurora Lamp',
      'Name of the vendor': 'Aurora',
      'Vendor ID': 'FFF1',
      'Product ID': '8000',
      'Beginning of serial numbers': 'AL-',
    })
    await check('Checked')
    await fillIn(page, {
      'PAI certificate (PEM or DER file)': resource('demo', 'test-pai-cert.pem'),
      'Private key of the PAI (PEM, DER, PKCS#12)': resource('demo', 'test-pai-key.pem'),
    })
    await page.getByLabel('Test build: allow test attestation').check()
    await check('valid until')
    await page.getByRole('button', { name: 'Folder', exact: true }).click()
    await fillIn(page, { 'Folder for label files': join(folder, 'labels') })
    await page.getByRole('button', { name: 'Save and open the line' }).click()
    await page.getByText('Press Start to begin the order.').waitFor()
  })

  it('a press of the space bar starts it, and the line makes one unit, which the engineer approves', async () => {
    await page.locator('body').press('Space')
    await page.getByText(/The first article AL-\d+ is made/u).waitFor()
    expect(await page.locator('.tile.pass').count()).toBe(1)
    await page.getByRole('button', { name: 'To the order' }).click()
    await page.getByRole('button', { name: 'Approve…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByText('Approved by').waitFor()
    await page.getByRole('button', { name: 'Back to the line' }).click()
  })

  it('the panel passes, and each unit has its label', async () => {
    await page.getByText(`${SLOTS} / ${SLOTS}`).waitFor()
    await page.getByText(/The order is finished: 2 units passed/u).waitFor()
    expect(await page.locator('.tile.pass').count()).toBe(SLOTS)
    const labels = (): string[] => readdirSync(join(folder, 'labels')).filter((name) => name.includes('AL-'))
    for (let waited = 0; waited < FOREVER && labels().length < SLOTS; waited += 100)
      await new Promise((resolve) => setTimeout(resolve, 100))
    expect(labels().length).toBeGreaterThanOrEqual(SLOTS)
  })
})
