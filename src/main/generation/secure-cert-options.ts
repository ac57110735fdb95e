/** What goes into the esp_secure_cert partition in place of the manufacturing partition. */
import { GenerationError } from './generation-error.ts'
import { refuse, wholeNumber } from './option-value.ts'
import type { SecureCertPlan } from './plan.ts'

export interface SecureCertOptions {
  readonly target: string
  readonly secureCertBin: boolean
  readonly privateKeys: boolean
  readonly dacInSecureCert?: true
  readonly commissionableDataInSecureCert?: true
  readonly rdIdUidInSecureCert?: true
  readonly enableRotatingDeviceId?: true
  readonly enableDynamicPasscode?: true
  readonly dsPeripheral?: true
  readonly efuseKeyId: string
}

/** Chips with an ECDSA peripheral that can hold a DAC's key, as the incumbent's --target names them. */
const PERIPHERAL_TARGETS = ['esp32h2', 'esp32p4', 'esp32c5', 'esp32c61', 'esp32s31']
const LARGEST_KEY_ID = 5
/** The incumbent's word for no key. */
const NO_KEY_ID = '-1'

const checkTarget = ({ target, dsPeripheral }: SecureCertOptions): void => {
  if (dsPeripheral && !PERIPHERAL_TARGETS.includes(target))
    refuse('--target', target, `with --ds-peripheral one of ${PERIPHERAL_TARGETS.join(', ')} is`)
  if (!/^esp32[a-z0-9]*$/u.test(target)) refuse('--target', target, 'a chip is, such as esp32c3')
}

const efuseKeyIdOf = (options: SecureCertOptions): number | undefined => {
  const { dsPeripheral, efuseKeyId, privateKeys } = options
  const id = efuseKeyId === NO_KEY_ID ? undefined : wholeNumber('--efuse-key-id', efuseKeyId, 0, LARGEST_KEY_ID)
  if (!dsPeripheral) {
    if (id !== undefined) throw new GenerationError('--efuse-key-id needs --ds-peripheral beside it')
    return undefined
  }
  if (id === undefined)
    throw new GenerationError(`--ds-peripheral needs --efuse-key-id beside it; 0 to ${LARGEST_KEY_ID} are allowed`)
  if (!privateKeys)
    throw new GenerationError(
      '--ds-peripheral and --no-private-keys exclude each other: the image does not hold the key, so its file is needed for the eFuse',
    )
  return id
}

/** The three parts belong together in the firmware: with the commissioning data it looks for the rotating id here, too. */
const commissioningOf = (options: SecureCertOptions): boolean => {
  const { commissionableDataInSecureCert: data, rdIdUidInSecureCert: rotatingId } = options
  if (!data && !rotatingId) return false
  const missing = !data
    ? '--commissionable-data-in-secure-cert'
    : !rotatingId
      ? '--rd-id-uid-in-secure-cert'
      : !options.enableRotatingDeviceId
        ? '--enable-rotating-device-id'
        : undefined
  if (missing !== undefined)
    throw new GenerationError(
      `${data ? '--commissionable-data-in-secure-cert' : '--rd-id-uid-in-secure-cert'} needs ${missing} beside it`,
    )
  if (options.enableDynamicPasscode)
    throw new GenerationError(
      '--commissionable-data-in-secure-cert and --enable-dynamic-passcode exclude each other: there is no verifier to keep',
    )
  return true
}

/**
 * @param hasDacs will the devices have DACs?
 * @throws GenerationError naming the option that lacks another
 */
export const secureCertPlan = (options: SecureCertOptions, hasDacs: boolean): SecureCertPlan | undefined => {
  checkTarget(options)
  const { secureCertBin, dacInSecureCert } = options
  if (!secureCertBin) return undefined
  const other =
    (options.commissionableDataInSecureCert && '--commissionable-data-in-secure-cert') ??
    (options.rdIdUidInSecureCert && '--rd-id-uid-in-secure-cert') ??
    (options.dsPeripheral && '--ds-peripheral')
  if (!dacInSecureCert) {
    if (other !== undefined) throw new GenerationError(`${other} needs --dac-in-secure-cert beside it`)
    return undefined
  }
  if (!hasDacs) throw new GenerationError('--dac-in-secure-cert needs DACs: give --pai or --paa with --cert and --key')
  return { commissioning: commissioningOf(options), efuseKeyId: efuseKeyIdOf(options) }
}
