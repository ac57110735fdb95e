/** What an engineer sees of the station's computer while looking for a file. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listFolder } from '../../src/main/station/set-up/list-folder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-files-'))
  mkdirSync(join(folder, 'build'))
  mkdirSync(join(folder, 'archive'))
  for (const name of ['unit10.csv', 'unit9.csv', '.hidden']) writeFileSync(join(folder, name), 'four')
  symlinkSync(join(folder, 'build'), join(folder, 'latest'))
  symlinkSync(join(folder, 'gone'), join(folder, 'broken'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('folders come first, each by name as people sort; what is hidden or leads nowhere is left out', async () => {
  const { entries, parent, more } = await listFolder(folder)
  expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'folder archive',
    'folder build',
    'folder latest',
    'file unit9.csv',
    'file unit10.csv',
  ])
  expect(entries.find(({ name }) => name === 'unit9.csv')).toMatchObject({ size: 4, path: join(folder, 'unit9.csv') })
  expect({ parent, more }).toEqual({ parent: dirname(folder), more: 0 })
})

test('of a file, and of a path that is not there, the nearest folder above is shown', async () => {
  for (const path of [join(folder, 'unit9.csv'), join(folder, 'none', 'deeper', 'file.pem'), ` ${folder} `])
    expect((await listFolder(path)).folder).toBe(folder)
})

test('without a path it begins in the user’s own folder, which stays within reach', async () => {
  for (const path of [null, '', '  ']) expect((await listFolder(path)).folder).toBe(homedir())
  expect((await listFolder(folder)).places[0]).toEqual({ kind: 'home', path: homedir() })
})

test('there is nothing above the top', async () => {
  expect((await listFolder('/')).parent).toBeNull()
})

test('a very full folder is cut, and says by how much', async () => {
  for (let number = 0; number < 1005; number++) writeFileSync(join(folder, 'build', `${number}.bin`), '')
  const { entries, more } = await listFolder(join(folder, 'build'))
  expect({ shown: entries.length, more, last: entries.at(-1)?.name }).toEqual({ shown: 1000, more: 5, last: '999.bin' })
})
