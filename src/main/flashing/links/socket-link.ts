import { connect, type Socket } from 'node:net'
import { RunFailure } from '../failure.ts'
import type { Link } from './link.ts'
import { NETWORK_FORMS, networkAddress } from './network-address.ts'

const CONNECT_LIMIT = 5_000

/** @throws RunFailure `port-lost` for an address that is none, and when nobody listens at the address's host and port */
export const connectSocket = async (address: string): Promise<Socket> => {
  const there = networkAddress(address)
  if (!there)
    throw new RunFailure('port-lost', 'connect', `${address} is no address; ${NETWORK_FORMS} are`, { port: address })
  const socket = connect({ host: there.host, port: there.port, noDelay: true })
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      socket.destroy()
      reject(new RunFailure('port-lost', 'connect', `${address}: cannot connect (${why})`, { port: address }))
    }
    const limit = setTimeout(() => fail('no answer in 5 s'), CONNECT_LIMIT)
    socket.once('connect', () => {
      clearTimeout(limit)
      socket.removeAllListeners('error')
      resolve()
    })
    socket.once('error', (error) => {
      clearTimeout(limit)
      fail(error.message)
    })
  })
  return socket
}

/** Resolves when the socket takes more. @throws RunFailure `port-lost` when it is gone */
export const writeSocket = (socket: Socket, address: string, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.destroyed)
      reject(new RunFailure('port-lost', 'connect', `${address}: the connection is gone`, { port: address }))
    else if (socket.write(bytes)) resolve()
    else socket.once('drain', resolve)
  })

/** This thread owns its sockets itself: its own turn it is. */
export const settleSocket = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.writableNeedDrain && !socket.destroyed) socket.once('drain', resolve)
    else setImmediate(resolve)
  })

/**
 * A serial device server reached by plain TCP (`socket://host:port`): bytes only, without control lines or baud rate.
 *
 * @throws RunFailure `port-lost` when nobody listens there
 */
export const openSocketLink = async (address: string): Promise<Link> => {
  const socket = await connectSocket(address)
  let lost: ((reason: string) => void) | undefined
  let listener: ((bytes: Uint8Array) => void) | undefined
  socket.on('data', (bytes) => listener?.(bytes))
  socket.on('error', () => undefined)
  socket.on('close', () => lost?.('the connection was closed'))

  return {
    address,
    hasLines: () => false,
    hasBaud: false,
    ownUsb: undefined,
    write: (bytes) => writeSocket(socket, address, bytes),
    settle: () => settleSocket(socket),
    onData(next) {
      listener = next
    },
    onLost(next) {
      lost = next
    },
    setLines: () => Promise.resolve(),
    setBaud: () => Promise.resolve(),
    discardInput: () => Promise.resolve(),
    close() {
      lost = undefined
      listener = undefined
      socket.destroy()
      return Promise.resolve()
    },
  }
}
