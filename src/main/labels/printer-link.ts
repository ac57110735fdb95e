/** A raw connection to a printer (TCP port 9100): bytes out, and one question at a time with an answer that has to come in time. */
import { connect, type Socket } from 'node:net'
import { PrinterError } from './printer.ts'

/** Finds an answer at the start of what has come in: its text, or undefined while it is not whole. */
export type AnswerFinder = (received: string) => string | undefined

export interface PrinterLink {
  readonly lost: boolean
  /**
   * @param limit time that the printer has to take the bytes, ms; one that does not is hung up on
   * @throws PrinterError `unknown` when the connection breaks before the system has taken the bytes
   */
  write(bytes: Uint8Array | string, limit: number): Promise<void>
  /** The answer, or null when none came in time; what comes late is thrown away with the next question. */
  ask(question: string, find: AnswerFinder, limit: number): Promise<string | null>
  close(): void
}

/** More than any answer; a printer that talks on is not listened to for ever. */
const RECEIVED_AT_MOST = 8192

const overSocket = (socket: Socket): PrinterLink => {
  let received = ''
  let lost = false
  let listen: (() => void) | undefined
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received = (received + text).slice(-RECEIVED_AT_MOST)
    listen?.()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    lost = true
    listen?.()
  })
  const write = (bytes: Uint8Array | string, limit: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (lost) return reject(new PrinterError('nothing', 'the connection to the printer is gone'))
      const end = (error?: unknown): void => {
        clearTimeout(timer)
        socket.off('close', broke)
        if (error) reject(new PrinterError('unknown', 'the connection to the printer broke'))
        else resolve()
      }
      const broke = (): void => end(true)
      const timer = setTimeout(() => socket.destroy(), limit)
      socket.once('close', broke)
      socket.write(bytes, end)
    })
  return {
    get lost() {
      return lost
    },
    write,
    async ask(question, find, limit) {
      received = ''
      try {
        await write(question, limit)
      } catch {
        return null
      }
      return new Promise((resolve) => {
        const end = (answer: string | null): void => {
          clearTimeout(timer)
          listen = undefined
          resolve(answer)
        }
        const timer = setTimeout(() => end(null), limit)
        listen = () => {
          const answer = find(received)
          if (answer !== undefined) end(answer)
          else if (lost) end(null)
        }
        listen()
      })
    },
    close: () => void socket.destroy(),
  }
}

/** @throws PrinterError `nothing` when nobody listens there or the time is up */
export const openPrinterLink = (host: string, port: number, limit: number): Promise<PrinterLink> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    const fail = (why: string): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(new PrinterError('nothing', `the printer at ${host}:${port} cannot be reached (${why})`))
    }
    const timer = setTimeout(() => fail(`no answer in ${limit} ms`), limit)
    const refused = (error: Error): void => fail(error.message)
    socket.once('error', refused)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', refused)
      resolve(overSocket(socket))
    })
  })
