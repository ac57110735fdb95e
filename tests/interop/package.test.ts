/** What goes into the packaged application, packed by electron-builder around a stand-in for Electron's own files. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from '../../scripts/build.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(import.meta.url)
const { listPackage } = require('@electron/asar') as { listPackage: (archive: string) => string[] }
const { version } = require('electron/package.json') as { version: string }

let folder = ''
let files: string[] = []
beforeAll(() => {
  ensureBuilt({ quiet: true })
  folder = mkdtempSync(join(tmpdir(), 'imprint-package-'))
  const stand = join(folder, 'electron')
  mkdirSync(join(stand, 'resources'), { recursive: true })
  mkdirSync(join(stand, 'locales'))
  for (const [name, text] of Object.entries({ electron: '', LICENSE: '', version }))
    writeFileSync(join(stand, name), text)
  chmodSync(join(stand, 'electron'), 0o755)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/electron-builder/cli.js'),
      '--linux',
      'dir',
      `-c.electronDist=${stand}`,
      `-c.directories.output=${join(folder, 'dist')}`,
    ],
    { cwd: root, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`electron-builder failed: ${stdout}${stderr}`)
  files = listPackage(join(folder, 'dist', 'linux-unpacked', 'resources', 'app.asar')).map((file) =>
    file.replaceAll('\\', '/'),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  '/out/main/index.js',
  '/out/main/flash-worker.js',
  '/out/main/records-worker.js',
  '/out/main/identity-worker.js',
  '/out/preload/index.cjs',
  '/out/renderer/index.html',
  '/resources/demo/test-pai-cert.pem',
  '/resources/label-templates/unit-40x20.json',
  '/node_modules/@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff',
  '/node_modules/@serialport/bindings-cpp/package.json',
])('%s is in', (file) => expect(files).toContain(file))

test('sources, tests and development tools are not', () => {
  for (const stranger of [
    '/src',
    '/tests',
    '/docs',
    '/node_modules/vite',
    '/node_modules/electron',
    '/node_modules/vitest',
  ])
    expect(files.filter((file) => file === stranger || file.startsWith(`${stranger}/`))).toEqual([])
})
