/** Records with units that passed, as a line leaves them, without flashing one. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plainScheme, USUAL_CHECKS } from '../../src/contract/index.ts'
import type { IdentitySecrets } from '../../src/main/identities/identity.ts'
import { sealedIdentity } from '../../src/main/identities/make-identity.ts'
import { templateByName } from '../../src/main/labels/templates.ts'
import type { OrderPlan } from '../../src/main/line/order-plan.ts'
import { encodeQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { openRecords, type Records } from '../../src/main/records/records.ts'
import { openVault, type Vault } from '../../src/main/security/vault.ts'
import { demoProduct } from '../../src/main/station/orders/demo-order.ts'
import { onboardingOf } from '../../src/main/station/orders/onboarding.ts'

export const plan: OrderPlan = {
  product: demoProduct,
  chip: 'esp32c3',
  baud: 921_600,
  release: {
    folder: '-',
    name: 'demo',
    version: '1',
    digest: '-',
    images: [],
    flashNeeded: 1,
    factory: { label: 'fctry', offset: 0, size: 4096 },
  },
  manifest: null,
  boards: USUAL_CHECKS,
  iterations: 1000,
  serial: plainScheme('AL-'),
  flashKey: null,
  nvsKeys: null,
  attestation: { paiCertificate: '', certificationDeclaration: null },
  mark: 'DEMO',
  testBuild: false,
  labelTemplate: templateByName('unit-40x20'),
  labelFields: {},
  carton: { size: 3, template: templateByName('carton-100x50') },
  labelDpi: 203,
}

export interface PassedUnit {
  readonly serial: string
  readonly mac: string
  readonly slot: number
  readonly labelId: string
  /** What its label's QR code says. */
  readonly qr: string
}

export interface PassedUnits {
  readonly folder: string
  readonly records: Records
  readonly vault: Vault
  order(number: string): Promise<string>
  /** A unit that passed in a slot; its label waits, or came out. */
  pass(orderId: string, slot: number, label: 'waiting' | 'printed', held?: boolean): Promise<PassedUnit>
  close(): Promise<void>
}

export const openPassedUnits = async (): Promise<PassedUnits> => {
  const folder = mkdtempSync(join(tmpdir(), 'imprint-passed-'))
  const records = await openRecords(join(folder, 'records.db'))
  const vault = openVault(randomBytes(32))
  let made = 0
  return {
    folder,
    records,
    vault,
    async order(number) {
      const id = randomUUID()
      await records.ask('createOrder', { id, number, plan: JSON.stringify(plan), quantity: 100, at: 1 })
      return id
    },
    async pass(orderId, slot, label, held = false) {
      const nth = ++made
      const secrets: IdentitySecrets = {
        serial: `AL-${String(nth).padStart(6, '0')}`,
        passcode: 20_202_020 + nth,
        discriminator: nth,
        salt: randomBytes(32),
        iterations: plan.iterations,
        verifier: randomBytes(97),
        rotatingId: randomBytes(16),
        dacCertificate: randomBytes(100),
        dacPrivateKey: randomBytes(32),
        dacPublicKey: randomBytes(65),
        madeOn: '2026-11-24',
      }
      const [runId, labelId] = [randomUUID(), randomUUID()]
      const mac = `7C:DF:A1:00:00:${nth.toString(16).toUpperCase().padStart(2, '0')}`
      await records.ask('addIdentity', { identity: sealedIdentity(vault, orderId, randomUUID(), secrets), at: 1 })
      await records.ask('beginRun', { runId, mac, chip: 'esp32c3', orderId, slot, at: nth })
      await records.ask('passRun', {
        runId,
        outcome: 'pass',
        at: nth,
        log: '[]',
        regions: [{ name: 'app', offset: 0, size: 4, md5: 'm', sha256: 's', skipped: false, verified: true }],
        label: { id: labelId, who: 'line', held },
      })
      if (label === 'printed')
        await records.ask('moveLabel', {
          id: labelId,
          from: ['waiting'],
          to: 'printed',
          fault: null,
          proof: null,
          at: nth,
        })
      return { serial: secrets.serial, mac, slot, labelId, qr: encodeQrPayload(onboardingOf(plan, secrets)) }
    },
    async close() {
      await records.close()
      rmSync(folder, { recursive: true })
    },
  }
}
