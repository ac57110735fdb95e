/** Is the board in the socket the one that the order means? Each check throws, with what was found and what was expected. */
import { CHIPS } from '../../espressif/chips.ts'
import { RunFailure } from '../failure.ts'
import type { PreparedRegion } from '../images/prepare.ts'
import type { BoardFacts, SecurityState } from '../loader/identify.ts'
import type { SecurityExpectation, SessionPlan } from './session-plan.ts'

const FEATURES = {
  secureBoot: 'secure boot',
  flashEncryption: 'flash encryption',
  secureDownload: 'Secure Download Mode',
}
type Feature = keyof typeof FEATURES

const named = (state: SecurityExpectation): string =>
  (Object.keys(FEATURES) as Feature[])
    .filter((feature) => state[feature])
    .map((feature) => FEATURES[feature])
    .join(', ') || 'no protection'

/** @throws RunFailure `wrong-chip` with both names */
export const checkChip = (board: BoardFacts, plan: SessionPlan, port: string): void => {
  const allowed = plan.readOnly?.chips ?? (plan.chip === undefined ? undefined : [plan.chip])
  if (!allowed || allowed.includes(board.chip)) return
  const expected = allowed.map((name) => CHIPS[name].label).join(', ')
  const params = { expected, found: CHIPS[board.chip].label }
  const detail = `${port}: the order names ${params.expected}, the board is ${params.found}`
  throw new RunFailure('wrong-chip', 'identify', detail, params)
}

/** @throws RunFailure `wrong-flash-size`, sizes in MB */
export const checkFlash = (size: number | undefined, plan: SessionPlan, port: string): void => {
  if (size === undefined || size >= plan.flashNeeded) return
  const detail = `${port}: the flash has ${size >> 20} MB, the firmware needs ${plan.flashNeeded} bytes`
  throw new RunFailure('wrong-flash-size', 'identify', detail, {
    found: size >> 20,
    expected: Math.ceil(plan.flashNeeded / 2 ** 20),
  })
}

/** @throws RunFailure `security-differs` */
export const checkSecurity = (board: BoardFacts, plan: SessionPlan, port: string): void => {
  const found = board.security
  const expected = plan.security ?? {}
  const differs = (Object.keys(FEATURES) as Feature[]).some(
    (feature) => found[feature] !== (expected[feature] ?? false),
  )
  if (differs) {
    const params = { expected: named(expected), found: named(found) }
    const detail = `${port}: the order expects ${params.expected}, the chip has ${params.found}`
    throw new RunFailure('security-differs', 'identify', detail, params)
  }
  if (plan.encryption === 'by-device' && !found.flashEncryption)
    throw new RunFailure('security-differs', 'identify', `${port}: the chip cannot encrypt what is written to it`, {
      expected: FEATURES.flashEncryption,
      found: named(found),
    })
  if (plan.encryption === 'by-device' && !CHIPS[board.chip].beginHasEncryptedWord)
    throw new RunFailure(
      'security-differs',
      'identify',
      `${port}: the loader of the ${CHIPS[board.chip].label} does not encrypt what it writes; encrypt it beforehand`,
      { expected: 'encryption by the loader', found: CHIPS[board.chip].label },
    )
  if (!isVerifiable(found, plan) && plan.allowUnverified !== true)
    throw new RunFailure(
      'security-differs',
      'identify',
      `${port}: with ${named(found)} nothing can be read back, and the order does not allow that`,
      { expected: 'read-back', found: named(found) },
    )
}

/** Can all that is written be read back by digest? Not in Secure Download Mode, and not what the chip itself encrypts. */
export const isVerifiable = (security: SecurityState, plan: SessionPlan): boolean =>
  !security.secureDownload && plan.encryption !== 'by-device'

/** Can this region? Also where the chip encrypts the others. */
export const isReadBack = (region: PreparedRegion, security: SecurityState, plan: SessionPlan): boolean =>
  isVerifiable(security, plan) || (region.clear && !security.secureDownload)
