/** Label data for tests. */
import fc from 'fast-check'
import type { LabelData } from '../../src/main/labels/label-data.ts'
import { encodeManualCode, encodeQrPayload, type CommissioningFlow } from '../../src/main/matter/onboarding-payload.ts'
import { isValidPasscode } from '../../src/main/matter/passcode.ts'

export const SAMPLE: LabelData = {
  serial: 'DEMO-000123',
  mac: '7CDFA1000123',
  slot: 3,
  productName: 'Aurora Light',
  vendorName: 'Test Vendor',
  vendorId: 0xfff1,
  productId: 0x8000,
  qr: 'MT:Y.K9042C00KA0648G00',
  manualCode: '34970112332',
  orderNumber: 'DEMO-001',
  date: '2026-11-24',
  mark: 'DEMO',
  fields: {},
}

/** Random units of one product. */
export const anyLabel: fc.Arbitrary<LabelData> = fc
  .record({
    passcode: fc.integer({ min: 1, max: 99_999_998 }).filter(isValidPasscode),
    discriminator: fc.integer({ min: 0, max: 0xfff }),
    flow: fc.constantFrom<CommissioningFlow>(0, 1, 2),
    discovery: fc.constantFrom(2, 4, 6),
    number: fc.nat(999_999),
    mac: fc.stringMatching(/^[0-9A-F]{12}$/u),
    slot: fc.option(fc.integer({ min: 1, max: 32 })),
    productName: fc.constantFrom('Aurora Light', 'Aurora 极光灯', 'Łódź Čidlo', 'A^B~C_D\\E'),
    mark: fc.constantFrom('DEMO', 'TEST', null),
  })
  .map(({ passcode, discriminator, flow, discovery, number, ...data }) => {
    const payload = { vendorId: 0xfff1, productId: 0x8000, flow, discovery, discriminator, passcode }
    return {
      ...SAMPLE,
      ...data,
      serial: `AUR-${String(number).padStart(6, '0')}`,
      qr: encodeQrPayload(payload),
      manualCode: encodeManualCode(payload),
    }
  })
