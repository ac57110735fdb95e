import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startLoopback, type Loopback } from '../../src/main/loopback/server.ts'
import type { Stations } from '../../src/main/station/stations.ts'

let folder = ''
let loopback: Loopback
let push: ((patch: object) => void) | undefined
const calls: { name: string; params: unknown }[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-renderer-'))
  writeFileSync(join(folder, 'index.html'), '<meta nonce="__CSP_NONCE__"><p>page</p>')
  writeFileSync(join(folder, 'app.js'), 'script')
  calls.length = 0
  const stations: Pick<Stations, 'onPatch' | 'call'> = {
    onPatch(listener) {
      push = listener as (patch: object) => void
      return () => {
        push = undefined
      }
    },
    call(name, params) {
      calls.push({ name, params })
      return Promise.resolve({ ok: true, result: { name } })
    },
  }
  loopback = await startLoopback(stations as Stations, folder, 0)
})
afterEach(async () => {
  await loopback.close()
  rmSync(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(loopback.origin)
    request({ hostname, port, path, method, headers }, (response) => {
      let body = ''
      response.on('data', (piece: Buffer) => (body += piece.toString('utf8')))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
      .on('error', reject)
      .end()
  })

interface Client {
  say(frame: unknown): void
  next(): Promise<unknown>
}
const connect = (origin = loopback.origin, path = '/socket'): Promise<Client> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${loopback.origin.replace('http', 'ws')}${path}`, { origin })
    const frames: unknown[] = []
    const waiting: ((frame: unknown) => void)[] = []
    const put = (frame: unknown): void => {
      const next = waiting.shift()
      if (next) next(frame)
      else frames.push(frame)
    }
    socket.on('message', (data) => put(JSON.parse(String(data))))
    socket.on('close', (code) => put({ closed: code }))
    socket.on('error', reject)
    socket.on('open', () =>
      resolve({
        say: (frame) => socket.send(JSON.stringify(frame)),
        next: () => (frames.length > 0 ? Promise.resolve(frames.shift()) : new Promise((got) => waiting.push(got))),
      }),
    )
  })
const token = (): string => new URL(loopback.newAddress()).hash.replace('#token=', '')

describe('files', () => {
  test('a page carries a fresh nonce that its policy names, and no inline script may run', async () => {
    const first = await get('/')
    const second = await get('/index.html')
    const nonce = /nonce="([^"]+)"/u.exec(first.body)?.[1] ?? ''
    expect(first.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
    expect(first.headers['content-security-policy']).toMatch(/script-src 'self';/u)
    expect(second.body).not.toContain(nonce)
    expect(first.headers['set-cookie']).toBeUndefined()
  })

  test.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2f..%2fetc/passwd',
    '/%00',
    '/%zz',
    '/nothing.js',
    '/app.exe',
  ])('%s is not found', async (path) => expect((await get(path)).status).toBe(404))

  test('another Host is refused, and so is any method that could change something', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(421)
    expect((await get('/', { host: 'localhost' })).status).toBe(421)
    expect((await get('/', {}, 'POST')).status).toBe(405)
  })
})

describe('socket', () => {
  test('a token is good once, its session from then on', async () => {
    const once = token()
    const first = await connect()
    first.say({ type: 'hello', token: once })
    const welcome = (await first.next()) as { type: string; session: string }
    expect(welcome.type).toBe('welcome')

    const thief = await connect()
    thief.say({ type: 'hello', token: once })
    expect(await thief.next()).toEqual({ type: 'refused', reason: 'token' })
    expect(await thief.next()).toEqual({ closed: 4401 })

    const reload = await connect()
    reload.say({ type: 'hello', session: welcome.session })
    expect(await reload.next()).toEqual(welcome)
    const wrong = await connect()
    wrong.say({ type: 'hello', session: `${welcome.session}x` })
    expect(await wrong.next()).toEqual({ type: 'refused', reason: 'session' })
  })

  test('nothing is answered or pushed before the sign-in', async () => {
    const client = await connect()
    client.say({ type: 'call', id: 1, name: 'view.get', params: {} })
    expect(await client.next()).toEqual({ type: 'refused', reason: 'hello' })
    expect(calls).toEqual([])
    expect(push).toBeUndefined()
  })

  test('calls are answered by their number, changes are pushed', async () => {
    const client = await connect()
    client.say({ type: 'hello', token: token() })
    await client.next()
    client.say({ type: 'call', id: 7, name: 'order.start', params: { a: 1 } })
    expect(await client.next()).toEqual({ type: 'reply', id: 7, ok: true, result: { name: 'order.start' } })
    expect(calls).toEqual([{ name: 'order.start', params: { a: 1 } }])
    push?.({ slots: [] })
    expect(await client.next()).toEqual({ type: 'push', patch: { slots: [] } })
  })

  test.each([['{"type":'], ['[]'], ['{"type":"call"}'], ['"hello"']])(
    'the frame %s ends the connection',
    async (text) => {
      const socket = new WebSocket(`${loopback.origin.replace('http', 'ws')}/socket`, { origin: loopback.origin })
      await new Promise((resolve) => socket.once('open', resolve))
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.send(text)
      expect(await closed).toBe(1008)
    },
  )

  test('another origin, or another path, cannot connect', async () => {
    await expect(connect('http://evil.example')).rejects.toThrow(/403/u)
    await expect(connect(loopback.origin.replace('127.0.0.1', 'localhost'))).rejects.toThrow(/403/u)
    await expect(connect(loopback.origin, '/other')).rejects.toThrow(/403/u)
  })
})
