/**
 * What an operator reads stays readable: no text is cut off, covered or over other text for 1 to 32 slots, in both languages and
 * themes, on the large screen and on the smallest; what counts is large enough; every page is clean under axe.
 */
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { View } from '../../src/contract/index.ts'
import { axeFaults } from './fixtures-renderer/axe-faults.ts'
import { hasChromium, LAUNCH } from './fixtures-renderer/browser.ts'
import { buildRenderer, serveRenderer, type Served } from './fixtures-renderer/server.ts'
import { choose, standIn } from './fixtures-renderer/stand-in.ts'
import { smallestInTiles, smallTargets, textFaults } from './fixtures-renderer/text-faults.ts'
import { failed, mixedSlots, NOON, viewOf } from './fixtures-renderer/views.ts'

const COUNTS = [1, 2, 4, 6, 8, 12, 16, 24, 32]
const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 800 },
]
/** What a text takes depends on the language alone, and a colour on the theme alone: two choices show every text and every colour. */
const CHOICES = [
  { language: 'en', theme: 'light' },
  { language: 'zh-Hans', theme: 'dark' },
] as const
const LARGE = { width: 1920, height: 1080 }

const orderIn = (
  state: 'ready' | 'paused' | 'stopped' | 'finished',
  stopReason: 'too-many-failures' | null = null,
) => ({
  ...viewOf([]).order,
  state,
  stopReason,
})

/** Columns, rows and gaps. */
const FIXTURES: readonly [number, number, number[]][] = [
  [1, 8, []],
  [8, 1, []],
  [3, 3, [4]],
  [2, 8, []],
  [8, 2, [0, 7]],
  [4, 8, []],
  [8, 4, []],
  [6, 6, [0, 5, 30, 35]],
  [8, 5, [0, 1, 2, 3, 4, 5, 6, 7]],
]

/** Every sentence that the bottom line can say, with the controls that stand beside it. */
const NEXT_LINES: Record<string, object> = {
  'label in doubt': { next: { code: 'label-in-doubt', params: {} } },
  'printer silent': {
    next: { code: 'printer-needs-you', params: {} },
    labels: { ...viewOf([]).labels, printer: { ...viewOf([]).labels.printer, state: 'not-answering' } },
  },
  'made before': { next: { code: 'made-before', params: {} } },
  'longest failure': {
    slots: [failed(1, 'baud-unsupported'), ...mixedSlots(8).slice(1)],
    next: { code: 'slot-failed', params: { slot: 1 } },
  },
  'stopped by failures': {
    next: { code: 'order-stopped', params: {} },
    order: orderIn('stopped', 'too-many-failures'),
  },
  paused: { next: { code: 'order-paused', params: {} }, order: orderIn('paused') },
  ready: { next: { code: 'start-order', params: {} }, order: orderIn('ready') },
  'finished demo': { next: { code: 'finished', params: {} }, order: orderIn('finished') },
  waiting: { next: { code: 'waiting-for-identities', params: {} } },
  'change the panel': {
    next: { code: 'insert-boards', params: { empty: 0 } },
    slots: Array.from({ length: 8 }, (_, index) => ({ ...mixedSlots(1)[0], slot: index + 1 })),
  },
  'panel incomplete': {
    next: { code: 'panel-incomplete', params: { ready: 31, missing: 1 } },
    slots: mixedSlots(10).map((slot) => ({ ...slot, failure: null })),
  },
}

