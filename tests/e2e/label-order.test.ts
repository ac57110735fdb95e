/** Modules that came provisioned, in a real browser on the demo's bench: the manifest, an order of it, the modules, their labels. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { macOfBoard } from '../../src/main/simulator/bench-operator.ts'
import { pictureOfPng, readCodes } from '../labels/decode.ts'
import { hasChromium } from './fixtures-renderer/browser.ts'
import { choose, fillIn, press } from './fixtures-renderer/forms.ts'
import { openPage, type Opened } from './fixtures-renderer/opened.ts'
import { startImprint, type Started } from './fixtures-renderer/started.ts'

const FOREVER = 60_000
const SLOTS = 2
/** Boards that the demo's own order takes. */
const MADE = 2
const QUANTITY = 3
/** More than the order wants. */
const MODULES = 6

const modules = Array.from({ length: MODULES }, (_, index) => {
  const nth = MADE + 1 + index
  const product = { vendorId: 0xfff1, productId: 0x8000, flow: 0, discovery: 2 } as const
  const qr = encodeQrPayload({ ...product, discriminator: 77, passcode: 34_567_890 + nth })
  return { mac: macOfBoard(nth), serial: `MOD-${nth}`, qr }
})

describe.runIf(hasChromium())('modules that came provisioned', () => {
  let folder = ''
  let imprint: Started
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'imprint-modules-'))
    const rows = modules.map(({ mac, serial, qr }) => `${mac},${serial},${qr}`)
    writeFileSync(join(folder, 'modules.csv'), `${['mac,serial,qrcode', ...rows].join('\n')}\n`)
    const demo = ['--slots', String(SLOTS), '--units', String(MADE), '--pace', '20x', '--app-size', '60000']
    imprint = await startImprint(folder, '--data', folder, ...demo)
    opened = await openPage(imprint.address, { width: 1280, height: 800 }, FOREVER)
    page = opened.page
  })
  afterAll(async () => {
    await opened?.browser.close()
    await imprint.end()
    rmSync(folder, { recursive: true })
  })

  const dialog = () => page.getByRole('dialog')

  it('have a manifest, which is imported; one that is not there is refused by its path', async () => {
    await page.getByText(`The order is finished: ${MADE} units passed`).waitFor()
    await opened.goTo('/products')
    await press(page, 'Import a manifest')
    await fillIn(dialog(), { 'Path of the manifest': join(folder, 'none.csv') })
    await dialog().getByRole('button', { name: 'Read and import' }).click()
    await page.getByText(`${join(folder, 'none.csv')}: there is no such file or folder.`).waitFor()
    await fillIn(dialog(), { 'Path of the manifest': join(folder, 'modules.csv') })
    await dialog().getByRole('button', { name: 'Read and import' }).click()
    await page.getByText(`${MODULES} modules, ${MODULES} not in an order`).waitFor()
  })

  it('get an order that prints labels only', async () => {
    await opened.goTo('/orders')
    await press(page, 'New order')
    await fillIn(dialog(), { 'Order number': 'WO-M1', Quantity: String(QUANTITY) })
    await choose(dialog(), 'What is done with the boards', /Print labels only/u)
    await dialog()
      .getByText(/the MAC of each module is read/u)
      .waitFor()
    await dialog().getByRole('button', { name: 'Create the order' }).click()
    await page.getByRole('heading', { name: 'Order WO-M1' }).waitFor()
    await press(page, 'Make on this line')
    await page.getByText('Press Start to begin the order.').waitFor()
  })

  it('are labelled in their slots, each with the code of its row, and nothing else is', async () => {
    await page.getByRole('button', { name: /^Start/u }).click()
    await page.getByText(`The order is finished: ${QUANTITY} units passed`).waitFor()
    await opened.goTo('/labels')
    const rows = page.locator('tbody tr', { has: page.locator('.tag', { hasText: /^printed$/u }), hasText: 'MOD-' })
    await rows.nth(QUANTITY - 1).waitFor()
    const serials = await rows.locator('button.serial').allInnerTexts()
    expect(new Set(serials).size).toBe(QUANTITY)
    for (const serial of serials) {
      await page.locator('button.serial', { hasText: serial }).click()
      const picture = page.getByAltText(new RegExp(`${serial}$`, 'u'))
      await picture.waitFor()
      const source = (await picture.getAttribute('src')) ?? ''
      const png = pictureOfPng(Buffer.from(source.slice(source.indexOf(',') + 1), 'base64'))
      const codes = await readCodes(png, ['QRCode'])
      expect(codes.map(({ text }) => text)).toEqual(
        modules.filter((each) => each.serial === serial).map(({ qr }) => qr),
      )
    }
    await opened.goTo('/products')
    await page.getByText(`${MODULES} modules, ${MODULES - QUANTITY} not in an order`).waitFor()
    expect(opened.errors).toEqual([])
  })
})
