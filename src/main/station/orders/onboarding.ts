import type { OrderPlan } from '../../line/order-plan.ts'
import type { OnboardingPayload } from '../../matter/onboarding-payload.ts'

/** The onboarding payload of a unit: what its label's codes say. */
export const onboardingOf = (
  plan: Pick<OrderPlan, 'product'>,
  secrets: { readonly discriminator: number; readonly passcode: number },
): OnboardingPayload => ({
  vendorId: plan.product.vendorId,
  productId: plan.product.productId,
  flow: 0,
  discovery: plan.product.discovery,
  discriminator: secrets.discriminator,
  passcode: secrets.passcode,
})
