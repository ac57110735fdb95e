import { describe, expect, test } from 'vitest'
import {
  checkText,
  checkUnit,
  isAllRight,
  LabelTextError,
  readLabelText,
  type DeviceFacts,
  type RecordedFacts,
} from '../../src/main/inspection/check-unit.ts'
import { encodeManualCode, encodeQrPayload, type OnboardingPayload } from '../../src/main/matter/onboarding-payload.ts'
import { computeVerifier } from '../../src/main/matter/spake2p.ts'

const payload: OnboardingPayload = {
  vendorId: 0xfff1,
  productId: 0x8000,
  flow: 0,
  discovery: 2,
  discriminator: 3840,
  passcode: 20202021,
}
const salt = Buffer.from('SPAKE2P Key Salt')
const device: DeviceFacts = {
  mac: '58:CF:79:C3:D4:03',
  faults: [],
  factory: {
    vendorId: 0xfff1,
    productId: 0x8000,
    discriminator: 3840,
    iterations: 1000,
    salt,
    verifier: computeVerifier({ passcode: 20202021, salt, iterations: 1000 }),
    serialNumber: 'AL-1',
  },
}
const record: RecordedFacts = { mac: '58:CF:79:C3:D4:03', serial: 'AL-1', passed: true }
const qr = readLabelText(encodeQrPayload(payload))

const wrong = (
  change: Partial<DeviceFacts['factory']>,
  rest: { device?: Partial<DeviceFacts>; record?: RecordedFacts | null } = {},
): string[] => {
  const checked = { ...device, factory: { ...device.factory, ...change }, ...rest.device }
  const findings = checkUnit(qr, checked, rest.record === undefined ? record : rest.record)
  expect(isAllRight(findings)).toBe(false)
  return findings.filter((item) => item.right === false).map((item) => item.point)
}

describe('spot check', () => {
  test('label, device and records that agree are right', () => {
    expect(isAllRight(checkUnit(qr, device, record))).toBe(true)
    expect(checkUnit(qr, device, undefined).map((item) => item.point)).not.toContain('record')
  })

  test('a manual pairing code is enough, and says what it cannot tell', () => {
    const findings = checkUnit(readLabelText(encodeManualCode(payload)), device, record)
    expect(isAllRight(findings)).toBe(true)
    expect(findings.find((item) => item.point === 'vendor-and-product')?.right).toBeNull()
  })

  test.each([
    ['another passcode', { verifier: computeVerifier({ passcode: 1234567, salt, iterations: 1000 }) }, ['passcode']],
    ['another discriminator', { discriminator: 3841 }, ['discriminator']],
    ['another product', { productId: 0x8001 }, ['vendor-and-product']],
    ['another serial number', { serialNumber: 'AL-2' }, ['serial']],
    ['a salt that is too short', { salt: Buffer.from('short') }, ['passcode']],
  ])('%s is wrong', (_, change, points) => expect(wrong(change)).toEqual(points))

  test('nothing on the device is wrong in every point that needs it', () => {
    expect(wrong({}, { device: { factory: {}, faults: ['no partition'] } })).toEqual([
      'partition',
      'vendor-and-product',
      'discriminator',
      'passcode',
      'serial',
    ])
  })

  test('a label of another unit, of no unit, and of one that has not passed', () => {
    expect(wrong({}, { record: { mac: '58:CF:79:C3:D4:06', serial: 'AL-2', passed: true } })).toEqual(['serial', 'mac'])
    expect(wrong({}, { record: null })).toEqual(['record'])
    expect(wrong({}, { record: { ...record, passed: false } })).toEqual(['record'])
  })

  test('each finding has a sentence in which every value stands', () => {
    for (const changed of [device, { ...device, mac: null }, { ...device, factory: {}, faults: ['no partition'] }])
      for (const found of [record, { ...record, passed: false, serial: 'AL-2' }, null])
        for (const item of checkUnit(qr, changed, found))
          expect(checkText(item), item.code).not.toMatch(/[{}]|undefined/u)
  })

  test('no finding holds the passcode', () => {
    const findings = [...checkUnit(qr, device, record), ...checkUnit(qr, { ...device, factory: {} }, null)]
    expect(JSON.stringify(findings)).not.toContain('20202021')
  })

  test.each(['', 'MT:', 'MT:!!!', '1234', 'https://example.com', '1234-567-8901'])('%j is no label', (text) => {
    expect(() => readLabelText(text)).toThrow(LabelTextError)
  })
})
