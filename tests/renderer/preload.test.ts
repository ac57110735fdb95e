/** The preload script with a stand-in for Electron: it exposes the contract's two ways, and nothing else. */
import { beforeAll, expect, it, vi } from 'vitest'
import { Call, CHANNEL_CALL, CHANNEL_PUSH, type ImprintBridge } from '../../src/contract/index.ts'

const electron = vi.hoisted(() => {
  const exposed: Record<string, unknown> = {}
  const heard = new Map<string, Set<(event: unknown, value: unknown) => void>>()
  const invoked: unknown[][] = []
  return {
    exposed,
    invoked,
    send: (channel: string, value: unknown) =>
      heard.get(channel)?.forEach((listener) => listener({ sender: 'main' }, value)),
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => void (exposed[name] = value) },
    ipcRenderer: {
      invoke: (...args: unknown[]) => {
        invoked.push(args)
        return Promise.resolve({ ok: true, result: 'answer' })
      },
      on: (channel: string, listener: (event: unknown, value: unknown) => void) =>
        void heard.set(channel, (heard.get(channel) ?? new Set()).add(listener)),
      removeListener: (channel: string, listener: (event: unknown, value: unknown) => void) =>
        void heard.get(channel)?.delete(listener),
    },
  }
})
vi.mock('electron', () => electron)

let bridge: ImprintBridge
beforeAll(async () => {
  await import('../../src/preload/index.ts')
  bridge = electron.exposed['imprint'] as ImprintBridge
})

it('exposes call and onPush as window.imprint, and nothing else', () => {
  expect(Object.keys(electron.exposed)).toEqual(['imprint'])
  expect(Object.keys(bridge).toSorted()).toEqual(['call', 'onPush'])
})

it('sends each call as a frame that main takes, with a number of its own', async () => {
  expect(await bridge.call('slot.retry', { slot: 3 })).toEqual({ ok: true, result: 'answer' })
  await bridge.call('view.get', {})
  const frames = electron.invoked.map(([channel, frame]) => {
    expect(channel).toBe(CHANNEL_CALL)
    return Call.parse(frame)
  })
  expect(frames.map(({ name, params }) => ({ name, params }))).toEqual([
    { name: 'slot.retry', params: { slot: 3 } },
    { name: 'view.get', params: {} },
  ])
  expect(new Set(frames.map(({ id }) => id)).size).toBe(2)
})

it('passes pushes without the event of Electron, until it is told to stop', () => {
  const got: unknown[][] = []
  const stop = bridge.onPush((...args) => got.push(args))
  electron.send(CHANNEL_PUSH, { order: null })
  stop()
  electron.send(CHANNEL_PUSH, { order: null })
  expect(got).toEqual([[{ order: null }]])
})
