/** What goes into the esp_secure_cert partition in place of the manufacturing partition. */
import { GenerationError } from './generation-error.ts'
import type { SecureCertPlan } from './plan.ts'

export interface SecureCertOptions {
  readonly secureCertBin: boolean
  readonly dacInSecureCert?: true
  readonly commissionableDataInSecureCert?: true
  readonly rdIdUidInSecureCert?: true
  readonly enableRotatingDeviceId?: true
}

/** @throws GenerationError naming the option that lacks another */
export const secureCertPlan = (options: SecureCertOptions, hasDacs: boolean): SecureCertPlan | undefined => {
  if (!options.secureCertBin) return undefined
  const { dacInSecureCert, commissionableDataInSecureCert, rdIdUidInSecureCert } = options
  if (!dacInSecureCert) {
    const other = commissionableDataInSecureCert
      ? '--commissionable-data-in-secure-cert'
      : rdIdUidInSecureCert
        ? '--rd-id-uid-in-secure-cert'
        : undefined
    if (other !== undefined) throw new GenerationError(`${other} needs --dac-in-secure-cert beside it`)
    return undefined
  }
  if (!hasDacs) throw new GenerationError('--dac-in-secure-cert needs DACs: give --pai or --paa with --cert and --key')
  if (rdIdUidInSecureCert && !options.enableRotatingDeviceId)
    throw new GenerationError('--rd-id-uid-in-secure-cert needs --enable-rotating-device-id beside it')
  return {
    commissionableData: commissionableDataInSecureCert ?? false,
    rotatingId: rdIdUidInSecureCert ?? false,
  }
}
