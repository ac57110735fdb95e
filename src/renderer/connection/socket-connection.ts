/**
 * The connection in a browser: one WebSocket to the loopback host. The first frame signs in, then calls and replies are matched by
 * number and pushes are passed on. A lost socket is opened again, ever less often up to every five seconds.
 */
import { ToRenderer, type ToMain, type ViewPatch } from '../../contract/index.ts'
import { ConnectionLost, type Connection, type ConnectionState, type Outcome } from './connection.ts'
import { listeners } from './listeners.ts'
import type { SessionSecret } from './sign-in.ts'

const FIRST_WAIT = 250
const LONGEST_WAIT = 5_000

/** Milliseconds before try `attempt` (from 0): doubling, with up to a fifth added so that many tabs do not knock at once. */
export const waitBefore = (attempt: number, random: () => number): number =>
  Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT) * (1 + random() / 5)

interface Waiting {
  resolve(outcome: Outcome): void
  reject(error: Error): void
}

interface SocketOptions {
  /** 'ws://127.0.0.1:8417/socket' */
  readonly url: string
  /** From the printed address; good once. */
  readonly token: string | null
  readonly session: SessionSecret
  readonly open?: (url: string) => WebSocket
}

export const socketConnection = (options: SocketOptions): Connection => {
  const { session, open = (url) => new WebSocket(url) } = options
  const states = listeners<ConnectionState>()
  const pushes = listeners<ViewPatch>()
  const waiting = new Map<number, Waiting>()
  let state: ConnectionState = { kind: 'connecting' }
  let socket: WebSocket | null = null
  let token = options.token
  let attempt = 0
  let lastId = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const become = (next: ConnectionState): void => {
    state = next
    states.tell(next)
  }

  const rejectAll = (): void => {
    for (const { reject } of waiting.values()) reject(new ConnectionLost())
    waiting.clear()
  }

  const hello = (): ToMain | null => {
    if (token !== null) return { type: 'hello', token }
    const secret = session.get()
    return secret === null ? null : { type: 'hello', session: secret }
  }

  /** A refused token may be an old address opened again in a tab that has a session: that is tried before giving up. */
  const onRefused = (): void => {
    if (token === null) session.forget()
    token = null
    if (hello() === null) become({ kind: 'refused' })
  }

  const onFrame = (data: unknown): void => {
    const frame = parseFrame(data)
    if (frame === null) return
    switch (frame.type) {
      case 'welcome':
        session.set(frame.session)
        token = null
        attempt = 0
        return become({ kind: 'open' })
      case 'refused':
        return onRefused()
      case 'push':
        return pushes.tell(frame.patch)
      case 'reply': {
        const caller = waiting.get(frame.id)
        waiting.delete(frame.id)
        return caller?.resolve(frame.ok ? { ok: true, result: frame.result } : { ok: false, error: frame.error })
      }
    }
  }

  const onClose = (): void => {
    socket = null
    rejectAll()
    if (closed || state.kind === 'refused') return
    if (state.kind !== 'lost') become({ kind: 'lost', since: Date.now() })
    timer = setTimeout(connect, waitBefore(attempt++, Math.random))
  }

  const connect = (): void => {
    const first = hello()
    if (first === null) return become({ kind: 'refused' })
    const opened = open(options.url)
    socket = opened
    opened.onopen = () => opened.send(JSON.stringify(first))
    opened.onmessage = (event) => onFrame(event.data)
    opened.onclose = onClose
  }
  connect()

  return {
    call(name, params) {
      if (socket === null || state.kind !== 'open') return Promise.reject(new ConnectionLost())
      const id = ++lastId
      const reply = new Promise<Outcome>((resolve, reject) => waiting.set(id, { resolve, reject }))
      socket.send(JSON.stringify({ type: 'call', id, name, params }))
      return reply
    },
    onState(listener) {
      listener(state)
      return states.add(listener)
    },
    onPush: pushes.add,
    close() {
      closed = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}

const parseFrame = (data: unknown): ToRenderer | null => {
  try {
    return ToRenderer.parse(JSON.parse(String(data)))
  } catch (error) {
    console.error('A frame of the station does not fit the contract:', error)
    return null
  }
}
