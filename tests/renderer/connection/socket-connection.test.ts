/** The browser's way to the station: sign-in, calls, pushes, and coming back. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectionLost, type ConnectionState } from '../../../src/renderer/connection/index.ts'
import { sessionSecret, takeToken } from '../../../src/renderer/connection/sign-in.ts'
import { socketConnection, waitBefore } from '../../../src/renderer/connection/socket-connection.ts'

/** The station's end of a socket. */
class Peer {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  readonly sent: Record<string, unknown>[] = []

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }
  close(): void {
    this.onclose?.()
  }
  say(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) })
  }
}

const start = (token: string | null) => {
  const peers: Peer[] = []
  const session = sessionSecret(sessionStorage)
  const connection = socketConnection({
    url: 'ws://127.0.0.1:8417/socket',
    token,
    session,
    open: () => {
      const peer = new Peer()
      peers.push(peer)
      return peer as unknown as WebSocket
    },
  })
  const states: ConnectionState['kind'][] = []
  connection.onState(({ kind }) => states.push(kind))
  const peer = (index: number): Peer => {
    const found = peers[index]
    if (!found) throw new Error(`socket ${index} was not opened`)
    return found
  }
  return { connection, peers, peer, session, states }
}

beforeEach(() => {
  sessionStorage.clear()
  vi.useFakeTimers()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('sign-in', () => {
  it('swaps the token of the address for a session that a reload uses', () => {
    const first = start('once')
    first.peer(0).onopen?.()
    expect(first.peer(0).sent).toEqual([{ type: 'hello', token: 'once' }])
    first.peer(0).say({ type: 'welcome', session: 'secret' })
    expect(first.states).toEqual(['connecting', 'open'])
    first.connection.close()

    const reloaded = start(null)
    reloaded.peer(0).onopen?.()
    expect(reloaded.peer(0).sent).toEqual([{ type: 'hello', session: 'secret' }])
    reloaded.connection.close()
  })

  it('says that it is refused, without opening a socket, when it has neither token nor session', () => {
    const { peers, states } = start(null)
    expect(peers).toHaveLength(0)
    expect(states).toEqual(['refused'])
  })

  it('forgets a refused session and does not try again', () => {
    sessionStorage.setItem('imprint.session', 'of a station that is gone')
    const { peer, peers, session, states } = start(null)
    peer(0).onopen?.()
    peer(0).say({ type: 'refused', reason: 'session' })
    peer(0).close()
    vi.runAllTimers()
    expect(session.get()).toBeNull()
    expect(states.at(-1)).toBe('refused')
    expect(peers).toHaveLength(1)
  })

  it('tries the session of the tab when an old address is opened again', () => {
    sessionStorage.setItem('imprint.session', 'still good')
    const { peer, states } = start('used before')
    peer(0).onopen?.()
    peer(0).say({ type: 'refused', reason: 'token' })
    peer(0).close()
    vi.runAllTimers()
    peer(1).onopen?.()
    expect(peer(1).sent).toEqual([{ type: 'hello', session: 'still good' }])
    peer(1).say({ type: 'welcome', session: 'still good' })
    expect(states.at(-1)).toBe('open')
  })

  it('takes the token out of the address and of the history', () => {
    window.history.replaceState(null, '', '/#token=abc123')
    expect(takeToken(window.location, window.history)).toBe('abc123')
    expect(window.location.hash).toBe('')
    expect(takeToken(window.location, window.history)).toBeNull()
  })

  it('leaves the page in the address alone where there is no token', () => {
    window.history.replaceState(null, '', '/#/labels')
    expect(takeToken(window.location, window.history)).toBeNull()
    expect(window.location.hash).toBe('#/labels')
  })
})

describe('calls and pushes', () => {
  const opened = () => {
    const all = start('once')
    all.peer(0).onopen?.()
    all.peer(0).say({ type: 'welcome', session: 's' })
    return all
  }

  it('gives each caller its own reply, in whatever order they come', async () => {
    const { connection, peer } = opened()
    const replies = Promise.all([connection.call('view.get', {}), connection.call('setUp.ports', {})])
    const [first, second] = peer(0).sent.slice(1)
    expect(first).toMatchObject({ type: 'call', name: 'view.get', params: {} })
    peer(0).say({ type: 'reply', id: second?.['id'], ok: true, result: 'ports' })
    peer(0).say({ type: 'reply', id: first?.['id'], ok: false, error: { code: 'not-now', message: 'later' } })
    expect(await replies).toEqual([
      { ok: false, error: { code: 'not-now', message: 'later' } },
      { ok: true, result: 'ports' },
    ])
  })

  it('passes pushes that fit the contract and no others', () => {
    const { connection, peer } = opened()
    const got: unknown[] = []
    const stop = connection.onPush((patch) => got.push(patch))
    peer(0).say({ type: 'push', patch: { next: { code: 'working', params: {} } } })
    peer(0).say({ type: 'push', patch: { next: { code: 'no such step', params: {} } } })
    expect(got).toEqual([{ next: { code: 'working', params: {} } }])
    stop()
    peer(0).say({ type: 'push', patch: { next: { code: 'finished', params: {} } } })
    expect(got).toHaveLength(1)
  })

  it('survives any frame', () => {
    const { connection, peer } = opened()
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (frame) => {
        peer(0).say(frame)
      }),
      { numRuns: 300 },
    )
    expect(connection).toBeDefined()
  })

  it('rejects what was asked when the connection is lost, and what is asked while it is', async () => {
    const { connection, peer } = opened()
    const pending = connection.call('view.get', {})
    peer(0).close()
    await expect(pending).rejects.toBeInstanceOf(ConnectionLost)
    await expect(connection.call('view.get', {})).rejects.toBeInstanceOf(ConnectionLost)
  })

  it('comes back by itself with its session', () => {
    const { peer, states } = opened()
    peer(0).close()
    vi.runAllTimers()
    peer(1).close()
    vi.runAllTimers()
    peer(2).onopen?.()
    expect(peer(2).sent).toEqual([{ type: 'hello', session: 's' }])
    peer(2).say({ type: 'welcome', session: 's' })
    expect(states).toEqual(['connecting', 'open', 'lost', 'open'])
  })

  it('stays closed once it is closed', () => {
    const { connection, peers } = opened()
    connection.close()
    vi.runAllTimers()
    expect(peers).toHaveLength(1)
  })
})

it('waits ever longer between tries, six seconds at most', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      expect(waitBefore(attempt, () => random)).toBeGreaterThanOrEqual(250)
      expect(waitBefore(attempt, () => random)).toBeLessThanOrEqual(6_000)
      expect(waitBefore(attempt + 1, () => 0)).toBeGreaterThanOrEqual(waitBefore(attempt, () => 0))
    }),
  )
})
