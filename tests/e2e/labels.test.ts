/** Labels in a real browser, on the demo: a template of one's own, a label that is thrown away by scan, units packed by scan. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { pictureOfPng, readCodes } from '../labels/decode.ts'
import { hasChromium } from './fixtures-renderer/browser.ts'
import { keyboardOf, type Press } from './fixtures-renderer/keyboard.ts'
import { openPage, type Opened } from './fixtures-renderer/opened.ts'
import { startImprint, type Started } from './fixtures-renderer/started.ts'

const FOREVER = 60_000
/** Milliseconds between the keys of a scanner. */
const SCANNER = 6
const COPY = /unit-50x30-copy/u

interface Unit {
  readonly serial: string
  readonly payload: string
}

describe.runIf(hasChromium())('labels in a browser', () => {
  let folder = ''
  let imprint: Started
  let opened: Opened
  let page: Page
  let press: Press

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'imprint-labels-'))
    imprint = await startImprint(folder, '--data', folder, '--pace', '10x', '--app-size', '200000')
    opened = await openPage(imprint.address, { width: 1280, height: 800 }, FOREVER)
    page = opened.page
    press = await keyboardOf(page)
  })
  afterAll(async () => {
    await opened?.browser.close()
    await imprint.end()
    rmSync(folder, { recursive: true })
  })

  const button = (name: string | RegExp): ReturnType<Page['getByRole']> => page.getByRole('button', { name })

  const record = (sql: string): unknown => {
    const database = new DatabaseSync(join(folder, 'records.db'), { readOnly: true })
    try {
      return database.prepare(sql).all()
    } finally {
      database.close()
    }
  }
  const recorded = async (sql: string, wanted: unknown): Promise<void> => {
    for (let waited = 0; waited < FOREVER && JSON.stringify(record(sql)) !== JSON.stringify(wanted); waited += 200)
      await new Promise((resolve) => setTimeout(resolve, 200))
    expect(JSON.parse(JSON.stringify(record(sql)))).toEqual(wanted)
  }

  const picture = async (alt: RegExp): Promise<string> => (await page.getByAltText(alt).getAttribute('src')) ?? ''
  const changed = (before: string): Promise<unknown> =>
    page.waitForFunction((source) => document.querySelector('.paper img')?.getAttribute('src') !== source, before)
  /** What the QR code says in the picture `alt`, which is the bitmap that is printed. */
  const readQr = async (alt: RegExp): Promise<string> => {
    const source = await picture(alt)
    const png = pictureOfPng(Buffer.from(source.slice(source.indexOf(',') + 1), 'base64'))
    const [code, ...others] = await readCodes(png, ['QRCode'])
    expect(others).toEqual([])
    return code?.text ?? ''
  }

  /** The unit of each printed label, with what its label's QR code says when it is read from the picture. */
  const printedUnits = async (count: number): Promise<Unit[]> => {
    await opened.goTo('/labels')
    const rows = page.locator('tbody tr', { has: page.locator('.tag', { hasText: /^printed$/u }) })
    await rows.nth(count - 1).waitFor()
    const serials = (await rows.locator('button.serial').allInnerTexts()).slice(0, count)
    const units: Unit[] = []
    for (const serial of serials) {
      await rows.locator('button.serial', { hasText: serial }).click()
      const alt = new RegExp(serial, 'u')
      await page.getByAltText(alt).waitFor()
      units.push({ serial, payload: await readQr(alt) })
    }
    return units
  }

  it('a built-in template is opened as a copy, changed and kept as versions of its own; its code is read', async () => {
    await opened.goTo('/templates')
    await button(/unit-50x30/u).click()
    await page.getByAltText(COPY).waitFor()
    await button(/^product/u).click()
    const before = await picture(COPY)
    await page.getByLabel('Text, with fields in braces').fill('Lamp of {vendorName}')
    await page.getByLabel('Text, with fields in braces').press('Tab')
    await changed(before)
    for (const dpi of ['600 dpi', '300 dpi', '203 dpi']) {
      const other = await picture(COPY)
      await button(dpi).click()
      await changed(other)
      expect(parseQrPayload(await readQr(COPY)), dpi).toMatchObject({ discriminator: 3840, passcode: 20_202_021 })
    }
    await button('Save as a new version').click()
    await page.getByText('unit-50x30-copy is saved as version 1.').waitFor()

    await page.getByLabel('Text, with fields in braces').fill('Lamp of {productName}')
    await page.getByLabel('Text, with fields in braces').press('Tab')
    await button('Save as a new version').click()
    await page.getByText('unit-50x30-copy is saved as version 2.').waitFor()
    await button('Open v1 of unit-50x30-copy').click()
    await button(/^product/u).click()
    expect(await page.getByLabel('Text, with fields in braces').inputValue()).toBe('Lamp of {vendorName}')
  })

  it('an element is moved by the arrow keys, and put back', async () => {
    const left = page.getByLabel('From the left')
    const before = Number(await left.inputValue())
    await button(/^product/u).focus()
    await page.keyboard.press('ArrowRight')
    expect(Number(await left.inputValue())).toBeCloseTo(before + 0.5)
    await page.keyboard.press('Control+z')
    expect(Number(await left.inputValue())).toBeCloseTo(before)
  })

  it('a label is thrown away by scan with a reason, and its replacement is printed', async () => {
    const [unit] = await printedUnits(1)
    if (!unit) throw new Error('no label was printed')
    await button('Throw a label away…').click()
    await press(unit.payload, SCANNER)
    const thrown = page.getByRole('dialog', { name: 'Throw a label away' })
    await thrown.getByText(unit.serial).waitFor()
    expect(await thrown.getByRole('radio', { checked: true }).count()).toBe(1)
    expect(await thrown.getByRole('textbox').first().inputValue()).toBe('')
    await thrown.getByRole('button', { name: 'Label damaged' }).click()
    await thrown.getByRole('button', { name: 'Throw away' }).click()

    const again = page.getByRole('dialog', { name: new RegExp(unit.serial, 'u') })
    await again.getByRole('button', { name: 'Label damaged' }).click()
    await again.getByRole('button', { name: 'Reprint', exact: true }).click()
    await page.getByText(`The label of ${unit.serial} is printed again.`).waitFor()
    await recorded(
      `SELECT old.state AS before, new.state AS now, new.reason FROM labels new JOIN labels old ON old.id = new.supersedes`,
      [{ before: 'superseded', now: 'printed', reason: 'Label damaged' }],
    )
  })

  it('two units that passed are packed by scan, and each goes in once', async () => {
    const units = await printedUnits(2)
    await opened.goTo('/cartons')
    await page.getByText('The next scan begins a carton.').waitFor()
    for (const [index, { serial, payload }] of units.entries()) {
      await press(payload, SCANNER)
      await page.locator('ol').getByText(serial).waitFor()
      expect(await page.locator('.count b').innerText()).toBe(String(index + 1))
    }
    await press(units[0]?.payload ?? '', SCANNER)
    await page.getByText(/is in carton .* already/u).waitFor()
    expect(await page.locator('.count b').innerText()).toBe('2')
    expect(await page.locator('ol li').count()).toBe(2)
  })

  it('no page reported an error', () => expect(opened.errors).toEqual([]))
})
