/** One scan of the test code is enough for a scanner of any layout. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import App from '../../../src/renderer/App.vue'
import { US_KEYS } from '../../../src/renderer/composables/useScanner/index.ts'
import { useDialogs } from '../../../src/renderer/stores/dialogs.ts'
import { usePreferences } from '../../../src/renderer/stores/preferences.ts'
import { useScans } from '../../../src/renderer/stores/scans.ts'
import { mixedSlots, viewOf } from '../../e2e/fixtures-renderer/views.ts'
import { fakeConnection } from '../fake-connection.ts'
import { mountOn } from '../mount.ts'

let mounted: Awaited<ReturnType<typeof mountOn>>
afterEach(() => mounted.leave())

const TEST_CODE = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.:/+_'
const STROKE_OF = new Map(
  Object.entries(US_KEYS)
    .filter(([stroke]) => !stroke.includes('Numpad'))
    .map(([stroke, character]) => [character, stroke]),
)

const teach = async (strokes: string[]) => {
  const connection = fakeConnection(viewOf(mixedSlots(1)))
  mounted = await mountOn(connection, App)
  useDialogs().open({ kind: 'teach-scanner' })
  await flushPromises()
  useScans().deliver({ text: 'as it came', strokes })
  await flushPromises()
  return connection
}
const strokesOf = (text: string): string[] => [...text].map((character) => STROKE_OF.get(character) ?? '')

it('learns a scanner that is set to another keyboard, and keeps it', async () => {
  const connection = await teach(strokesOf(TEST_CODE.replace('y', '!').replace('z', 'y').replace('!', 'z')))
  expect(mounted.text()).toContain('The scanner is understood.')
  expect(usePreferences().scannerKeys).toMatchObject({ KeyY: 'z', KeyZ: 'y', KeyA: 'a' })
  expect(JSON.parse(localStorage.getItem('imprint.preferences') ?? '{}')).toMatchObject({ scannerKeys: { KeyY: 'z' } })
  expect(connection.asked.map(({ name }) => name)).not.toContain('label.confirm')
})

it('has nothing to learn from a scanner of the US keyboard', async () => {
  await teach(strokesOf(TEST_CODE))
  expect(mounted.text()).toContain('The scanner is understood as it is.')
  expect(usePreferences().scannerKeys).toBeNull()
})

it('learns nothing from another code', async () => {
  await teach(strokesOf('AL-2611-000306'))
  expect(mounted.text()).toContain('That was not the test code')
  expect(usePreferences().scannerKeys).toBeNull()
})

it('gives scans back to the line when it is closed', async () => {
  const connection = await teach(strokesOf(TEST_CODE))
  useDialogs().close('teach-scanner')
  await flushPromises()
  useScans().deliver({ text: 'MT:ABC', strokes: [] })
  await flushPromises()
  expect(connection.asked.at(-1)).toEqual({ name: 'label.confirm', params: { scanned: 'MT:ABC' } })
})