describe.runIf(hasChromium())('dashboard layout', () => {
  let browser: Browser
  let served: Served

  beforeAll(async () => {
    await buildRenderer()
    served = await serveRenderer()
    browser = await chromium.launch(LAUNCH)
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  interface Choice {
    readonly language: 'en' | 'zh-Hans'
    readonly theme: 'light' | 'dark'
  }

  /** A page that shows `view`; whatever the page complains of fails the test. */
  const open = async (view: View, size: { width: number; height: number }, { language, theme }: Choice, path = '') => {
    const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await choose(page, language, theme)
    await page.clock.setFixedTime(NOON)
    await standIn(page, view)
    await page.goto(`${served.address}${path && `#${path}`}`)
    await page.locator('h1').waitFor()
    await page.evaluate(() => document.fonts.ready)
    return {
      page,
      async close() {
        await context.close()
        expect(complaints).toEqual([])
      },
    }
  }

  /** Pushes sections as the station does, and waits until they are drawn. */
  const push = async (page: Page, patch: object): Promise<void> => {
    await page.evaluate(
      (sections) =>
        new Promise<void>((drawn) => {
          window.pushPatch(sections)
          requestAnimationFrame(() => requestAnimationFrame(() => drawn()))
        }),
      patch,
    )
  }

  describe.each(CHOICES)('$language, $theme', (choice) => {
    it.each(SIZES)('shows fixtures of every shape, with sockets that are due, at $width × $height', async (size) => {
      const view = viewOf(mixedSlots(8))
      const { page, close } = await open(view, size, choice)
      for (const [columns, rows, gaps] of FIXTURES) {
        const slots = mixedSlots(columns * rows - gaps.length)
        const fixture = { columns, rows, gaps, numbering: 'snake-from-below' }
        const sockets = viewOf(slots).sockets.map((socket) => ({ ...socket, due: socket.slot < 4 }))
        await push(page, { station: { ...view.station, fixture }, slots, sockets })
        expect(await page.locator('.tile').count()).toBe(slots.length)
        expect(await page.evaluate(textFaults), `${columns} × ${rows}`).toEqual([])
        expect(
          await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight),
          `${columns} × ${rows} scroll`,
        ).toBe(true)
      }
      await close()
    })

    it.each(SIZES)(
      'shows 1 to 32 slots without scrolling and with all text readable at $width × $height',
      async (size) => {
        const { page, close } = await open(viewOf(mixedSlots(8)), size, choice)
        for (const count of COUNTS) {
          await push(page, { slots: mixedSlots(count) })
          expect(await page.locator('.tile').count()).toBe(count)
          expect(await page.evaluate(textFaults), `${count} slots`).toEqual([])
          expect(
            await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight),
            `${count} slots scroll`,
          ).toBe(true)
        }
        await close()
      },
    )

    it.each(SIZES)('has room for every next thing and its controls at $width × $height', async (size) => {
      const view = viewOf(mixedSlots(8))
      const { page, close } = await open(view, size, choice)
      for (const [name, patch] of Object.entries(NEXT_LINES)) {
        await push(page, { ...view, ...patch })
        expect(await page.evaluate(textFaults), name).toEqual([])
        expect(await page.evaluate(smallTargets), name).toEqual([])
      }
      await close()
    })

    it.each([
      '',
      '/labels',
      '/cartons',
      '/templates',
      '/order',
      '/orders',
      '/products',
      '/set-up',
      '/reports',
      '/spot-check',
      '/settings',
    ])('is clean under axe, readable and large enough to touch on page %j', async (path) => {
      const { page, close } = await open(viewOf(mixedSlots(8)), { width: 1280, height: 800 }, choice, path)
      expect(await axeFaults(page)).toEqual([])
      expect(await page.evaluate(textFaults)).toEqual([])
      expect(await page.evaluate(smallTargets)).toEqual([])
      await close()
    })

    it('is clean, readable and large enough to touch at each step of the set-up, and while a path is chosen', async () => {
      const { page, close } = await open(viewOf(mixedSlots(8)), { width: 1280, height: 800 }, choice, '/set-up')
      const isFine = async (what: string): Promise<void> => {
        expect(await axeFaults(page), what).toEqual([])
        expect(await page.evaluate(textFaults), what).toEqual([])
        expect(await page.evaluate(smallTargets), what).toEqual([])
      }
      for (const step of await page.locator('.step').all()) {
        await step.click()
        await isFine((await step.textContent()) ?? '')
      }
      await page.locator('.step').nth(2).click()
      await page.locator('summary').click()
      await isFine('unfolded')
      await page.locator('.choose').first().click()
      await page.locator('.entry').nth(3).waitFor()
      // What lies under the dialog is covered, as it should be.
      expect(await axeFaults(page)).toEqual([])
      expect(await page.evaluate(smallTargets)).toEqual([])
      await close()
    })

    it('is clean under axe with the menu, a failed slot and each question open', async () => {
      const { page, close } = await open(viewOf(mixedSlots(8)), LARGE, choice)
      const clean = async (): Promise<void> => expect(await axeFaults(page)).toEqual([])
      await page.locator('.station [aria-haspopup="menu"]').click()
      await page.getByRole('menu').waitFor()
      await clean()
      await page.keyboard.press('Escape')
      await page.locator('.tile.fail').first().click()
      await page.getByRole('dialog').waitFor()
      await page.locator('.frame footer button').first().click()
      await page.locator('.log').waitFor()
      await clean()
      await page.keyboard.press('Escape')
      await page.locator('.labels button.row').first().click()
      await page.getByRole('dialog').waitFor()
      await clean()
      await close()
    })
  })

  it('finds text that is cut off, covered, over other text or over a sign, and small targets', async () => {
    const context = await browser.newContext({ viewport: { width: 800, height: 600 } })
    const page = await context.newPage()
    const faultsOf = async (html: string): Promise<string[]> => {
      await page.setContent(`<style>div { position: absolute; font: 20px sans-serif }</style>${html}`)
      return page.evaluate(textFaults)
    }
    expect(await faultsOf('<div>readable</div>')).toEqual([])
    expect(await faultsOf('<div style="left: 780px; white-space: nowrap">too far right</div>')).toContain(
      'outside the window: too far right',
    )
    expect(await faultsOf('<div style="width: 40px; overflow: hidden; white-space: nowrap">too wide</div>')).toContain(
      'cut off sideways: too wide',
    )
    expect(await faultsOf('<div style="height: 10px; overflow: hidden">too high</div>')).toContain(
      'cut off in height: too high',
    )
    expect(await faultsOf('<div>one</div><div>two</div>')).toContain('over other text: one / two')
    expect(await faultsOf('<div>below</div><div style="width: 99px; height: 99px" class="lid"></div>')).toContain(
      'covered by lid: below',
    )
    expect(await faultsOf('<div>word</div><div><svg width="60" height="30"></svg></div>')).toContain(
      'over a sign: word',
    )
    await page.setContent('<button style="width: 30px; height: 60px">x</button>')
    expect(await page.evaluate(smallTargets)).toHaveLength(1)
    await context.close()
  })

  it.each([
    { count: 1, least: 40 },
    { count: 8, least: 40 },
    { count: 16, least: 32 },
    { count: 32, least: 24 },
  ])(
    'draws number and word of $count slots at least $least px high at 1920 × 1080, the sign at least 32',
    async ({ count, least }) => {
      const { page, close } = await open(viewOf(mixedSlots(count)), LARGE, { language: 'en', theme: 'light' })
      const { number, word, sign } = await page.evaluate(smallestInTiles)
      expect(number).toBeGreaterThanOrEqual(least)
      expect(word).toBeGreaterThanOrEqual(least)
      expect(sign).toBeGreaterThanOrEqual(32)
      await close()
    },
  )
})
