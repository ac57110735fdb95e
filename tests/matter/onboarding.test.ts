import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OnboardingError } from '../../src/main/matter/onboarding-error.ts'
import {
  encodeManualCode,
  encodeQrPayload,
  formatManualCode,
  parseManualCode,
  parseQrPayload,
  type CommissioningFlow,
} from '../../src/main/matter/onboarding-payload.ts'
import { generatePasscode, INVALID_PASSCODES, isValidPasscode } from '../../src/main/matter/passcode.ts'
import { computeVerifier } from '../../src/main/matter/spake2p.ts'

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

  test('salt and iterations outside the limits are refused', () => {
    const salt = new Uint8Array(16)
    expect(() => computeVerifier({ passcode: 1, salt: new Uint8Array(15), iterations: 1000 })).toThrow(/16 to 32/u)
    expect(() => computeVerifier({ passcode: 1, salt, iterations: 999 })).toThrow(/1000 to 100000/u)
  })
})
