import type { RequestError, View, ViewPatch } from '../../src/contract/index.ts'
import type { Connection, ConnectionState, Outcome } from '../../src/renderer/connection/index.ts'

/** A connection whose other end is the test. */
export interface FakeConnection extends Connection {
  readonly asked: { readonly name: string; readonly params: unknown }[]
  push(patch: ViewPatch): void
  become(state: ConnectionState): void
  /** From now on the request is refused. */
  refuse(name: string, error: RequestError): void
}

/** Answers that every view needs. */
const USUAL: Record<string, unknown> = {
  'lineSettings.versions': { versions: [] },
  'label.confirm': { labelId: null, serial: null },
  'label.preview': {
    image: 'data:image/png;base64,AAAA',
    widthMm: 40,
    heightMm: 20,
    qr: 'MT:ABC',
    manualCode: '3497-011-2332',
  },
}

export const fakeConnection = (view: View | null, answers: Record<string, unknown> = {}): FakeConnection => {
  const pushes = new Set<(patch: ViewPatch) => void>()
  const states = new Set<(state: ConnectionState) => void>()
  const refused = new Map<string, RequestError>()
  const asked: FakeConnection['asked'] = []
  let current: ConnectionState = { kind: 'open' }
  return {
    asked,
    call(name, params): Promise<Outcome> {
      asked.push({ name, params })
      const error = refused.get(name)
      if (error) return Promise.resolve({ ok: false, error })
      return Promise.resolve({ ok: true, result: answers[name] ?? USUAL[name] ?? (name === 'view.get' ? view : {}) })
    },
    onState(listener) {
      states.add(listener)
      listener(current)
      return () => void states.delete(listener)
    },
    onPush(listener) {
      pushes.add(listener)
      return () => void pushes.delete(listener)
    },
    close: () => undefined,
    push: (patch) => pushes.forEach((listener) => listener(patch)),
    become(state) {
      current = state
      states.forEach((listener) => listener(state))
    },
    refuse: (name, error) => refused.set(name, error),
  }
}
