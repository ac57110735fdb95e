/** The keyboard in a real browser: scans, the start key, Esc, and the button that is held. Keys carry their own time stamps. */
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium, LAUNCH } from './fixtures-renderer/browser.ts'
import { keyboardOf, type Press } from './fixtures-renderer/keyboard.ts'
import { buildRenderer, serveRenderer, type Served } from './fixtures-renderer/server.ts'
import { choose, standIn } from './fixtures-renderer/stand-in.ts'
import { mixedSlots, serialOf, viewOf } from './fixtures-renderer/views.ts'

const PAYLOAD = 'MT:Y.K9042C00KA0648G00'

describe.runIf(hasChromium())('dashboard by keyboard', () => {
  let browser: Browser
  let served: Served
  let page: Page
  let press: Press

  beforeAll(async () => {
    await buildRenderer()
    served = await serveRenderer()
    browser = await chromium.launch(LAUNCH)
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })
  beforeEach(async () => {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
    page = await context.newPage()
    await choose(page, 'en', 'light')
    const order = viewOf([]).order
    await standIn(page, viewOf(mixedSlots(8), { order: order && { ...order, state: 'paused' } }))
    await page.goto(served.address)
    await page.locator('.tile').first().waitFor()
    press = await keyboardOf(page)
    return () => context.close()
  })

  const asked = (name: string): Promise<unknown[]> =>
    page.evaluate((wanted) => window.asked.filter((one) => one.name === wanted).map(({ params }) => params), name)
  const focus = (selector: string): Promise<void> => page.locator(selector).first().focus()

  it('confirms a scanned label wherever the focus is, and presses no control', async () => {
    for (const place of ['.tile.fail', '.order', '.labels button.row', '.controls button']) {
      await focus(place)
      await press(PAYLOAD, 6)
    }
    expect(await asked('label.confirm')).toEqual(Array(4).fill({ scanned: PAYLOAD }))
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await asked('order.start')).toEqual([])
    expect(page.url()).not.toContain('/order')
    await page.getByText(`Label of ${serialOf(4)} confirmed.`).waitFor()
  })

  it('leaves no trace of a scan in a field, and what was typed before stays', async () => {
    await page.locator('.labels button.row').first().click()
    const field = page.getByRole('textbox')
    await field.focus()
    await press('torn', 150, null)
    await press(PAYLOAD, 6, 'Tab')
    expect(await field.inputValue()).toBe('torn')
    expect(await asked('label.confirm')).toHaveLength(1)
    expect(await page.getByRole('dialog').count()).toBe(1)
    await press(' label', 90, null)
    expect(await field.inputValue()).toBe('torn label')
  })

  it('starts by Space when no control has the focus, and only then', async () => {
    await press(' ', 500, null)
    expect(await asked('order.start')).toHaveLength(1)
    await focus('.tile.fail')
    await press(' ', 500, null)
    await page.getByRole('dialog').waitFor()
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await press(' ', 500, null)
    expect(await asked('order.start')).toHaveLength(1)
  })

  it('closes the topmost dialog only by Esc', async () => {
    await page.locator('.tile.made-before').click()
    await page.getByRole('button', { name: 'Reprint…' }).last().click()
    await expect.poll(() => page.getByRole('dialog').count()).toBe(2)
    await press('', 500, 'Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(1)
    expect(await page.getByRole('heading', { name: 'Slot 5' }).count()).toBe(1)
    await press('', 500, 'Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await press('', 500, 'Escape')
    expect(await asked('order.stop')).toEqual([])
  })

  it('keeps the focus in an open dialog, and gives it back to a tile that was opened by its key', async () => {
    const focused = () =>
      page.evaluate(() => ({
        isInDialog: document.activeElement?.closest('[role=dialog]') !== null,
        isTile: document.activeElement?.matches('.tile') === true,
      }))
    await focus('.tile.fail')
    // The focus is only shown, and given back, where it came by a key.
    await press('', 500, 'Tab')
    expect(await focused()).toEqual({ isInDialog: false, isTile: true })
    await press('', 500, 'Enter')
    await page.getByRole('dialog').waitFor()
    for (const key of ['Tab', 'Shift+Tab'])
      for (let step = 0; step < 8; step++) {
        await page.keyboard.press(key)
        expect(await focused(), `${key} ${step}`).toEqual({ isInDialog: true, isTile: false })
      }
    await press('', 500, 'Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    expect(await focused()).toEqual({ isInDialog: false, isTile: true })
    // A scrim that is touched closes, too; after a touch nothing has the focus, so that Space starts the line.
    await page.locator('.tile.fail').first().click()
    await page.getByRole('dialog').waitFor()
    await page.mouse.click(4, 400)
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    expect(await focused()).toEqual({ isInDialog: false, isTile: false })
  })

  it('stops the line by a button held for its time, not by a touch of it', async () => {
    const stop = page.getByRole('button', { name: 'Hold to stop' })
    await stop.click()
    await focus('.hold')
    await page.keyboard.press('Enter')
    expect(await asked('order.stop')).toEqual([])
    const box = await stop.boundingBox()
    if (!box) throw new Error('the button has a box')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await expect.poll(() => asked('order.stop'), { timeout: 10_000 }).toHaveLength(1)
    await page.mouse.up()
  })

  it('changes language and appearance at once, from the menu, and keeps them', async () => {
    const pick = async (name: string): Promise<void> => {
      await page.locator('.station [aria-haspopup="menu"]').click()
      await page.getByRole('menuitemradio', { name }).click()
      await expect.poll(() => page.getByRole('menu').count()).toBe(0)
    }
    await pick('Dark')
    await pick('简体中文')
    const shown = () =>
      page.evaluate(() => ({
        language: document.documentElement.lang,
        scheme: getComputedStyle(document.documentElement).colorScheme,
        band: document.querySelector('.band')?.textContent,
        kept: localStorage.getItem('imprint.preferences'),
      }))
    expect(await shown()).toMatchObject({ language: 'zh-Hans', scheme: 'dark', band: '演示：模拟电路板' })
    expect(JSON.parse((await shown()).kept ?? '{}')).toMatchObject({ language: 'zh-Hans', appearance: 'dark' })
  })

  it('goes through the whole dashboard by Tab, with the focus always seen', async () => {
    const places = new Set<string>()
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press('Tab')
      const place = await page.evaluate(() => {
        const { activeElement: focused } = document
        if (!focused || focused === document.body) return null
        const { outlineStyle, outlineWidth } = getComputedStyle(focused)
        return { name: focused.className, isSeen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 }
      })
      if (!place) break
      expect(place, JSON.stringify(place)).toMatchObject({ isSeen: true })
      places.add(place.name)
    }
    const all = [...places].join(' ')
    for (const part of ['order', 'tile', 'row', 'hold', 'control main']) expect(all).toContain(part)
  })
})
