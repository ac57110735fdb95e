import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolder, writeFault } from '../../src/main/make-folder.ts'

let folder: string
let file: string
let units: string
/** A folder that cannot be made, also where `mkdir` with `recursive` would never return. */
let impossible: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-output-folders-'))
  file = join(folder, 'a-file')
  writeFileSync(file, 'key,type,encoding,value\na,namespace,,\n')
  units = join(folder, 'units.csv')
  writeFileSync(units, 'serial,mac,qrcode,manualcode\nAUR-001,7C:DF:A1:00:00:01,MT:Y.K906PF158-.548G00,00054912336\n')
  impossible = process.platform === 'linux' ? '/proc/nope' : join(file, 'nope')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const cli = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url))
/** In a process of its own: one that never returned would take the tests with it. */
const imprint = (...args: readonly string[]) => spawnSync('node', [cli, ...args], { encoding: 'utf8', timeout: 60_000 })

describe('a folder that cannot be made is refused in one sentence', () => {
  test.each([
    ['label render', () => ['label', 'render', '--from', units, '--out', impossible]],
    ['label print', () => ['label', 'print', '--from', units, '--printer', `folder:${impossible}`]],
    ['printer status', () => ['printer', 'status', `folder:${impossible}`]],
    ['generate', () => ['generate', '-v', '0xfff1', '-p', '0x8000', '--outdir', impossible]],
    ['run', () => ['run', '--units', '1', '--out', impossible]],
    ['demo-release', () => ['demo-release', impossible]],
    ['simulate', () => ['simulate', '--chip', 'esp32', '--tcp', '127.0.0.1:0', '--keep', impossible]],
    ['nvs generate', () => ['nvs', 'generate', file, join(impossible, 'x.bin'), '--size', '0x3000']],
  ])('imprint %s', (_, args) => {
    const { status, stdout, stderr } = imprint(...args())
    expect(stderr).toMatch(/^imprint: .+; .+\n$/u)
    expect(stderr).toContain(impossible)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })
})

describe('makeFolder', () => {
  test('makes what is missing, and leaves what is there', () => {
    makeFolder(join(folder, 'a', 'b'), 0o700)
    makeFolder(join(folder, 'a', 'b'))
    expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700)
  })

  test('a file in the way is the system’s error, and a sentence for people', () => {
    const fault = (path: string): string => {
      try {
        makeFolder(path)
      } catch (error) {
        return writeFault(error)
      }
      return ''
    }
    expect(fault(file)).toMatch(/it is a file/u)
    expect(fault(join(file, 'below'))).toMatch(/it is a file/u)
    expect(writeFault(new Error('no code'))).toBe('it cannot be written (unknown)')
  })
})
