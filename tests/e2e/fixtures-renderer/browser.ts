/** Where the browser is. A test without one is skipped loudly, but fails where CI is set: there a skip would hide a gap. */
import { existsSync } from 'node:fs'

export const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

export const hasChromium = (): boolean => {
  if (existsSync(chromiumPath)) return true
  const message = `no browser at ${chromiumPath}: install chromium or set CHROMIUM_PATH`
  if (process.env['CI']) throw new Error(message)
  process.stderr.write(`SKIPPED: ${message}\n`)
  return false
}

/** Runs as root in containers, where Chromium's own sandbox cannot. */
export const LAUNCH = { executablePath: chromiumPath, args: ['--no-sandbox', '--force-color-profile=srgb'] }
