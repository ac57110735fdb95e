/** The codes on a unit's label: made from its own secrets, or as the manifest gives them. */
import { z } from 'zod'
import { openSecrets } from '../../identities/identity.ts'
import type { OrderPlan } from '../../line/order-plan.ts'
import { encodeManualCode, encodeQrPayload, parseQrPayload } from '../../matter/onboarding-payload.ts'
import type { Vault } from '../../security/vault.ts'
import { onboardingOf } from './onboarding.ts'

export interface UnitCodes {
  readonly qr: string
  readonly manualCode: string
  /** '2026-11-24'; null where a manifest does not tell. */
  readonly madeOn: string | null
}

/** What is sealed of a unit, and what it is sealed to. */
export interface SealedUnit {
  readonly id: string
  readonly sealed: Uint8Array
}

/** What of a manifest's row a label needs; the rest stays sealed. */
const ModuleSecrets = z.object({
  vendorId: z.number().optional(),
  productId: z.number().optional(),
  passcode: z.number().optional(),
  discriminator: z.number().optional(),
  qrCode: z.string().optional(),
  manualCode: z.string().optional(),
})
export type ModuleSecrets = z.infer<typeof ModuleSecrets>

export const openModule = (vault: Vault, { id, sealed }: SealedUnit): ModuleSecrets =>
  ModuleSecrets.parse(JSON.parse(Buffer.from(vault.open(id, sealed)).toString('utf8')))

/** Undefined where the row has neither a QR code nor passcode and discriminator. */
export const moduleCodes = (plan: Pick<OrderPlan, 'product'>, secrets: ModuleSecrets): UnitCodes | undefined => {
  const { passcode, discriminator, qrCode, manualCode } = secrets
  const qr =
    qrCode ??
    (passcode === undefined || discriminator === undefined
      ? undefined
      : encodeQrPayload(onboardingOf(plan, { passcode, discriminator })))
  if (qr === undefined) return undefined
  return { qr, manualCode: manualCode?.replace(/\D/gu, '') ?? encodeManualCode(parseQrPayload(qr)), madeOn: null }
}

/** @throws Error for a module without codes, which no order takes */
export const unitCodes = (plan: Pick<OrderPlan, 'product' | 'manifest'>, vault: Vault, unit: SealedUnit): UnitCodes => {
  if (plan.manifest) {
    const codes = moduleCodes(plan, openModule(vault, unit))
    if (!codes) throw new Error(`module ${unit.id} has no codes`)
    return codes
  }
  const secrets = openSecrets(vault, unit.id, unit.sealed)
  const payload = onboardingOf(plan, secrets)
  return { qr: encodeQrPayload(payload), manualCode: encodeManualCode(payload), madeOn: secrets.madeOn }
}
