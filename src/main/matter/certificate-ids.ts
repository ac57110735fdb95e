/**
 * Vendor and product ID of an attestation certificate (Matter core specification, section 6.2.2.2): as attributes of their own, or,
 * where there are none, within a common name: `ACME Matter PAI Mvid:FFF1 Mpid:8000`.
 */
import { ATTRIBUTE, type NameAttribute } from './certificate-fields.ts'
import { DerError } from './der-read.ts'

export interface AttestationIds {
  readonly vendorId: number | undefined
  readonly productId: number | undefined
}

const KINDS = {
  vendorId: { type: ATTRIBUTE.vendorId, prefix: 'Mvid:', what: 'vendor ID' },
  productId: { type: ATTRIBUTE.productId, prefix: 'Mpid:', what: 'product ID' },
} as const
type Kind = keyof typeof KINDS

const LONGEST_COMMON_NAME = 64

const idOf = (text: string, what: string): number => {
  if (!/^[0-9A-F]{4}$/u.test(text))
    throw new DerError(`'${text}' is no ${what}; four upper-case hexadecimal digits are needed`)
  return Number.parseInt(text, 16)
}

const own = (attributes: readonly NameAttribute[], kind: Kind): number | undefined => {
  const { type, what } = KINDS[kind]
  const found = attributes.filter((attribute) => attribute.type === type)
  if (found.length > 1) throw new DerError(`its subject names a ${what} ${found.length} times; once is allowed`)
  return found[0] && idOf(found[0].text, what)
}

/** A prefix without a complete value makes the certificate invalid, wherever the IDs stand. */
const fallback = (names: readonly string[], kind: Kind): number | undefined => {
  const { prefix, what } = KINDS[kind]
  const found = names.flatMap((name) =>
    name
      .split(prefix)
      .slice(1)
      .map((rest) => rest.slice(0, 4)),
  )
  if (found.length > 1) throw new DerError(`its common name gives ${prefix} ${found.length} times; once is allowed`)
  return found[0] === undefined ? undefined : idOf(found[0], `${what} after '${prefix}'`)
}

/** @throws DerError when an ID is malformed or stands twice */
export const attestationIdsOf = (attributes: readonly NameAttribute[]): AttestationIds => {
  const names = attributes.filter(({ type }) => type === ATTRIBUTE.commonName).map(({ text }) => text)
  for (const name of names)
    if (name === '' || Buffer.byteLength(name) > LONGEST_COMMON_NAME)
      throw new DerError(
        `its common name has ${Buffer.byteLength(name)} bytes; 1 to ${LONGEST_COMMON_NAME} are allowed`,
      )
  const named = { vendorId: fallback(names, 'vendorId'), productId: fallback(names, 'productId') }
  const attributed = { vendorId: own(attributes, 'vendorId'), productId: own(attributes, 'productId') }
  return attributed.vendorId === undefined && attributed.productId === undefined ? named : attributed
}
