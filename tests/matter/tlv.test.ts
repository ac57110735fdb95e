import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTlv, member, TlvError, type TlvElement, type TlvTag, type TlvValue } from '../../src/main/matter/tlv.ts'
import { encodeTlv } from '../../src/main/matter/tlv-encode.ts'

const u16 = fc.nat(0xffff)
const u32 = fc.nat(0xffffffff)
const tag: fc.Arbitrary<TlvTag> = fc.oneof(
  fc.constant(undefined),
  fc.nat(255),
  fc.record({ vendor: u16, profile: u16, tag: u32 }),
  u32.map((number) => ({ vendor: 0, profile: 0, tag: number, implicit: true })),
)
const leaf: fc.Arbitrary<TlvValue> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ type: 'int' as const, value })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => ({ type: 'uint' as const, value })),
  fc.boolean().map((value) => ({ type: 'bool' as const, value })),
  fc.float().map((value) => ({ type: 'float' as const, value })),
  fc.double().map((value) => ({ type: 'double' as const, value })),
  fc.string({ unit: 'grapheme', maxLength: 300 }).map((value) => ({ type: 'text' as const, value })),
  fc.uint8Array({ maxLength: 300 }).map((value) => ({ type: 'bytes' as const, value })),
  fc.constant({ type: 'null' as const }),
)
const { element } = fc.letrec<{ element: TlvElement }>((tie) => ({
  element: fc
    .tuple(
      tag,
      fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc.record({
          type: fc.constantFrom<'structure' | 'array' | 'list'>('structure', 'array', 'list'),
          value: fc.array(tie('element'), { maxLength: 5 }),
        }),
      ),
    )
    .map(([name, value]) => ({ ...value, tag: name })),
}))

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')
const encoded = (value: TlvElement): string => Buffer.from(encodeTlv(value)).toString('hex')

describe('Matter TLV', () => {
  // Examples of the core specification, appendix A.12.
  test.each<[string, string, TlvElement]>([
    ['boolean false', '08', { tag: undefined, type: 'bool', value: false }],
    ['boolean true', '09', { tag: undefined, type: 'bool', value: true }],
    ['signed, 1 byte, 42', '00 2a', { tag: undefined, type: 'int', value: 42n }],
    ['signed, 1 byte, -17', '00 ef', { tag: undefined, type: 'int', value: -17n }],
    ['unsigned, 1 byte, 42', '04 2a', { tag: undefined, type: 'uint', value: 42n }],
    ['signed, 4 bytes', '02 f0 67 fd ff', { tag: undefined, type: 'int', value: -170000n }],
    ['signed, 8 bytes', '03 00 90 2f 50 09 00 00 00', { tag: undefined, type: 'int', value: 40000000000n }],
    ['text', '0c 06 48 65 6c 6c 6f 21', { tag: undefined, type: 'text', value: 'Hello!' }],
    ['bytes', '10 05 00 01 02 03 04', { tag: undefined, type: 'bytes', value: Uint8Array.of(0, 1, 2, 3, 4) }],
    ['null', '14', { tag: undefined, type: 'null' }],
    ['float', '0a cd cc 8c 41', { tag: undefined, type: 'float', value: Math.fround(17.6) }],
    ['double', '0b 9a 99 99 99 99 99 31 40', { tag: undefined, type: 'double', value: 17.6 }],
    ['empty structure', '15 18', { tag: undefined, type: 'structure', value: [] }],
    [
      'structure with context tags',
      '15 20 00 2a 20 01 ef 18',
      {
        tag: undefined,
        type: 'structure',
        value: [
          { tag: 0, type: 'int', value: 42n },
          { tag: 1, type: 'int', value: -17n },
        ],
      },
    ],
    ['common profile, 2 bytes', '44 01 00 2a', { tag: { vendor: 0, profile: 0, tag: 1 }, type: 'uint', value: 42n }],
    [
      'common profile, 4 bytes',
      '64 a0 86 01 00 2a',
      { tag: { vendor: 0, profile: 0, tag: 100000 }, type: 'uint', value: 42n },
    ],
    [
      'full tag',
      'c4 f1 ff ed de 01 00 2a',
      { tag: { vendor: 0xfff1, profile: 0xdeed, tag: 1 }, type: 'uint', value: 42n },
    ],
    [
      'full tag, 8 bytes',
      'e4 f1 ff ed de ed fe 55 aa 2a',
      { tag: { vendor: 0xfff1, profile: 0xdeed, tag: 0xaa55feed }, type: 'uint', value: 42n },
    ],
  ])('%s', (_, bytes, value) => {
    expect(encoded(value)).toBe(Buffer.from(hex(bytes)).toString('hex'))
    expect(decodeTlv(hex(bytes))).toEqual(value)
  })

  test('every element survives', () => {
    fc.assert(
      fc.property(element, (value) => {
        expect(decodeTlv(encodeTlv(value))).toEqual(value)
      }),
    )
  })

  test('wider integers than needed are read', () => {
    expect(decodeTlv(hex('07 2a00000000000000'))).toEqual({ tag: undefined, type: 'uint', value: 42n })
  })

  test('random, cut and mutated bytes give an element or a typed error', () => {
    const read = (bytes: Uint8Array): void => {
      try {
        decodeTlv(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(TlvError)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read))
    fc.assert(
      fc.property(element, fc.nat(), fc.nat(255), (value, place, byte) => {
        const bytes = Uint8Array.from(encodeTlv(value))
        const at = place % bytes.length
        expect(() => decodeTlv(bytes.subarray(0, at))).toThrow(TlvError)
        bytes[at] = byte
        read(bytes)
      }),
    )
  })

  test.each([
    ['nothing', '', 'cut-off'],
    ['a length beyond the end', '0f ffffffffffffffff', 'cut-off'],
    ['a container without end', '15 08', 'cut-off'],
    ['an end without container', '18', 'type'],
    ['an unknown type', '19', 'type'],
    ['more after the element', '08 08', 'surplus'],
    ['text that is not UTF-8', '0c 01 ff', 'text'],
    ['containers without end', '15'.repeat(100_000), 'depth'],
  ])('%s is refused', (_, bytes, code) => {
    expect(() => decodeTlv(hex(bytes))).toThrow(expect.objectContaining({ name: 'TlvError', code }))
  })

  test('what cannot be written is refused', () => {
    expect(() => encodeTlv({ tag: 256, type: 'null' })).toThrow(TlvError)
    expect(() => encodeTlv({ tag: undefined, type: 'uint', value: 2n ** 64n })).toThrow(TlvError)
    expect(() => encodeTlv({ tag: undefined, type: 'uint', value: -1n })).toThrow(TlvError)
  })

  test('a member is found by its context-specific tag', () => {
    const structure = decodeTlv(hex('15 2400 01 2401 02 18'))
    expect(member(structure, 1)).toEqual({ tag: 1, type: 'uint', value: 2n })
    expect(member(structure, 2)).toBeUndefined()
    expect(member({ tag: undefined, type: 'null' }, 1)).toBeUndefined()
  })
})
