/** What an order is locked to: everything that ends up in a unit or on its label. A file that has changed since is named. */
import { createHash } from 'node:crypto'
import { faultOf } from '../../fault-error.ts'
import { isMade, OrderPlan, type MadePlan } from '../../line/order-plan.ts'
import { OrderRefusal } from './prepare-order.ts'

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
/** SHA-256 of what a plan keeps as Base64. */
export const digestOfBase64 = (text: string): string => sha256(Buffer.from(text, 'base64'))

const short = (digest: string): string => digest.slice(0, 12)

const KIND = { made: 'its units are made', labelled: 'modules of a manifest are labelled' }
const kindOf = (plan: OrderPlan): string => (isMade(plan) ? KIND.made : KIND.labelled)

const otherImages = (locked: MadePlan['release'], now: MadePlan['release']): string[] => {
  if (locked.digest === now.digest) return []
  const found = new Map(now.images.map((image) => [image.name, image]))
  const changed = locked.images.flatMap(({ name, offset, sha256: digest }) => {
    const image = found.get(name)
    if (!image) return [`${name} is not in the build any more`]
    if (image.offset !== offset) return [`${name} goes to another address`]
    return image.sha256 === digest ? [] : [`${name} has SHA-256 ${short(image.sha256)}…, locked is ${short(digest)}…`]
  })
  const known = new Set(locked.images.map(({ name }) => name))
  const added = locked.images.length === 0 ? [] : now.images.filter(({ name }) => !known.has(name))
  const all = [...changed, ...added.map(({ name }) => `${name} is new in the build`)]
  return all.length > 0
    ? all.map((sentence) => `${now.folder}: ${sentence}`)
    : [`${now.folder}: the firmware has digest ${short(now.digest)}…, locked is ${short(locked.digest)}…`]
}

const text = (value: unknown): string => JSON.stringify(value)

const otherSource = (locked: OrderPlan, now: OrderPlan): string[] => {
  if (!isMade(locked) || !isMade(now)) {
    if (kindOf(locked) !== kindOf(now)) return [`now ${kindOf(now)}, locked is that ${kindOf(locked)}`]
    return locked.manifest?.id === now.manifest?.id ? [] : [`the modules of ${now.manifest?.name ?? ''} are others`]
  }
  const { attestation: kept } = locked
  const { attestation: given } = now
  const digest = (full: string | null): string => (full === null ? 'none' : `${short(full)}…`)
  const declaration = (base64: string | null): string => digest(base64 === null ? null : digestOfBase64(base64))
  return [
    ...otherImages(locked.release, now.release),
    ...(kept.paiCertificate === given.paiCertificate
      ? []
      : [
          `the PAI certificate has SHA-256 ${short(digestOfBase64(given.paiCertificate))}…, locked is ${short(digestOfBase64(kept.paiCertificate))}…`,
        ]),
    ...(kept.certificationDeclaration === given.certificationDeclaration
      ? []
      : [
          `the Certification Declaration has SHA-256 ${declaration(given.certificationDeclaration)}, locked is ${declaration(kept.certificationDeclaration)}`,
        ]),
    ...(locked.nvsKeys === now.nvsKeys
      ? []
      : [`the NVS keys have SHA-256 ${digest(now.nvsKeys)}, locked is ${digest(locked.nvsKeys)}`]),
    ...(locked.flashKey === now.flashKey
      ? []
      : [`the flash encryption key has SHA-256 ${digest(now.flashKey)}, locked is ${digest(locked.flashKey)}`]),
  ]
}

const changesOf = (locked: OrderPlan, now: OrderPlan): string[] => [
  ...otherSource(locked, now),
  ...(text([locked.product, locked.serial]) === text([now.product, now.serial])
    ? []
    : ['the product has other names, IDs or serial numbers']),
  ...(text([locked.chip, locked.release?.factory, locked.boards.encryption, locked.iterations, locked.mark]) ===
  text([now.chip, now.release?.factory, now.boards.encryption, now.iterations, now.mark])
    ? []
    : ['chip, manufacturing partition, encryption or test mark are others']),
]

/** @throws OrderRefusal when anything differs from what the order is locked to */
export const refuseChanges = (number: string, locked: OrderPlan, now: OrderPlan): void => {
  // Parsed as the kept one was, so that both have their fields in one order.
  const changes = changesOf(locked, OrderPlan.parse(now))
  if (changes.length > 0) throw new OrderRefusal('order', faultOf('order-locked', { number }, changes.join('; ')))
}
