/**
 * The loopback host: the renderer's files over HTTP and the contract over one authenticated WebSocket, bound to 127.0.0.1. No cookie;
 * Host and Origin must be exactly ours, so that no other page in the browser, and no name that resolves here, can speak to it.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { ToMain, type ToRenderer } from '../../contract/index.ts'
import type { Stations } from '../station/stations.ts'
import { rendererFiles } from './renderer-files.ts'
import { createSignIn } from './sign-in.ts'

export interface Loopback {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** An address that signs in once. */
  newAddress(): string
  close(): Promise<void>
}

const LARGEST_FRAME = 1 << 20
/** Somebody who connects and does not sign in is cut off, milliseconds. */
const HELLO_LIMIT = 5_000
const SIGNED_OUT = 4401

const serveSocket = (socket: WebSocket, stations: Stations, signIn: ReturnType<typeof createSignIn>): void => {
  const say = (frame: ToRenderer): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
  }
  let stopListening: (() => void) | undefined
  const limit = setTimeout(() => socket.close(SIGNED_OUT), HELLO_LIMIT)

  const onHello = (frame: Extract<ToMain, { type: 'hello' }>): void => {
    clearTimeout(limit)
    const answer = signIn.accept(frame)
    if ('refused' in answer) {
      say({ type: 'refused', reason: answer.refused })
      socket.close(SIGNED_OUT)
      return
    }
    stopListening ??= stations.onPatch((patch) => say({ type: 'push', patch }))
    say({ type: 'welcome', session: answer.session })
  }

  const onCall = async ({ id, name, params }: Extract<ToMain, { type: 'call' }>): Promise<void> => {
    const outcome = await stations.call(name, params)
    say({ type: 'reply', id, ...outcome })
  }

  socket.on('message', (data, isBinary) => {
    let parsed: ReturnType<typeof ToMain.safeParse> | undefined
    try {
      parsed = isBinary ? undefined : ToMain.safeParse(JSON.parse(String(data)))
    } catch {
      parsed = undefined
    }
    if (!parsed?.success) socket.close(1008)
    else if (parsed.data.type === 'hello') onHello(parsed.data)
    else if (stopListening) void onCall(parsed.data)
    else {
      say({ type: 'refused', reason: 'hello' })
      socket.close(SIGNED_OUT)
    }
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearTimeout(limit)
    stopListening?.()
  })
}

/**
 * @param folder of the built renderer
 * @param port 0 for any that is free
 */
export const startLoopback = async (stations: Stations, folder: string, port: number): Promise<Loopback> => {
  const signIn = createSignIn()
  let host = ''
  let files: ReturnType<typeof rendererFiles> = () => Promise.reject(new Error('not listening yet'))
  const isOurs = (request: IncomingMessage): boolean => request.headers.host === host

  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      if (!isOurs(request)) {
        response.writeHead(421).end()
        return
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end()
        return
      }
      const { pathname } = new URL(request.url ?? '/', `http://${host}`)
      const file = await files(pathname)
      response.writeHead(file.status, { ...file.headers }).end(request.method === 'HEAD' ? undefined : file.body)
    }
    answer().catch(() => response.destroy())
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_FRAME })
  server.on('upgrade', (request, socket, head) => {
    const pathname = URL.parse(request.url ?? '', `http://${host}`)?.pathname
    if (!isOurs(request) || request.headers.origin !== `http://${host}` || pathname !== '/socket') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (open) => serveSocket(open, stations, signIn))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  files = rendererFiles(folder, `ws://${host}`)
  const origin = `http://${host}`
  return {
    origin,
    newAddress: () => `${origin}/#token=${signIn.newToken()}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
