/**
 * Telnet's command language, as far as serial device servers use it (RFC 854, RFC 2217): commands begin with 255, which is doubled in
 * data.
 */
export const IAC = 255
export const TELNET = { se: 240, sb: 250, will: 251, wont: 252, do: 253, dont: 254 } as const
export const OPTION = { binary: 0, suppressGoAhead: 3, comPort: 44 } as const

export type TelnetEvent =
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  /** WILL, WONT, DO or DONT. */
  | { readonly type: 'negotiation'; readonly verb: number; readonly option: number }
  | { readonly type: 'subnegotiation'; readonly option: number; readonly bytes: Uint8Array }

/** No subnegotiation of a device server is longer; what is, is noise. */
const LONGEST_SUBNEGOTIATION = 1024

export interface TelnetDecoder {
  /** Takes received bytes, in pieces of any size. */
  push(bytes: Uint8Array): TelnetEvent[]
}

export const telnetDecoder = (): TelnetDecoder => {
  let state: 'data' | 'command' | 'option' | 'inside' | 'inside-command' = 'data'
  let verb = 0
  let inside: number[] = []
  return {
    push(bytes) {
      const events: TelnetEvent[] = []
      let data: number[] = []
      const endData = (): void => {
        if (data.length > 0) events.push({ type: 'data', bytes: Uint8Array.from(data) })
        data = []
      }
      for (const byte of bytes)
        switch (state) {
          case 'data':
            if (byte === IAC) state = 'command'
            else data.push(byte)
            break
          case 'command':
            if (byte === IAC) {
              data.push(byte)
              state = 'data'
            } else if (byte === TELNET.sb) {
              inside = []
              state = 'inside'
            } else if (byte >= TELNET.will) {
              verb = byte
              state = 'option'
            } else state = 'data'
            break
          case 'option':
            endData()
            events.push({ type: 'negotiation', verb, option: byte })
            state = 'data'
            break
          case 'inside':
            if (byte === IAC) state = 'inside-command'
            else if (inside.length < LONGEST_SUBNEGOTIATION) inside.push(byte)
            break
          case 'inside-command':
            if (byte === IAC) {
              inside.push(byte)
              state = 'inside'
            } else {
              const [option, ...rest] = inside
              endData()
              if (byte === TELNET.se && option !== undefined)
                events.push({ type: 'subnegotiation', option, bytes: Uint8Array.from(rest) })
              state = 'data'
            }
        }
      endData()
      return events
    },
  }
}

/** Data with every 255 doubled. */
export const escapeData = (bytes: Uint8Array): Uint8Array => {
  let at = 0
  const out = new Uint8Array(bytes.length * 2)
  for (const byte of bytes) {
    out[at++] = byte
    if (byte === IAC) out[at++] = byte
  }
  return out.subarray(0, at)
}

export const negotiation = (verb: number, option: number): Uint8Array => Uint8Array.of(IAC, verb, option)

export const subnegotiation = (option: number, bytes: Uint8Array): Uint8Array =>
  Uint8Array.from([IAC, TELNET.sb, option, ...escapeData(bytes), IAC, TELNET.se])

/** What a client says to the COM port option; the server's answer has the same number plus 100 (RFC 2217, section 3). */
export const COM_PORT = {
  setBaudrate: 1,
  setDatasize: 2,
  setParity: 3,
  setStopsize: 4,
  setControl: 5,
  purgeData: 12,
} as const
export const ANSWER = 100

/** Values of SET-CONTROL. */
export const CONTROL = { dtrOn: 8, dtrOff: 9, rtsOn: 11, rtsOff: 12 } as const
