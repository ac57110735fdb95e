/** The system's printers through Electron: a hidden window with the label's picture as a page, printed without a dialog. */
import type { BrowserWindowConstructorOptions, WebContents, WebContentsPrintOptions } from 'electron'
import { PrinterError } from '../labels/printer.ts'
import type { SystemPage, SystemPrinters } from '../labels/system-printer.ts'

/** Milliseconds for the system to take a page, and to list its printers. */
const LIMITS = { print: 30_000, list: 5_000 }
const MICRONS = 1_000

/** As much of a window as printing needs. */
export interface PrintWindow {
  readonly webContents: Pick<WebContents, 'getPrintersAsync' | 'print'>
  loadURL(url: string): Promise<void>
  destroy(): void
}

/** Shows a picture, runs nothing. */
const HIDDEN: BrowserWindowConstructorOptions = {
  show: false,
  webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
}

const escaped = (text: string): string => text.replace(/[&<>"]/gu, (character) => `&#${character.codePointAt(0)};`)

/** @returns address of a page of the label's size that holds nothing but its picture */
export const pageAddress = ({ title, png, widthMm, heightMm }: SystemPage): string => {
  const size = `${widthMm.toFixed(3)}mm ${heightMm.toFixed(3)}mm`
  const [width, height] = size.split(' ')
  const html =
    `<!doctype html><title>${escaped(title)}</title>` +
    `<style>@page{size:${size};margin:0}html,body{margin:0}` +
    `img{display:block;width:${width};height:${height};image-rendering:pixelated}</style>` +
    `<img src="data:image/png;base64,${Buffer.from(png).toString('base64')}">`
  return `data:text/html;charset=utf-8;base64,${Buffer.from(html).toString('base64')}`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Hands the loaded page over. A refusal of the options is certain to print nothing; whatever else goes wrong is not. */
const handOver = (window: PrintWindow, page: SystemPage, limit: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new PrinterError('unknown', `the printer ${page.printer} did not take the label in time`)),
      limit,
    )
    const options: WebContentsPrintOptions = {
      silent: true,
      deviceName: page.printer,
      color: false,
      margins: { marginType: 'none' },
      pageSize: { width: Math.round(page.widthMm * MICRONS), height: Math.round(page.heightMm * MICRONS) },
    }
    const end = (failure: PrinterError | undefined): void => {
      clearTimeout(timer)
      if (failure) reject(failure)
      else resolve()
    }
    const failed = (why: string): PrinterError =>
      new PrinterError(
        /invalid/iu.test(why) ? 'nothing' : 'unknown',
        `the printer ${page.printer} did not take the label: ${why}`,
      )
    try {
      window.webContents.print(options, (isTaken, why) => end(isTaken ? undefined : failed(why)))
    } catch (error) {
      end(new PrinterError('nothing', `the printer ${page.printer} did not take the label: ${messageOf(error)}`))
    }
  })

/** @throws Error when it takes longer than `limit` milliseconds */
const within = async <T>(work: Promise<T>, limit: number): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the system does not list its printers')), limit)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/**
 * @param open makes a window of these options
 * @param shown the window of the application, once there is one; printers are listed through it, often
 */
export const createSystemPrinters = (
  open: (options: BrowserWindowConstructorOptions) => PrintWindow,
  shown: () => Pick<PrintWindow, 'webContents'> | undefined,
  limits = LIMITS,
): SystemPrinters => {
  const withWindow = async <T>(work: (window: PrintWindow) => Promise<T>): Promise<T> => {
    const window = open(HIDDEN)
    try {
      return await work(window)
    } finally {
      window.destroy()
    }
  }
  return {
    async list() {
      const window = shown()
      if (!window) throw new Error('the window is not open yet')
      const found = await within(window.webContents.getPrintersAsync(), limits.list)
      return found.map(({ name, displayName, description }) => ({
        name,
        about: [displayName === name ? '' : displayName, description].filter(Boolean).join(' · '),
      }))
    },
    print: (page) =>
      withWindow(async (window) => {
        try {
          await window.loadURL(pageAddress(page))
        } catch (error) {
          throw new PrinterError('nothing', `the label could not be drawn for the printer: ${messageOf(error)}`)
        }
        await handOver(window, page, limits.print)
      }),
  }
}
