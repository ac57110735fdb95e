/**
 * Fetches Electron's binary, which its npm package does not hold. Gives up when no byte has come after five seconds (offline is
 * normal); shows percent and remaining time once bytes flow, and can be skipped with Ctrl-C.
 *
 * Run as a program it tries on purpose; `tryElectronOnce` is what `npm start` does, at most once a day.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { bundledNode, root } from './install.mjs'

const FIRST_BYTE_LIMIT = 5_000
const DAY = 24 * 3600 * 1000
const failedStamp = `${root}node_modules/.cache/imprint/electron-failed`
const folder = `${root}node_modules/electron`

/** Path of Electron's executable, or undefined when it is not there. */
export const electronBinary = () => {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const names = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }
  const path = `${override ?? `${folder}/dist`}/${names[process.platform] ?? 'electron'}`
  return existsSync(path) ? path : undefined
}

const fetchBinary = async () => {
  const require = createRequire(`${folder}/install.js`)
  const { downloadArtifact } = await import(pathToFileURL(require.resolve('@electron/get')).href)
  const { version } = require(`${folder}/package.json`)
  const abort = new AbortController()
  const patience = setTimeout(() => abort.abort(new Error('no answer within 5 seconds')), FIRST_BYTE_LIMIT)
  let startedAt = 0
  let shown = ''
  const skip = () => abort.abort(new Error('skipped'))
  process.once('SIGINT', skip)
  try {
    await downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      checksums: require(`${folder}/checksums.json`),
      downloadOptions: {
        quiet: true,
        signal: abort.signal,
        getProgressCallback: async ({ transferred, percent }) => {
          if (transferred === 0) return
          clearTimeout(patience)
          startedAt ||= Date.now()
          const seconds = (Date.now() - startedAt) / 1000
          const left = percent > 0.01 ? Math.ceil((seconds * (1 - percent)) / percent) : undefined
          const text = `\rFetching Electron: ${Math.round(percent * 100)} %${left === undefined ? '' : `, ${left} s left`} (Ctrl-C skips)   `
          if (text !== shown && process.stderr.isTTY) process.stderr.write(text)
          shown = text
        },
      },
    })
  } finally {
    clearTimeout(patience)
    process.removeListener('SIGINT', skip)
    if (shown && process.stderr.isTTY) process.stderr.write('\n')
  }
  // The archive is in the cache now; Electron's own installer checks and unpacks it.
  const { status } = spawnSync(bundledNode(), [`${folder}/install.js`], { stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('its archive could not be unpacked')
}

/** Why Electron is not tried at all, or undefined. */
const notTried = (args) => {
  if (args.includes('--web')) return 'asked for with --web'
  if (process.env.CI) return 'CI is set'
  if (process.env.IMPRINT_NO_ELECTRON === '1') return 'IMPRINT_NO_ELECTRON is set'
  return undefined
}

const failedToday = () => existsSync(failedStamp) && Date.now() - statSync(failedStamp).mtimeMs < DAY

/**
 * The executable, tried for where it is missing and may be.
 *
 * @returns `{ binary }`, or `{ why }`: the reason in words
 */
export const tryElectronOnce = async (args) => {
  const refused = notTried(args)
  if (refused) return { why: refused }
  const present = electronBinary()
  if (present) return { binary: present }
  if (failedToday())
    return { why: `its binary is missing (${readFileSync(failedStamp, 'utf8')}; npm run electron:fetch tries again)` }
  process.stderr.write("Electron's binary is missing; trying to fetch it once…\n")
  try {
    await fetchBinary()
    return { binary: electronBinary() }
  } catch (error) {
    const why = error.message.includes('fetch failed')
      ? 'it could not be fetched: no connection'
      : `it could not be fetched: ${error.message}`
    mkdirSync(`${root}node_modules/.cache/imprint`, { recursive: true })
    writeFileSync(failedStamp, why)
    return { why: `its binary is missing (${why})` }
  }
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  if (electronBinary()) process.stdout.write("Electron's binary is there already.\n")
  else
    try {
      await fetchBinary()
      process.stdout.write("Electron's binary is there now: npm start opens the window.\n")
    } catch (error) {
      process.stderr.write(`Electron's binary could not be fetched: ${error.message}\n`)
      process.exit(1)
    }
}
