import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OnboardingExtension } from '../../src/main/matter/onboarding-extension.ts'
import { OnboardingError } from '../../src/main/matter/onboarding-error.ts'
import {
  encodeManualCode,
  encodeQrPayload,
  formatManualCode,
  parseManualCode,
  parseQrPayload,
  type CommissioningFlow,
} from '../../src/main/matter/onboarding-payload.ts'
import { decodeBase38, encodeBase38 } from '../../src/main/matter/base38.ts'
import { encodeExtension } from '../../src/main/matter/onboarding-extension.ts'
import { generatePasscode, INVALID_PASSCODES, isValidPasscode } from '../../src/main/matter/passcode.ts'
import { computeVerifier, verifierFault, verifierMatches } from '../../src/main/matter/spake2p.ts'

const rows = (file: string): Record<string, string>[] =>
  parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url)), { columns: true })

const payloadOf = (row: Record<string, string>) => ({
  vendorId: Number(row.vid),
  productId: Number(row.pid),
  flow: Number(row.flow) as CommissioningFlow,
  discovery: Number(row.discovery),
  discriminator: Number(row.discriminator),
  passcode: Number(row.passcode),
})

const anyPayload = fc.record({
  vendorId: fc.integer({ min: 0, max: 0xffff }),
  productId: fc.integer({ min: 0, max: 0xffff }),
  flow: fc.constantFrom<CommissioningFlow>(0, 1, 2),
  discovery: fc.integer({ min: 0, max: 0xff }),
  discriminator: fc.integer({ min: 0, max: 0xfff }),
  passcode: fc.integer({ min: 1, max: 99_999_998 }).filter(isValidPasscode),
})

const anyExtension: fc.Arbitrary<OnboardingExtension> = fc.record(
  {
    serialNumber: fc.oneof(fc.string({ minLength: 1, maxLength: 32 }), fc.nat(0xffffffff)),
    iterations: fc.integer({ min: 1000, max: 100_000 }),
    salt: fc.uint8Array({ minLength: 16, maxLength: 32 }),
    numberOfDevices: fc.integer({ min: 1, max: 255 }),
    commissioningTimeout: fc.nat(0xffff),
    others: fc.array(
      fc.record({ tag: fc.integer({ min: 5, max: 255 }), type: fc.constant('text' as const), value: fc.string() }),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
)

describe('onboarding payload', () => {
  test('QR and manual codes equal the reference vectors, and are read back', () => {
    for (const row of rows('onboarding/payloads.csv')) {
      const payload = payloadOf(row)
      expect(encodeQrPayload(payload)).toBe(row.qrcode)
      expect(encodeManualCode(payload)).toBe(row.manualcode)
      expect(formatManualCode(row.manualcode ?? '').join('|')).toBe(row.manualcode_formatted)
      expect(parseQrPayload(row.qrcode ?? '')).toEqual(payload)
    }
  })

  test('every payload survives the QR code', () => {
    fc.assert(
      fc.property(anyPayload, (payload) => {
        expect(parseQrPayload(encodeQrPayload(payload))).toEqual(payload)
      }),
    )
  })

  test('every extension survives the QR code, and leaves the manual code alone', () => {
    fc.assert(
      fc.property(anyPayload, anyExtension, (payload, extension) => {
        const code = encodeQrPayload({ ...payload, extension })
        expect(code.slice(0, 3 + 15)).toBe(encodeQrPayload(payload).slice(0, 3 + 15))
        expect(parseQrPayload(code)).toEqual({ ...payload, extension })
        expect(encodeManualCode({ ...payload, extension })).toBe(encodeManualCode(payload))
      }),
    )
  })

  test('the extension is an anonymous structure with context-specific tags', () => {
    const extension = { serialNumber: '1234567890', iterations: 1000, salt: Buffer.from('SPAKE2P Key Salt') }
    expect(Buffer.from(encodeExtension(extension)).toString('hex')).toBe(
      `15${'2c000a31323334353637383930'}${'2501e803'}${'300210'}${Buffer.from('SPAKE2P Key Salt').toString('hex')}18`,
    )
  })

  test.each([
    [
      'an iteration count that is too small',
      { iterations: 999 },
      /iteration count 999 is not allowed; 1000 to 100000/u,
    ],
    ['a salt that is too short', { salt: new Uint8Array(15) }, /salt has 15 bytes; 16 to 32/u],
    ['a serial number that is too long', { serialNumber: 'ä'.repeat(17) }, /serial number has 34 bytes; 1 to 32/u],
    ['a tag that is taken', { others: [{ tag: 2, type: 'null' as const }] }, /tag 2 is the salt/u],
  ])('%s is refused', (_, extension, message) => {
    const payload = { vendorId: 1, productId: 1, flow: 0 as const, discovery: 2, discriminator: 1, passcode: 1 }
    expect(() => encodeQrPayload({ ...payload, extension })).toThrow(message)
  })

  test('bytes after the payload that are no extension are refused, mutated ones give an error or a payload', () => {
    const code = encodeQrPayload({
      vendorId: 0xfff1,
      productId: 0x8000,
      flow: 0,
      discovery: 2,
      discriminator: 3840,
      passcode: 20202021,
      extension: { serialNumber: 'SN', salt: new Uint8Array(16) },
    })
    const bytes = decodeBase38(code.slice(3))
    fc.assert(
      fc.property(fc.integer({ min: 11, max: bytes.length - 1 }), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(bytes)
        changed[at] = value
        for (const candidate of [changed, bytes.subarray(0, at + 1)])
          try {
            parseQrPayload(`MT:${encodeBase38(candidate)}`)
          } catch (error) {
            expect(error).toBeInstanceOf(OnboardingError)
          }
      }),
    )
    expect(() => parseQrPayload(`MT:${encodeBase38(bytes.subarray(0, 12))}`)).toThrow(/TLV part .* cannot be read/u)
  })

  test('every manual code keeps the passcode, and one wrong digit is noticed', () => {
    fc.assert(
      fc.property(anyPayload, fc.nat(20), fc.integer({ min: 1, max: 9 }), (payload, position, change) => {
        const code = encodeManualCode(payload)
        const read = parseManualCode(formatManualCode(code).join(' '))
        expect(read.passcode).toBe(payload.passcode)
        expect(read.shortDiscriminator).toBe(payload.discriminator >> 8)
        expect(read.vendorId).toBe(payload.flow === 0 ? undefined : payload.vendorId)
        const at = position % code.length
        const wrong = code.slice(0, at) + ((Number(code[at]) + change) % 10) + code.slice(at + 1)
        expect(() => parseManualCode(wrong)).toThrow(OnboardingError)
      }),
    )
  })

  test('hostile text gives a typed error or a payload, nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^MT:[0-9A-Z.-]{0,40}$/u), fc.stringMatching(/^\d{11}$/u)),
        (text) => {
          for (const read of [parseQrPayload, parseManualCode])
            try {
              read(text)
            } catch (error) {
              expect(error).toBeInstanceOf(OnboardingError)
            }
        },
      ),
    )
  })
})

