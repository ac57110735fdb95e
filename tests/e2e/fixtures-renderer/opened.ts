/** A page of the application in a real browser, in English, with all that it complains of. */
import { chromium, type Browser, type Page } from 'playwright-core'
import { LAUNCH } from './browser.ts'

export interface Opened {
  readonly browser: Browser
  readonly page: Page
  /** Exceptions of the page, and what it writes to the console as errors. */
  readonly errors: readonly string[]
  /** By the path of the application's own page. */
  goTo(path: string): Promise<void>
}

/** @param patience with everything that is waited for, milliseconds */
export const openPage = async (
  address: string,
  viewport: { readonly width: number; readonly height: number },
  patience: number,
): Promise<Opened> => {
  const browser = await chromium.launch(LAUNCH)
  try {
    // Of a context of its own, since axe opens another page beside it.
    const page = await (await browser.newContext({ viewport, locale: 'en-GB' })).newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    page.setDefaultTimeout(patience)
    await page.goto(address)
    return {
      browser,
      page,
      errors,
      goTo: (path) => page.evaluate((hash) => void (window.location.hash = hash), `#${path}`),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}
