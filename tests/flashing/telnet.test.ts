import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  escapeData,
  IAC,
  negotiation,
  OPTION,
  subnegotiation,
  TELNET,
  telnetDecoder,
  type TelnetEvent,
} from '../../src/main/flashing/links/telnet.ts'

const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 })

const item = fc.oneof(
  bytes.map((data) => ({ wire: escapeData(data), event: { type: 'data', bytes: data } satisfies TelnetEvent })),
  fc.tuple(fc.constantFrom(TELNET.will, TELNET.wont, TELNET.do, TELNET.dont), fc.nat(255)).map(([verb, option]) => ({
    wire: negotiation(verb, option),
    event: { type: 'negotiation', verb, option } satisfies TelnetEvent,
  })),
  bytes.map((data) => ({
    wire: subnegotiation(OPTION.comPort, data),
    event: { type: 'subnegotiation', option: OPTION.comPort, bytes: data } satisfies TelnetEvent,
  })),
)

/** Data that came in pieces, put together again. */
const joined = (events: readonly TelnetEvent[]): unknown[] => {
  const out: unknown[] = []
  for (const event of events) {
    const last = out.at(-1)
    if (event.type === 'data' && Array.isArray(last)) last.push(...event.bytes)
    else
      out.push(
        event.type === 'data' ? [...event.bytes] : 'bytes' in event ? { ...event, bytes: [...event.bytes] } : event,
      )
  }
  return out
}

describe('telnet', () => {
  test('what is encoded is decoded, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (items, size) => {
        const wire = Buffer.concat(items.map(({ wire: part }) => part))
        const decoder = telnetDecoder()
        const events: TelnetEvent[] = []
        for (let at = 0; at < wire.length; at += size) events.push(...decoder.push(wire.subarray(at, at + size)))
        expect(joined(events)).toEqual(joined(items.map(({ event }) => event)))
      }),
    )
  })

  test('hostile bytes give events of bounded size, and data after them is heard', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const decoder = telnetDecoder()
        decoder.push(noise)
        // Ends whatever was open.
        decoder.push(Uint8Array.of(IAC, TELNET.se, IAC, TELNET.se))
        const events = decoder.push(Uint8Array.of(1, 2, 3))
        expect(events.at(-1)).toMatchObject({ type: 'data' })
      }),
    )
    const decoder = telnetDecoder()
    decoder.push(Uint8Array.of(IAC, TELNET.sb, OPTION.comPort))
    for (let piece = 0; piece < 100; piece++) decoder.push(new Uint8Array(1000))
    const [event] = decoder.push(Uint8Array.of(IAC, TELNET.se))
    expect(event?.type === 'subnegotiation' && event.bytes.length).toBeLessThan(2000)
  })
})