describe('passcode', () => {
  test('the twelve trivial passcodes are never generated, even when the source insists', () => {
    expect(INVALID_PASSCODES.size).toBe(12)
    const insisting = [...INVALID_PASSCODES, 134_217_727, 100_000_000, 99_999_999, 4711]
    const passcode = generatePasscode(() => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32LE(insisting.shift() ?? 0)
      return bytes
    })
    expect(passcode).toBe(4711)
  })
})

describe('SPAKE2+ verifier', () => {
  test('equals the reference vectors', () => {
    for (const row of rows('spake2p/verifiers.csv').filter((_, index) => index % 4 === 0))
      expect(
        Buffer.from(
          computeVerifier({
            passcode: Number(row.passcode),
            salt: Buffer.from(row.salt_b64 ?? '', 'base64'),
            iterations: Number(row.iterations),
          }),
        ).toString('base64'),
      ).toBe(row.verifier_b64)
  })

  test('a verifier is recognised as that of its passcode and of no other', () => {
    const input = { passcode: 20202021, salt: Buffer.from('SPAKE2P Key Salt'), iterations: 1000 }
    const verifier = computeVerifier(input)
    expect(verifierMatches(verifier, input)).toBe(true)
    expect(verifierMatches(verifier, { ...input, passcode: 20202022 })).toBe(false)
    expect(verifierMatches(verifier.subarray(1), input)).toBe(false)
    expect(verifierFault(verifier)).toBeUndefined()
    const changed = (at: number, value: number): Uint8Array => Uint8Array.from(verifier).fill(value, at, at + 4)
    expect(verifierFault(verifier.subarray(1))).toMatch(/96 bytes; 97/u)
    expect(verifierFault(Uint8Array.from(verifier).fill(0xff, 0, 32))).toMatch(/order of P-256/u)
    expect(verifierFault(changed(60, 0))).toMatch(/point of P-256/u)
  })

  test('salt and iterations outside the limits are refused', () => {
    const salt = new Uint8Array(16)
    expect(() => computeVerifier({ passcode: 1, salt: new Uint8Array(15), iterations: 1000 })).toThrow(/16 to 32/u)
    expect(() => computeVerifier({ passcode: 1, salt, iterations: 999 })).toThrow(/1000 to 100000/u)
  })
})
