/** What every unit of an order gets: fixed in the records when the order is made. */
import { z } from 'zod'
import { BoardChecks, ImageDigest, USUAL_CHECKS, plainScheme, SerialScheme } from '../../contract/index.ts'
import { CHIPS, type ChipName } from '../espressif/chips.ts'
import { LabelTemplate } from '../labels/template.ts'
import { templateByName } from '../labels/templates.ts'
import { factoryImage, type FactoryProduct } from '../identities/factory-image.ts'
import type { IdentitySecrets } from '../identities/identity.ts'
import type { Region } from '../flashing/images/prepare.ts'

const chipNames = Object.keys(CHIPS) as [ChipName, ...ChipName[]]
const id = z.number().int().min(0).max(0xffff)

const Release = z.object({
  folder: z.string(),
  name: z.string(),
  version: z.string(),
  /** SHA-256 of everything that is written but the factory image. */
  digest: z.string(),
  /** Each image by its own digest; none for an order of an earlier program. */
  images: z.array(ImageDigest).default([]),
  flashNeeded: z.number().int(),
  factory: z.object({ label: z.string(), offset: z.number().int(), size: z.number().int() }),
})

const Attestation = z.object({
  /** DER, Base64. */
  paiCertificate: z.string(),
  certificationDeclaration: z.string().nullable(),
})

const Plan = z.object({
  product: z.object({
    name: z.string(),
    vendorName: z.string(),
    vendorId: id,
    productId: id,
    hardwareVersion: z.number().int(),
    hardwareVersionString: z.string(),
    /** Bit mask: 2 BLE, 4 on-network … */
    discovery: z.number().int(),
  }),
  chip: z.enum(chipNames),
  baud: z.number().int(),
  /** Null where nothing is written: the units are the modules of a manifest. */
  release: Release.nullable(),
  /** Modules that came provisioned and are only labelled; null where the line makes the units. */
  manifest: z
    .object({
      /** Of the import. */
      id: z.string(),
      /** Of its file or folder. */
      name: z.string(),
      /** Any of them may come. */
      chips: z.array(z.enum(chipNames)).min(1),
    })
    .nullable()
    .default(null),
  boards: BoardChecks.default(USUAL_CHECKS),
  /** SHA-256 of the flash encryption key under which all is encrypted beforehand; null where it is written as it is. */
  flashKey: z.string().nullable().default(null),
  /** SHA-256 of the keys of encrypted NVS; null where that is not encrypted. */
  nvsKeys: z.string().nullable().default(null),
  iterations: z.number().int(),
  serial: SerialScheme,
  /** Null as the release is. */
  attestation: Attestation.nullable(),
  /** Printed on every label of what is not for sale. */
  mark: z.enum(['DEMO', 'TEST']).nullable(),
  testBuild: z.boolean(),
  /** The very version that the order began with; orders of earlier programs kept the name of a template that comes with Imprint. */
  labelTemplate: z.union([LabelTemplate, z.string().transform(templateByName)]),
  /** Values of the templates' free fields. */
  labelFields: z.record(z.string(), z.string()).default({}),
  /** Units of a carton and the template of its label; null where units are not collected. */
  carton: z.object({ size: z.number().int().positive(), template: LabelTemplate }).nullable().default(null),
  /** Resolution of the label printer: previews are what it prints, dot by dot. */
  labelDpi: z.literal([203, 300, 600]),
})

/** Orders of stations that knew a prefix only. */
const withScheme = (kept: unknown): unknown =>
  typeof kept === 'object' && kept !== null && 'serialPrefix' in kept && typeof kept.serialPrefix === 'string'
    ? { serial: plainScheme(kept.serialPrefix), ...kept }
    : kept

export const OrderPlan = z.preprocess(withScheme, Plan)
export type OrderPlan = z.output<typeof OrderPlan>

/** Of an order whose units the line makes. */
export type MadePlan = OrderPlan & {
  readonly release: NonNullable<OrderPlan['release']>
  readonly attestation: NonNullable<OrderPlan['attestation']>
}

export const isMade = (plan: OrderPlan): plan is MadePlan => plan.release !== null && plan.attestation !== null

/** The chips that its boards may have, as printed on modules. */
export const chipLabels = ({ chip, manifest }: Pick<OrderPlan, 'chip' | 'manifest'>): string =>
  (manifest?.chips ?? [chip]).map((name) => CHIPS[name].label).join(', ')

/** What the manufacturing partitions of the order's units have in common. */
export const factoryProduct = ({ product, attestation }: MadePlan): FactoryProduct => ({
  vendorId: product.vendorId,
  vendorName: product.vendorName,
  productId: product.productId,
  productName: product.name,
  hardwareVersion: product.hardwareVersion,
  hardwareVersionString: product.hardwareVersionString,
  paiCertificate: Buffer.from(attestation.paiCertificate, 'base64'),
  certificationDeclaration:
    attestation.certificationDeclaration === null ? null : Buffer.from(attestation.certificationDeclaration, 'base64'),
})

/** The manufacturing partition of a unit. */
export const factoryRegion = (plan: MadePlan, secrets: IdentitySecrets): Region => {
  const { label, offset, size } = plan.release.factory
  return { name: label, offset, bytes: factoryImage(secrets, factoryProduct(plan), size) }
}
