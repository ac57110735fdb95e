import { expect, it, vi } from 'vitest'
import type { ImprintBridge } from '../../../src/contract/index.ts'
import { bridgeConnection } from '../../../src/renderer/connection/bridge-connection.ts'
import { request, RequestRefused } from '../../../src/renderer/connection/index.ts'

const bridge = (result: unknown) => {
  let listener: ((patch: unknown) => void) | null = null
  const made: ImprintBridge = {
    call: () => Promise.resolve(result as Awaited<ReturnType<ImprintBridge['call']>>),
    onPush(given) {
      listener = given
      return () => (listener = null)
    },
  }
  return { made, push: (patch: unknown) => listener?.(patch), isHeard: () => listener !== null }
}

it('is open at once, passes valid pushes only, and lets go when closed', () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { made, push, isHeard } = bridge(null)
  const connection = bridgeConnection(made)
  const states: string[] = []
  const patches: unknown[] = []
  connection.onState(({ kind }) => states.push(kind))
  connection.onPush((patch) => patches.push(patch))
  push({ order: null })
  push({ order: 'none' })
  expect(states).toEqual(['open'])
  expect(patches).toEqual([{ order: null }])
  expect(complaints).toHaveBeenCalledOnce()
  connection.close()
  expect(isHeard()).toBe(false)
})

it('gives a validated result, a refusal with its code, or an error where the answer does not fit', async () => {
  const ask = (outcome: unknown) =>
    request(bridgeConnection(bridge(outcome).made), 'label.confirm', { scanned: 'MT:ABC' })
  expect(await ask({ ok: true, result: { labelId: 'l', serial: 's', held: false } })).toEqual({
    labelId: 'l',
    serial: 's',
    held: false,
  })
  await expect(ask({ ok: false, error: { code: 'not-found', message: 'gone' } })).rejects.toMatchObject({
    code: 'not-found',
    message: 'gone',
  })
  await expect(ask({ ok: false, error: { code: 'failed', message: 'x' } })).rejects.toBeInstanceOf(RequestRefused)
  await expect(ask({ ok: true, result: { labelId: 7 } })).rejects.toThrow()
})
