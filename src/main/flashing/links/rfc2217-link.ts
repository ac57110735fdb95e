import { connectSocket, settleSocket, writeSocket } from './socket-link.ts'
import { RunFailure } from '../failure.ts'
import type { Link, LinkOptions } from './link.ts'
import {
  ANSWER,
  COM_PORT,
  CONTROL,
  escapeData,
  negotiation,
  OPTION,
  subnegotiation,
  TELNET,
  telnetDecoder,
} from './telnet.ts'

/** A server in the same building answers in milliseconds. */
const ANSWER_LIMIT = 3_000
const DATA_BITS = 8
const NO_PARITY = 1
const ONE_STOP_BIT = 1

const baudBytes = (baud: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, baud)
  return bytes
}

/**
 * A serial device server that can set the rate and the control lines (`rfc2217://host:port`).
 *
 * Source: RFC 2217, Telnet Com Port Control Option.
 *
 * @throws RunFailure `port-lost` when nobody listens there, or nobody who speaks RFC 2217; `baud-unsupported`
 */
export const openRfc2217Link = async (address: string, options: LinkOptions): Promise<Link> => {
  const socket = await connectSocket(address)
  const decoder = telnetDecoder()
  let lost: ((reason: string) => void) | undefined
  let listener: ((bytes: Uint8Array) => void) | undefined
  /** Who waits for which answer of the COM port option, in order. */
  const waiting = new Map<number, ((value: Uint8Array) => void)[]>()
  let willing: () => void = () => undefined
  const agreed = new Promise<void>((resolve) => {
    willing = resolve
  })

  const supported = new Set<number>(Object.values(OPTION))
  const asked = new Set<number>()
  /** Says yes to the options that are known and no to the others, once to each. */
  const negotiate = (verb: number, option: number): void => {
    if (verb === TELNET.do && option === OPTION.comPort) willing()
    if (asked.has(verb * 256 + option) || verb === TELNET.wont || verb === TELNET.dont) return
    asked.add(verb * 256 + option)
    const yes = supported.has(option)
    if (verb === TELNET.do) socket.write(negotiation(yes ? TELNET.will : TELNET.wont, option))
    else socket.write(negotiation(yes ? TELNET.do : TELNET.dont, option))
  }

  socket.on('data', (received) => {
    for (const event of decoder.push(received))
      if (event.type === 'data') listener?.(event.bytes)
      else if (event.type === 'negotiation') negotiate(event.verb, event.option)
      else if (event.option === OPTION.comPort) {
        const [code = 0, ...value] = event.bytes
        waiting.get(code)?.shift()?.(Uint8Array.from(value))
      }
  })
  socket.on('error', () => undefined)
  socket.on('close', () => lost?.('the connection was closed'))

  const closed = new Promise<never>((_, reject) => {
    socket.once('close', () => reject(new Error('the connection was closed')))
  })
  // Nobody waits for it once the link is open.
  closed.catch(() => undefined)
  const inTime = async <T>(answer: Promise<T>, what: string): Promise<T> => {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`the server did not answer ${what}`)), ANSWER_LIMIT)
    try {
      return await Promise.race([answer, promise, closed])
    } finally {
      clearTimeout(timer)
    }
  }
  const command = async (code: number, value: Uint8Array, what: string): Promise<Uint8Array> => {
    const answer = new Promise<Uint8Array>((resolve) => {
      waiting.set(code + ANSWER, [...(waiting.get(code + ANSWER) ?? []), resolve])
    })
    socket.write(subnegotiation(OPTION.comPort, Uint8Array.from([code, ...value])))
    return inTime(answer, what)
  }
  const setBaud = async (baud: number): Promise<void> => {
    const answer = await command(COM_PORT.setBaudrate, baudBytes(baud), `to ${baud} baud`)
    const set = answer.length === 4 ? new DataView(answer.buffer).getUint32(0) : 0
    if (set !== baud) throw new Error(`the server set ${set} baud`)
  }

  try {
    for (const option of Object.values(OPTION))
      for (const verb of [TELNET.will, TELNET.do]) socket.write(negotiation(verb, option))
    // What the server sends back to these is the answer to our own words, not a question.
    for (const option of supported) for (const verb of [TELNET.will, TELNET.do]) asked.add(verb * 256 + option)
    await inTime(agreed, 'to RFC 2217')
    await setBaud(options.baud)
    await command(COM_PORT.setDatasize, Uint8Array.of(DATA_BITS), 'to the data size')
    await command(COM_PORT.setParity, Uint8Array.of(NO_PARITY), 'to the parity')
    await command(COM_PORT.setStopsize, Uint8Array.of(ONE_STOP_BIT), 'to the stop bits')
  } catch (error) {
    socket.destroy()
    const why = error instanceof Error ? error.message : String(error)
    throw new RunFailure('port-lost', 'connect', `${address}: ${why}`, { port: address })
  }

  return {
    address,
    hasLines: () => true,
    hasBaud: true,
    ownUsb: undefined,
    write: (bytes) => writeSocket(socket, address, escapeData(bytes)),
    settle: () => settleSocket(socket),
    onData(next) {
      listener = next
    },
    onLost(next) {
      lost = next
    },
    async setLines({ dtr, rts }) {
      // Both at once: a round trip between them is long enough for the board to start with its boot pin still high.
      await Promise.all([
        command(COM_PORT.setControl, Uint8Array.of(dtr ? CONTROL.dtrOn : CONTROL.dtrOff), 'to DTR'),
        command(COM_PORT.setControl, Uint8Array.of(rts ? CONTROL.rtsOn : CONTROL.rtsOff), 'to RTS'),
      ])
    },
    setBaud,
    discardInput: () => Promise.resolve(),
    close() {
      lost = undefined
      listener = undefined
      socket.destroy()
      return Promise.resolve()
    },
  }
}
