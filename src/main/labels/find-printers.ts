/** A look for printers on the local network, only ever on demand: who takes a connection on the port for raw printing? Nothing is sent. */
import { connect } from 'node:net'

export interface LookOptions {
  readonly port?: number
  /** Connections at a time. */
  readonly atOnce?: number
  /** Milliseconds for a host to answer, and for the whole look. */
  readonly each?: number
  readonly whole?: number
}

const RAW_PORT = 9100

const answers = (host: string, port: number, each: number, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: each })
    const end = (isThere: boolean): void => {
      signal.removeEventListener('abort', stop)
      socket.destroy()
      resolve(isThere)
    }
    const stop = (): void => end(false)
    signal.addEventListener('abort', stop, { once: true })
    socket.once('connect', () => end(true))
    socket.once('timeout', stop)
    socket.on('error', stop)
  })

/** @returns addresses of printers in the order of `hosts`; what was found until then where it ends early */
export const findPrinters = async (
  hosts: readonly string[],
  signal: AbortSignal,
  { port = RAW_PORT, atOnce = 32, each = 500, whole = 20_000 }: LookOptions = {},
): Promise<string[]> => {
  const ended = new AbortController()
  const end = (): void => ended.abort()
  const timer = setTimeout(end, whole)
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  const found = new Set<string>()
  const rest = hosts.values()
  const walk = async (): Promise<void> => {
    for (const host of rest) {
      if (ended.signal.aborted) return
      if (await answers(host, port, each, ended.signal)) found.add(host)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, walk))
  clearTimeout(timer)
  signal.removeEventListener('abort', end)
  return hosts.filter((host) => found.has(host)).map((host) => `tcp://${host}:${port}`)
}
