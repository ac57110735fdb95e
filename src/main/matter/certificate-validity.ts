/** How long a certificate may be valid: never beyond its issuer (Matter core specification, section 6.2.2). */
import { NO_EXPIRY, type Validity } from './certificate-issue.ts'
import { CertificateError } from './certificate-read.ts'

export interface ValidityWish {
  readonly from: Date
  /** From `from` on; undefined for no expiry, which is written as 9999-12-31. */
  readonly days: number | undefined
}

export interface PlannedValidity {
  readonly validity: Validity
  /** What was changed because of the issuer, as a sentence each. */
  readonly notes: readonly string[]
}

const MILLISECONDS_A_DAY = 86_400_000

const second = (time: number): Date => new Date(Math.floor(time / 1000) * 1000)
const text = (date: Date): string => date.toISOString().replace('.000Z', 'Z')

/**
 * The validity that is wished for, within that of the issuer.
 *
 * @throws CertificateError when both have no moment in common, or the days are no positive number
 */
export const validityWithin = (
  issuer: { readonly notBefore: Date; readonly notAfter: Date },
  { from, days }: ValidityWish,
): PlannedValidity => {
  if (days !== undefined && !(days > 0))
    throw new CertificateError(`a lifetime of ${days} days is not allowed; 1 or more are`)
  const start = second(from.getTime())
  const wished = days === undefined ? Infinity : start.getTime() + days * MILLISECONDS_A_DAY
  const end = wished >= NO_EXPIRY.getTime() ? NO_EXPIRY : second(wished)
  if (start > issuer.notAfter || end < issuer.notBefore)
    throw new CertificateError(
      `a validity from ${text(start)} to ${text(end)} lies outside that of the issuer, ${text(issuer.notBefore)} to ${text(issuer.notAfter)}`,
    )
  const notes: string[] = []
  if (start < issuer.notBefore)
    notes.push(
      `the validity begins on ${text(issuer.notBefore)}, as that of the issuer does, and not on ${text(start)}`,
    )
  if (end > issuer.notAfter)
    notes.push(
      `the validity ends on ${text(issuer.notAfter)}, as that of the issuer does, and not ` +
        (end === NO_EXPIRY ? 'without expiry' : `on ${text(end)}`),
    )
  return {
    validity: {
      from: start < issuer.notBefore ? issuer.notBefore : start,
      to: end > issuer.notAfter ? issuer.notAfter : end,
    },
    notes,
  }
}
