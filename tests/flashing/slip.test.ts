import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeSlip, slipDecoder } from '../../src/main/flashing/loader/slip.ts'

const payload = fc.uint8Array({ minLength: 1, maxLength: 400 })

describe('SLIP', () => {
  test('what is encoded is decoded, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (payloads, size) => {
        const wire = Buffer.concat(payloads.map(encodeSlip))
        const decoder = slipDecoder()
        const frames: Uint8Array[] = []
        for (let at = 0; at < wire.length; at += size) frames.push(...decoder.push(wire.subarray(at, at + size)))
        expect(frames.map((frame) => [...frame])).toEqual(payloads.map((bytes) => [...bytes]))
      }),
    )
  })

  test('a delimiter never stands inside a frame', () => {
    fc.assert(fc.property(payload, (bytes) => !encodeSlip(bytes).subarray(1, -1).includes(0xc0)))
  })

  test('text and noise before a frame do no harm to it', () => {
    const noise = fc.uint8Array({ maxLength: 60 }).filter((bytes) => !bytes.includes(0xc0))
    fc.assert(
      fc.property(noise, payload, (before, bytes) => {
        const frames = slipDecoder().push(Buffer.concat([before, encodeSlip(bytes)]))
        expect(frames).toHaveLength(1)
        expect([...(frames[0] ?? [])]).toEqual([...bytes])
      }),
    )
  })

  test('a frame with an invalid escape is dropped and the next one is not', () => {
    const frames = slipDecoder().push(Buffer.from([0xc0, 1, 0xdb, 0x01, 2, 0xc0, 0xc0, 7, 0xc0]))
    expect(frames.map((frame) => [...frame])).toEqual([[7]])
  })

  test('hostile bytes never give a frame longer than any loader sends', () => {
    const decoder = slipDecoder()
    decoder.push(Buffer.from([0xc0]))
    for (let piece = 0; piece < 40; piece++) expect(decoder.push(new Uint8Array(0x1000))).toEqual([])
    expect(decoder.push(Buffer.from([0xc0]))).toEqual([])
  })
})
