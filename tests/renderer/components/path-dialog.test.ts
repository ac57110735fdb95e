/** Choosing a path in place of typing it: into folders and up again, a file by a touch, a folder by its button. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import App from '../../../src/renderer/App.vue'
import type { FolderListing } from '../../../src/contract/index.ts'
import { useDialogs, type WantedPath } from '../../../src/renderer/stores/dialogs.ts'
import { mixedSlots, viewOf } from '../../e2e/fixtures-renderer/views.ts'
import { fakeConnection, type FakeConnection } from '../fake-connection.ts'
import { mountOn } from '../mount.ts'

const BUILD: FolderListing = {
  folder: '/srv/aurora',
  parent: '/srv',
  entries: [
    { name: 'build', path: '/srv/aurora/build', kind: 'folder', size: null, changedAt: 0 },
    { name: 'pai.pem', path: '/srv/aurora/pai.pem', kind: 'file', size: 700, changedAt: 0 },
  ],
  more: 0,
  places: [
    { kind: 'home', path: '/home/ada' },
    { kind: 'drive', path: '/media/ada/STICK' },
  ],
}

let mounted: Awaited<ReturnType<typeof mountOn>>
let connection: FakeConnection
let chosen: string[]

const open = async (want: WantedPath): Promise<void> => {
  useDialogs().open({
    kind: 'choose-path',
    title: 'PAI certificate',
    want,
    at: '/srv/aurora/old.pem',
    chosen: (path) => chosen.push(path),
  })
  await vi.waitFor(() => expect(document.body.textContent).toContain('pai.pem'))
}
const press = async (text: string): Promise<void> => {
  mounted.byText('[role=dialog] button', text).click()
  await flushPromises()
}
const askedFor = () => connection.asked.filter(({ name }) => name === 'files.list').map(({ params }) => params)

beforeEach(async () => {
  chosen = []
  connection = fakeConnection(viewOf(mixedSlots(1)), { 'files.list': BUILD })
  mounted = await mountOn(connection, App)
})
afterEach(() => {
  mounted.leave()
})

it('begins where the field is, goes into folders, up, and to other places', async () => {
  await open('file')
  await press('build')
  await press('One folder up')
  await press('Home folder')
  await press('/media/ada/STICK')
  expect(askedFor()).toEqual(
    ['/srv/aurora/old.pem', '/srv/aurora/build', '/srv', '/home/ada', '/media/ada/STICK'].map((path) => ({ path })),
  )
  expect(chosen).toEqual([])
})

it('takes a file by a touch, and closes', async () => {
  await open('file')
  expect(document.body.textContent).not.toContain('Take this folder')
  await press('pai.pem')
  expect(chosen).toEqual(['/srv/aurora/pai.pem'])
  expect(useDialogs().stack).toEqual([])
})

it('takes the folder that is shown where a folder is wanted; its files only tell what it is', async () => {
  await open('folder')
  expect(mounted.byText('[role=dialog] button', 'pai.pem').hasAttribute('disabled')).toBe(true)
  await press('Take this folder')
  expect(chosen).toEqual(['/srv/aurora'])
})
